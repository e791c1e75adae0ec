"""The fictitious city: deterministic, harmless to other files, realistic, and known to the last digit."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest

from pipeline import demo, survey
from pipeline.demo import city, dirt, folder, layouts, model
from tests.support import once


def digests(root: Path) -> dict[str, str]:
    return {
        p.relative_to(root).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(root.rglob("*"))
        if p.is_file()
    }


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def write(root: Path) -> None:
        assert demo.write(root) == ["2023", "2024", "2025"]

    return once.copy_of("demo.write", tmp_path_factory.mktemp("city"), write)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("small")
    assert demo.write_small(root) == ["2025"]
    return root


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, small: Path):
    demo.write_small(tmp_path)
    assert digests(tmp_path) == digests(small)
    one, two = tmp_path / "one", tmp_path / "two"
    for root in (one, two):
        demo.write(root, years=(2024, 2025), units=12, respondents=30)
    assert digests(one) == digests(two)


def test_another_seed_gives_other_answers(tmp_path: Path, small: Path):
    demo.write_small(tmp_path, seed=1)
    name = "data/raw/2025/formulir-daring.csv"
    assert digests(tmp_path)[name] != digests(small)[name]


def test_writing_twice_changes_nothing_not_even_the_times_of_files(tmp_path: Path):
    demo.write_small(tmp_path)
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file()}
    demo.write_small(tmp_path)
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file()} == before


def test_a_folder_of_somebody_else_is_never_written_to(tmp_path: Path):
    theirs = tmp_path / "data/raw/2025"
    theirs.mkdir(parents=True)
    (theirs / "survey.yml").write_text("title: ours\n")
    before = digests(tmp_path)
    with pytest.raises(demo.DemoError, match="did not write"):
        demo.write_small(tmp_path)
    assert digests(tmp_path) == before


def test_a_refusal_for_one_year_leaves_every_year_as_it_was(tmp_path: Path):
    theirs = tmp_path / "data/raw/2025"
    theirs.mkdir(parents=True)
    (theirs / "notes.txt").write_text("ours")
    with pytest.raises(demo.DemoError):
        demo.write(tmp_path, units=2, respondents=10)
    assert not (tmp_path / "data/raw/2023").exists()


def test_a_demo_file_that_was_edited_is_not_overwritten(tmp_path: Path):
    demo.write_small(tmp_path)
    edited = tmp_path / "data/raw/2025/units.csv"
    edited.write_text(edited.read_text(encoding="utf-8") + "x,Y\n", encoding="utf-8")
    with pytest.raises(demo.DemoError, match=r"units\.csv was changed"):
        demo.write_small(tmp_path, seed=3)


def test_files_added_to_a_demo_folder_stay(tmp_path: Path):
    demo.write_small(tmp_path)
    mine = tmp_path / "data/raw/2025/catatan.txt"
    mine.write_text("milik saya")
    demo.write_small(tmp_path, seed=3)
    assert mine.read_text() == "milik saya"


def test_a_file_of_somebody_else_with_a_name_the_demo_needs_is_kept(tmp_path: Path):
    folder.place(tmp_path / "here", {"a.csv": b"1"})
    (tmp_path / "here" / "b.csv").write_text("theirs")
    with pytest.raises(demo.DemoError, match="not a file of the demo"):
        folder.place(tmp_path / "here", {"a.csv": b"2", "b.csv": b"2"})
    assert (tmp_path / "here" / "a.csv").read_bytes() == b"1"


def test_files_that_are_no_longer_part_of_the_demo_are_taken_away(tmp_path: Path):
    folder.place(tmp_path / "here", {"a.csv": b"1", "b.csv": b"1"})
    folder.place(tmp_path / "here", {"a.csv": b"2"})
    assert sorted(p.name for p in (tmp_path / "here").iterdir()) == [folder.MARKER, "a.csv"]


def test_the_survey_definitions_are_accepted(big: Path, small: Path):
    assert survey.surveys(big) == ["2023", "2024", "2025"]
    for name in survey.surveys(big):
        read = survey.load(big, name)
        assert read.definition.synthetic
        assert read.definition.city == city.CITY
        assert len(read.units) == (48 if name == "2025" else 47)
    assert 3 <= len(survey.load(big, "2025").select("@uji-2025")) <= 5
    assert len(survey.load(small, "2025").units) == 6


def test_the_office_that_compiles_has_one_name_wherever_it_is_named(big: Path):
    for year in ("2023", "2024", "2025"):
        folder = big / "data/raw" / year
        said = " ".join(
            " ".join(path.read_text("utf-8").split())
            for path in sorted(folder.iterdir())
            if path.suffix in (".yml", ".csv") and path.read_bytes().count(b"Bagian Organisasi")
        )
        assert said.count("Bagian Organisasi") == said.count(city.OFFICE) > 1, year


def test_of_the_year_before_the_first_only_the_printed_indices_are_left(big: Path):
    assert survey.published_surveys(big) == ["2022"]
    made = survey.read_published(survey.load(big, "2025"), "2022")
    assert len(made.ikm) == 48
    assert made.unknown == ()
    units = [float(value) for unit, value in made.ikm.items() if unit]
    assert abs(sum(units) / len(units) - float(made.ikm[""])) < 0.2
    assert made.conditions["rule"] == "14/2017"
    assert city.NEW_UNIT not in made.ikm


def test_the_years_have_a_gap_and_a_break_of_wording(big: Path):
    assert survey.load(big, "2023").definition.wording.keys() == {"U6"}
    assert not survey.load(big, "2024").definition.wording
    sizes = {
        r["survey"]: r["sample"]
        for r in rows(big / demo.TRUTH / "truth.csv")
        if r["unit"] == city.SILENT_BEFORE
    }
    assert sizes["2024"] == "0"
    assert int(sizes["2023"]) > 30
    assert int(sizes["2025"]) > 30


def test_every_year_states_what_a_bare_eight_means(big: Path):
    assert " ".join(str(survey.load(big, y).definition.order) for y in ("2023", "2024", "2025")) == (
        "form questionnaire form"
    )


def test_the_truth_is_not_inside_any_survey_folder(big: Path):
    assert (big / demo.TRUTH / "truth.csv").is_file()
    assert not list((big / "data/raw").rglob("*truth*"))


def test_units_have_parents_services_aliases_and_types(big: Path):
    units = survey.load(big, "2025").units
    assert {u.type for u in units} >= {
        "dinas",
        "badan",
        "kantor",
        "puskesmas",
        "kecamatan",
        "kelurahan",
        "RSUD",
    }
    # A type is printed as the list of units writes it: an abbreviation of a name keeps its letters there.
    short = {word for u in units for word in u.name.split() if word.isupper() and len(word) > 1}
    assert short
    assert all(u.type.upper() not in short or u.type in short for u in units)
    by_id = {u.id: u for u in units}
    assert all(by_id[u.id].parent == "dinas-kesehatan" for u in units if u.type == "puskesmas")
    assert all(by_id[u.parent].type == "kecamatan" for u in units if u.type == "kelurahan")
    assert all(len(u.services) > 1 for u in units if u.id != city.CENSUS)
    assert all(sum(u.services.values()) == u.population for u in units if u.population)
    assert by_id[city.NO_POPULATION].population is None
    assert all(u.aliases for u in units if u.type != "dinas")


@pytest.mark.parametrize("count", [1, 2, 6, 20, 48, 49, 200])
def test_a_city_of_any_size_has_no_dangling_parents_and_no_two_names_alike(count: int):
    units = city.units(count)
    assert len(units) == count
    assert len({u.id for u in units}) == len({u.name for u in units}) == count
    assert {u.parent for u in units if u.parent} <= {u.id for u in units}


def test_sizes_run_from_nothing_over_too_few_to_the_largest(big: Path):
    truth = [r for r in rows(big / demo.TRUTH / "truth.csv") if r["survey"] == "2025"]
    sizes = {r["unit"]: int(r["sample"]) for r in truth}
    assert sizes[city.SILENT] == 0
    assert 0 < sizes[city.TOO_FEW] < 5
    assert sum(5 <= n < 30 for n in sizes.values()) >= 4
    assert max(sizes.values()) == 420
    assert 240 <= np.mean(list(sizes.values())) <= 260
    before = {
        r["unit"]: int(r["sample"]) for r in rows(big / demo.TRUTH / "truth.csv") if r["survey"] == "2024"
    }
    assert before[city.SILENT_BEFORE] == 0
    assert city.NEW_UNIT not in before


def test_the_index_of_the_city_lies_where_indonesian_cities_lie(big: Path):
    for year in ("2023", "2024", "2025"):
        ikm = np.array([float(r["ikm"]) for r in rows(big / demo.TRUTH / "truth.csv") if r["survey"] == year])
        assert 83 <= ikm.mean() <= 86.5
        assert 2.3 <= ikm.std(ddof=1) <= 4.2
        assert ((ikm - ikm.mean()) ** 3).mean() < 0, "the poor units are the exception"


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_other_seeds_stay_realistic(seed: int):
    units = city.units()
    levels = model.levels(units, seed)
    ikm = [
        model.true_index(model.sample(u, 2025, levels[u.id], 5, seed).population_counts)["ikm"] for u in units
    ]
    assert 83 <= np.mean(ikm) <= 86.5


def test_most_units_do_not_change_and_some_go_up_and_some_down(big: Path):
    change = [
        float(r["change"])
        for r in rows(big / demo.TRUTH / "truth.csv")
        if r["survey"] == "2025" and r["change"]
    ]
    assert sum(c > 0 for c in change) >= 5
    assert sum(c < 0 for c in change) >= 3
    assert sum(c == 0 for c in change) > len(change) / 2


def test_a_free_service_has_a_nearly_constant_fee_and_a_lawful_one_no_variation_at_all():
    by_id = {u.id: u for u in city.CATALOGUE}
    fixed = model.sample(by_id[city.CONSTANT_FEE[0]], 2025, 0.0, 100, 1)
    assert set(fixed.scores[:, 3]) == {4}
    free = model.sample(by_id["kelurahan-pena"], 2025, 0.0, 300, 1)
    assert (free.scores[:, 3] == 4).mean() > 0.9


def test_items_correlate_through_one_factor_and_the_facts_hardly_at_all():
    scores = model.sample(city.CATALOGUE[0], 2025, -0.2, 4000, 1).scores.astype(float)
    r = np.corrcoef(scores.T)
    opinions = [0, 1, 2, 4, 5, 6, 8]
    pairs = [r[i, j] for i in opinions for j in opinions if i < j]
    assert 0.25 < min(pairs) < max(pairs) < 0.7
    assert max(abs(r[3, j]) for j in opinions) < 0.2


def test_the_true_index_of_a_census_is_the_index_of_its_answers():
    unit = next(u for u in city.CATALOGUE if u.id == city.CENSUS)
    census = model.sample(unit, 2025, 0.0, unit.population, 1)
    assert model.true_index(census.population_counts)["ikm"] == pytest.approx(25 * census.scores.mean())


def test_nobody_in_the_demo_could_be_real(big: Path):
    text = (big / "data/raw/2025/formulir-daring.csv").read_text(encoding="utf-8")
    names = set(re.findall(r"Responden \d{4}", text))
    assert len(names) > 1000
    # 0810 is no prefix of any operator, .invalid no domain, and 99 no province.
    assert set(re.findall(r"\b(08\d{2})\d{6,}", text)) == {"0810"}
    kiosk = rows(big / "data/raw/2025/puskesmas/responden.csv")
    assert all(r["nik"].startswith("99") and r["email"].endswith(".invalid") for r in kiosk if r["nik"])


def test_every_kind_of_dirt_is_in_the_big_and_in_the_tiny_demo(big: Path, small: Path):
    for root in (big, small):
        found = {r["kind"] for r in rows(root / demo.TRUTH / "dirt.csv") if r["file"]}
        assert set(dirt.KINDS) - found == set()


def test_special_units_are_named_in_the_truth(big: Path):
    special = json.loads((big / demo.TRUTH / "truth.json").read_text(encoding="utf-8"))["special"]
    assert special["too_few"] == city.TOO_FEW
    assert special["bulk_entry"] == city.BULK_ENTRY


def test_suggestions_hold_scripts_that_fonts_and_markup_that_renderers_find_difficult(big: Path):
    text = (big / "data/raw/2025/formulir-daring.csv").read_text(encoding="utf-8")
    for sign in ("<script>", "=HYPERLINK", "\U0001f44d", "ꦩ", "شكرا", "#import", "lama.\nTolong"):
        assert sign in text


def test_workbooks_never_contain_a_formula(big: Path):
    import zipfile

    for path in (big / "data/raw").rglob("*.xlsx"):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.startswith("xl/worksheets/"):
                    assert b"<f>" not in archive.read(name)


def test_a_year_of_any_number_has_a_shape():
    for year in (2021, 2022, 2026, 2027):
        assert layouts.order_of(year) in ("form", "questionnaire")
        assert layouts.build(year, (), {}).sheets == []
