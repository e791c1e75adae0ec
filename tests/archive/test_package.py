"""What is in a replication package, what never is, and that it is the same bytes every time."""

from __future__ import annotations

import hashlib
import io
import json
import re
import tomllib
import zipfile
from dataclasses import replace
from types import SimpleNamespace

import nbformat
import pandas as pd
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from pipeline import survey as surveys
from pipeline.archive import (
    build,
    citation,
    contents,
    crate,
    executed,
    exhibits,
    microdata,
    readme,
    reproduce,
    standard,
    wheel,
    zipped,
)  # fmt: skip
from pipeline.archive.readme import plain
from pipeline.cli.archive import _told
from pipeline.office.city import open_results
from pipeline.run import arithmetic, fingerprints
from pipeline.run.plan import TEMPLATES, notebook_folder
from tests.archive.conftest import FILE, SUGGESTION, WRITTEN, make, manifest
from tests.test_architecture import ROOT


def test_the_same_files_give_the_same_zip_whatever_their_order_and_the_day(tmp_path):
    one = zipped.write(tmp_path / "a.zip", {"b": b"2", "a/c": b"1"}, "top").read_bytes()
    two = zipped.write(tmp_path / "b.zip", {"a/c": b"1", "b": b"2"}, "top").read_bytes()
    assert one == two
    with zipfile.ZipFile(io.BytesIO(one)) as packed:
        assert packed.namelist() == ["top/a/c", "top/b"]
        assert {info.date_time for info in packed.infolist()} == {zipped.DAY}
    assert zipped.read(tmp_path / "a.zip") == {"b": b"2", "a/c": b"1"}


def test_no_word_row_or_file_of_a_respondent_is_in_the_package(package):
    for name, content in package.files.items():
        assert SUGGESTION.encode() not in content, name
        assert WRITTEN.encode() not in content, name
    assert not [
        name for name in package.files if "responses" in name or "ledger" in name or "microdata" in name
    ]


def test_a_raw_file_is_named_only_where_the_readme_and_the_manifest_say_that_it_is_left_out(package):
    holding = {name for name, content in package.files.items() if FILE.encode() in content}
    assert holding == {"README.md", "README.id.md", "survey/reports/2024/run.json"}


def test_every_file_but_the_list_itself_is_in_the_list_of_hashes(package):
    listed = dict(line.split("  ")[::-1] for line in package.files["SHA256SUMS"].decode().splitlines())
    assert set(listed) == set(package.files) - {"SHA256SUMS"}
    assert all(hashlib.sha256(package.files[name]).hexdigest() == sha for name, sha in listed.items())


def test_a_table_whose_every_row_may_be_told_is_the_stored_file_and_its_hash_that_of_the_run(survey, package):
    name = "survey/data/processed/2024/reliability.parquet"
    assert package.files[name] == (survey.processed / "reliability.parquet").read_bytes()


def test_of_a_unit_of_fewer_than_five_a_table_keeps_no_number_that_rests_on_its_answers(survey):

    from pipeline.archive.contents import may_be_told

    table = pd.DataFrame({
        "unit": ["x", "x", "x", "y"], "other": "", "statistic": ["ikm", "nrr", "required", "nrr"],
        "estimate": [None, 3.2, 300, 3.2], "lower": None, "upper": None, "numerator": None, "p": None,
    })  # fmt: skip
    assert list(may_be_told(table, ["x"])) == [True, False, True, True]


def test_how_the_options_were_asked_is_in_the_package_for_its_overview_says_what_states_a_fact(tmp_path):
    survey = make(tmp_path)
    told = b'{"states_fact": [], "printed": {"U8": {"options": ["Buruk", "Kurang", "Cukup", "Baik"]}}}'
    (survey.processed / "questionnaire.json").write_bytes(told)
    found = open_results(survey)
    assert dict(contents.tables(found))["questionnaire.json"] == told
    made = yaml.safe_load(microdata.definition(survey, ["U1", "U8"]))
    assert made["options"] == {"U8": ["Buruk", "Kurang", "Cukup", "Baik"]}
    assert "options" not in yaml.safe_load(microdata.definition(survey, ["U1"]))


def test_the_list_of_units_holds_no_name_as_it_was_written_in_a_raw_file(package):
    units = json.loads(package.files["survey/data/processed/2024/units.json"])
    assert units
    assert not any("near" in unit for unit in units)


def test_the_readme_has_every_section_of_the_template_and_marks_what_an_author_must_say(package):
    text = package.files["README.md"].decode()
    assert [name for name in standard.SECTIONS if not standard.section(text, name).strip()] == []
    assert f"{text.count('TO DECIDE') - 1} places" in text
    assert "Bagian Organisasi" in text
    assert "CC BY 4.0" in text
    assert "None" not in text
    assert "{{" not in text


@pytest.mark.parametrize(("lang", "listed", "nowhere"), [
    ("en", "1,403 valid questionnaires of 11 units (12 listed)", ", and 5 that name no listed unit"),
    ("id", "1.403 kuesioner sah dari 11 unit (12 unit terdaftar)", ", dan 5 yang menyebut unit yang tidak terdaftar"),
])  # fmt: skip
def test_answers_that_name_no_listed_unit_are_not_counted_as_those_of_the_units(
    survey, package, lang, listed, nowhere
):
    given = readme.Given(manifest(survey), package.files, [], [], [], [], None)
    found = open_results(survey)
    assert f"{listed}\n" in readme.write(found, given, lang).decode()
    index = found.table("index")
    mine = index[(index["scope"] == "unit") & (index["statistic"] == "n_valid")]
    everyone = mine.tail(1).assign(scope="city", unit="", n=1408, estimate=1408.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(found), "table", lambda self, name: pd.concat([index, everyone]))
        assert f"{listed}{nowhere}\n" in readme.write(found, given, lang).decode()


def test_the_command_counts_the_places_that_the_readme_counts(package, tmp_path):
    (tmp_path / "a.zip").touch()
    (counted,) = re.findall(r"DECIDE\*\*: (\d+) places", package.files["README.md"].decode())
    assert f"leaves {counted} places" in list(_told(tmp_path / "a.zip", package))[-1]


def test_the_indonesian_readme_has_the_same_parts_lists_and_open_places_as_the_english(package):
    english, own = (package.files[readme.FILES[lang]].decode() for lang in ("en", "id"))

    def shape(text):
        lines = text.splitlines()
        return [line.split()[0] for line in lines if line.startswith("#")], [
            line.count("|") for line in lines if line.startswith("|")
        ]

    assert shape(own) == shape(english)
    assert own.count("BELUM DIPUTUSKAN") == english.count("TO DECIDE") > 3
    assert f"{own.count('BELUM DIPUTUSKAN') - 1} tempat" in own
    assert "TO DECIDE" not in own
    assert own.startswith("# Paket replikasi: ")
    for left in ("result table", "answers of respondents", "Yes", "None", "{{", "minutes"):
        assert left not in own, left
    code = re.compile(r"`([^`]+)`")
    assert set(code.findall(own)) - {"/tempat/data/raw"} >= {
        name for name in code.findall(english) if name.startswith(("survey/", "results/", "code/"))
    }


def test_every_text_of_a_readmes_lists_has_its_indonesian_and_none_is_left_over():
    whys = {
        why for _, _, why in contents.absent({"raw": {"a": "", "follow-up.csv": "", "content/x.jpg": ""}}, ())
    }
    kinds = {text for _, source, notes in readme._KINDS for text in (source, notes)}
    needs = {"answers", "result tables", "not in this package", "Yes", "more than a day"}
    times = {text for _, text in readme.TIMES}
    assert len(whys) == 3
    assert set(readme.indonesian()) == whys | kinds | needs | times | set(exhibits.DOES.values())


@pytest.mark.parametrize("lang", ["en", "id"])
def test_a_package_says_that_answers_of_earlier_surveys_are_not_in_it(survey, package, lang):
    about = {
        "rows": 9,
        "units": 1,
        "agreement": dict.fromkeys(("published", "equal", "different", "absent"), 1),
    }
    made = {**manifest(survey), "earlier": {"2023": {}}}
    given = readme.Given(made, package.files, [], [], [], [], None)
    plain_text = readme.write(open_results(survey), given, lang).decode()
    told = {
        "en": "Their answers are not in this package",
        "id": "Jawaban survei itu tidak ada dalam paket ini",
    }[lang]
    more = {"en": "nor anonymised", "id": "juga tidak tanpa"}[lang]
    assert told in plain_text
    assert more not in plain_text
    assert more in readme.write(open_results(survey), replace(given, microdata=about), lang).decode()
    assert told not in package.files[readme.FILES[lang]].decode()  # this one has no earlier survey


def test_a_title_cannot_break_a_table_or_become_markup_in_the_readme(tmp_path, package):
    assert plain("a | b <script>\nc `d`") == "a \\| b &lt;script&gt; c \\`d\\`"


def test_the_wheel_holds_the_source_that_made_the_results_and_every_entry_point():
    with zipfile.ZipFile(io.BytesIO(wheel.build())) as packed:
        names = packed.namelist()
        total = hashlib.sha256()
        inside = [
            n for n in names if n.startswith("pipeline/") and not n.startswith(("pipeline/_n", "pipeline/_l"))
        ]
        kept = [n for n in inside if not n.endswith((".md", ".pyc", ".ipynb", ".lock"))]
        for name in sorted(kept, key=lambda n: tuple(n.split("/"))):
            total.update(name.removeprefix("pipeline/").encode() + b"\0" + packed.read(name) + b"\0")
        points = packed.read(next(n for n in names if n.endswith("entry_points.txt"))).decode()
        about = packed.read(next(n for n in names if n.endswith("METADATA"))).decode()
    assert total.hexdigest() == fingerprints.package_hash()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for group in project["entry-points"].values():
        assert all(f"{name} = {value}" in points for name, value in group.items())
    assert all(f"Requires-Dist: {one}" in about for one in project["dependencies"])


def test_a_notebook_is_archived_without_sections_that_print_answers_or_words_of_respondents():
    for template, name in TEMPLATES.items():
        source = json.loads((notebook_folder() / f"{name}.ipynb").read_text(encoding="utf-8"))
        cut = executed.without(source, executed.PERSONAL)
        code = ["".join(cell["source"]) for cell in cut["cells"] if cell["cell_type"] == "code"]
        assert not [line for line in code if any(call in line for call in executed.PERSONAL)]
        assert len(source["cells"]) > len(cut["cells"]) or not executed.left_out(template)
        opened = next(line for line in code if "open_unit(" in line)
        assert opened.endswith(executed.WORDLESS), "page one may quote a respondent"
    # Whatever reads a respondent's rows is named, so that a new section cannot slip through.
    readers = [
        path.stem
        for path in (ROOT / "pipeline" / "report").rglob("*.py")
        if "printable(" in path.read_text(encoding="utf-8")
        or "answers_annex import answers" in path.read_text(encoding="utf-8")
    ]
    assert sorted(readers) == ["annex", "answers_annex"]


def test_an_executed_notebook_says_nothing_of_folder_hour_or_machine():
    cell = new_code_cell("x", metadata={"papermill": {"start_time": "2026"}, "skm": {"en": "x"}})
    cell["outputs"] = [
        new_output("stream", name="stderr", text="/tmp/x warned"),
        new_output("execute_result", {}, execution_count=9),
    ]
    given = new_code_cell('survey = ""  # which\nroot = ""', metadata={"tags": ["parameters"]})
    put = new_code_cell('root = "/home/somebody"', metadata={"tags": ["injected-parameters"]})
    node = new_notebook(cells=[new_markdown_cell("# A"), given, put, cell], metadata={"papermill": {"x": 1}})
    made = executed.tidied(node, {"survey": "2024"})
    assert b"somebody" not in made
    assert b"papermill" not in made
    assert b"/tmp" not in made
    again = nbformat.reads(made.decode(), as_version=4)
    nbformat.validate(again)
    assert again.cells[1].source == 'survey = "2024"  # which\nroot = ""'
    assert [c.execution_count for c in again.cells if c.cell_type == "code"] == [1, 2]


#: Terms of the context of RO-Crate 1.1 that a package uses; the whole list is at its address.
TERMS = {
    "about", "author", "conformsTo", "contentSize", "datePublished", "description", "encodingFormat", "hasPart",
    "instrument", "license", "mentions", "name", "object", "publisher", "result", "softwareRequirements",
    "softwareVersion", "spatialCoverage", "temporalCoverage", "version",
}  # fmt: skip


def test_the_crate_meets_what_the_specification_says_must_be(package):
    graph = json.loads(package.files[crate.FILE])
    address, own = graph["@context"]
    assert address == "https://w3id.org/ro/crate/1.1/context"
    used = {key for entity in graph["@graph"] for key in entity if not key.startswith("@")}
    assert used - set(own) <= TERMS, "a key that the context does not define is no linked data"
    entities = {entity["@id"]: entity for entity in graph["@graph"]}
    assert len(entities) == len(graph["@graph"]), "two entities have one @id"
    assert all(isinstance(e["@id"], str) and e["@type"] for e in graph["@graph"])
    descriptor, root = entities[crate.FILE], entities["./"]
    assert descriptor["@type"] == "CreativeWork"
    assert descriptor["about"] == {"@id": "./"}
    assert descriptor["conformsTo"]["@id"].startswith("https://w3id.org/ro/crate/")
    assert root["@type"] == "Dataset"
    assert root["name"]
    assert root["description"]
    assert root["datePublished"] == "2024-12-16"
    assert entities[root["license"]["@id"]]["name"] == "CC BY 4.0"
    reached, waiting = set(), ["./"]
    while waiting:
        found = entities[waiting.pop()].get("hasPart", [])
        parts = found if isinstance(found, list) else [found]
        waiting += [part["@id"] for part in parts if part["@id"] not in reached]
        reached |= {part["@id"] for part in parts}
    files = {e["@id"] for e in graph["@graph"] if e["@type"] == "File"}
    assert files == set(package.files) - {crate.FILE, "SHA256SUMS"}
    assert files <= reached
    for entity in graph["@graph"]:
        for value in entity.values():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict) and not one["@id"].startswith("https://w3id.org"):
                    assert one["@id"] in entities, (
                        f"{entity['@id']} points to {one['@id']}, which is not there"
                    )


def test_a_citation_and_a_licence_are_those_of_the_definition_and_an_unknown_one_is_undecided(
    tmp_path, package
):
    import yaml

    made = yaml.safe_load(package.files["CITATION.cff"])
    assert made["cff-version"] == "1.2.0"
    assert made["license"] == "CC-BY-4.0"
    assert made["authors"] == [{"name": "Bagian Organisasi"}]
    bare = make(tmp_path)
    assert citation.UNDECIDED in citation.licence_text(bare, "BSD").decode()
    assert "license" not in yaml.safe_load(citation.cff(bare))
    assert citation.published_on(bare) == "2024-08-03", "the last day that is known, never today"


def test_results_of_other_code_or_of_no_run_are_not_archived(tmp_path):
    survey = make(tmp_path)
    path = survey.reports / "run.json"
    made = json.loads(path.read_text())
    path.write_text(json.dumps({**made, "package": "0" * 64}))
    with pytest.raises(build.NotReady, match="made by other code"):
        build.ready(survey)
    path.write_text(json.dumps({**made, "failed_stage": "2-index"}))
    with pytest.raises(build.NotReady, match="not whole"):
        build.ready(survey)
    path.unlink()
    with pytest.raises(build.NotReady, match="no finished run"):
        build.ready(survey)


def test_the_script_of_a_package_finds_a_changed_and_a_missing_file(tmp_path, package, monkeypatch, capsys):
    for name, content in package.files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    monkeypatch.setattr(reproduce, "HERE", tmp_path)
    monkeypatch.setattr("sys.argv", ["reproduce.py", "--check"])
    assert reproduce.main() == 0
    (tmp_path / "CITATION.cff").write_text("other")
    (tmp_path / "LICENSE.txt").unlink()
    assert reproduce.main() == 1
    said = capsys.readouterr().out
    assert "differs: CITATION.cff" in said
    assert "is missing: LICENSE.txt" in said


def test_a_run_with_something_to_look_at_is_compared_and_one_that_could_not_run_ends_the_check(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(reproduce, "HERE", tmp_path)
    codes = iter([0, 1, 3])
    monkeypatch.setattr(reproduce.subprocess, "run", lambda *a, **k: SimpleNamespace(returncode=next(codes)))
    reproduce.pipeline("pipeline", "run")
    assert capsys.readouterr().out == ""
    reproduce.pipeline("pipeline", "run")
    assert "something to look at" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="ended with 3"):
        reproduce.pipeline("pipeline", "run")


def test_a_package_asks_for_the_kernels_that_made_it_only_of_a_processor_that_has_them(monkeypatch, capsys):
    plan = {
        "python": "0.0",
        "arithmetic": {"OPENBLAS_CORETYPE": "SkylakeX", "NPY_DISABLE_CPU_FEATURES": "X86_V4"},
    }
    monkeypatch.setenv("OPENBLAS_CORETYPE", "untouched")
    monkeypatch.setenv("NPY_DISABLE_CPU_FEATURES", "untouched")
    monkeypatch.setattr(reproduce, "processor", lambda: {"avx2"})
    reproduce.same_arithmetic(plan)
    assert reproduce.os.environ["OPENBLAS_CORETYPE"] == "untouched"
    monkeypatch.setattr(reproduce, "processor", lambda: {"avx2", "avx512f"})
    reproduce.same_arithmetic(plan)
    assert reproduce.os.environ["OPENBLAS_CORETYPE"] == "SkylakeX"
    assert reproduce.os.environ["NPY_DISABLE_CPU_FEATURES"] == "X86_V4"
    assert "no avx512f" in capsys.readouterr().out


def test_a_package_of_a_processor_that_was_asked_for_nothing_says_so_and_names_it(monkeypatch, capsys):
    monkeypatch.setattr(reproduce, "processor", lambda: {"avx2"})
    reproduce.same_arithmetic({"python": "0.0", "arithmetic": {"processor": "aarch64"}})
    assert "what its processor chose (aarch64)" in capsys.readouterr().out
    assert "processor" not in reproduce.os.environ


def test_the_package_and_the_run_know_the_same_processors():
    assert reproduce.NEEDS == arithmetic.NEEDS


def test_a_set_that_is_called_like_a_path_becomes_none_in_the_package(tmp_path, monkeypatch):
    survey = make(tmp_path)
    path = survey.raw / "units.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(
        "\n".join([f"{lines[0]},sets", f"{lines[1]},../../x", *(f"{line}," for line in lines[2:])])
    )
    survey = surveys.load(tmp_path, survey.name)
    asked: list[dict] = []
    monkeypatch.setattr(
        executed.Executor,
        "run",
        lambda self, name, stem, **given: asked.append({"stem": stem, **given}) or iter(()),
    )
    (tmp_path / "notebooks").mkdir()
    assert list(executed.Executor(survey, ["id"], tmp_path / "notebooks").city(["../../x"])) == []
    assert [one.get("named_set") for one in asked] == [None, "../../x", "../../x"]
    assert not [one["stem"] for one in asked if ".." in one["stem"]]
