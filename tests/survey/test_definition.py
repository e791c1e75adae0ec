"""The definition of a survey: strict, safe, and helpful when it is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from pipeline import survey
from pipeline.survey import SurveyError
from pipeline.survey.definition import Definition
from tests.support.raw_surveys import UNITS, make


def refused(root: Path, text: str, units: str = UNITS) -> str:
    with pytest.raises(SurveyError) as caught:
        make(root, {}, text, units)
    return str(caught.value)


def test_the_definition_imports_neither_pandas_nor_pyarrow():
    code = (
        "import sys, pipeline.survey; print([m for m in ('pandas', 'pyarrow', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_minimal_definition_needs_only_a_title_and_units(tmp_path: Path):
    made = make(tmp_path, {})
    assert made.select() == ["a", "b"]
    assert made.period == "2024"
    assert made.definition.rule == "14/2017"
    assert made.raw == tmp_path / "data" / "raw" / "2024"
    assert made.public == tmp_path / "reports" / "2024" / "public"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("titel: x\nperiod: title:\n", ["line 2", "not valid YAML"]),
        ("title: x\nordr: form\n", ['survey.yml, line 2, key "ordr"', 'did you mean "order"?']),
        ("title: x\ntitle: y\n", ["line 2", "given twice (first on line 1)"]),
        ("title: x\nfiles:\n- path: a.csv\n  unit: {colum: a}\n", ["line 4", 'did you mean "column"?']),
        ("title: x\nheadline: poold\n", ["line 2", 'did you mean "pooled"?']),
        ("title: x\nrule: 14/2018\n", ["line 2", "did you mean 'permenpanrb-14-2017'?"]),
        ("title: x\nmode: onlin\n", ["line 2", 'did you mean "online"?']),
        ("title: x\nfiles:\n- path: ../secret.csv\n", ["must lie inside"]),
        ("title: x\nfiles:\n- path: a.csv\n  instrument: lain\n", ["is not under instruments"]),
        ("title: *x\n", ["aliases", "quotes"]),
        ("title: x\n\tb: 1\n", ["line 2", "tabs"]),
        ("title: !!python/object/apply:os.system [ls]\n", ["not valid YAML"]),
        ("- title: x\n", ["keys and values"]),
        ("title: x\nfieldwork: {start: 2024-02-01, end: 2024-01-01}\n", ["end is before start"]),
        ("title: x\nscale: {min: 4, max: 1}\n", ["max must be larger"]),
        ("title: x\nindicators:\n- {units: a, items: {U1: '0.5', U2: '0.4'}}\n", ["sum to", "exactly 1"]),
        ("title: x\nindicators:\n- {units: a, items: {U1: 0.5, U2: '0.5'}}\n", ["in quotes"]),
        ("title: x\nindicators:\n- {units: c, items: [U1]}\n", ['no unit "c"']),
        ("title: x\nindicators:\n- {units: a, items: [U11]}\n", ['did you mean "U1"?']),
    ],
)
def test_a_mistake_is_said_with_place_and_hint(tmp_path: Path, text: str, said: list[str]):
    message = refused(tmp_path, text)
    for part in said:
        assert part in message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "contact: Budi\n",
            "key \"contact\": must be keys with values, not 'Budi'\n  hint: keys here are name, email",
        ),
        (
            "raking: [1]\n",
            'key "raking": must be keys with values\n  hint: keys here are source, city, units',
        ),
        ("wording: x\n", "must be keys with values, not 'x'\n  hint: write `key: value`"),
        ("files: a.csv\n", "must be a list, not 'a.csv'\n  hint: write it as `[a, b]`"),
        ("report_date: 5 Desember\n", "must be a day, not '5 Desember'\n  hint: write it like 2025-06-30"),
        ("raking: {city: {sex: {male: banyak}}}\n", "must be a whole number, not 'banyak'"),
        ("annex: mungkin\n", "must be yes or no, not 'mungkin'"),
        ("title: [x]\n", 'key "title": must be a text'),
        (
            "instruments: {m: {items: {a: {question: [x]}}}}\n",
            'key "instruments.m.items.a.question": must be a text',
        ),
    ],
)
def test_another_kind_of_value_is_said_once_in_words_of_the_file(tmp_path: Path, text: str, said: str):
    told = refused(tmp_path, text)
    assert said in told
    assert "Input should" not in told
    assert "function-" not in told
    assert told.count("survey.yml, line") == 1


def test_what_is_not_there_yet_says_how_it_is_begun(tmp_path: Path):
    with pytest.raises(SurveyError, match="skm new or skm demo begins one"):
        survey.find_root(tmp_path)
    (tmp_path / "data" / "raw" / "2024").mkdir(parents=True)
    with pytest.raises(SurveyError, match="skm new SURVEY --from-file FILES proposes one from raw files"):
        survey.load(tmp_path, "2024")
    (tmp_path / "data" / "raw" / "2024" / "survey.yml").write_text("title: Uji\n")
    with pytest.raises(SurveyError, match="its first line is `id,name`, then a line for each unit"):
        survey.load(tmp_path, "2024")


def test_yes_and_no_in_values_stay_words(tmp_path: Path):
    made = make(tmp_path, {}, "values:\n  disability: {ya: yes, tidak: no}\n")
    assert made.definition.values["disability"] == {"ya": "yes", "tidak": "no"}


def test_weights_are_exact_fractions(tmp_path: Path):
    made = make(tmp_path, {}, "indicators:\n- {units: a, items: {U1: '1/3', U2: '2/3'}}\n")
    assert made.weights("a") == {"U1": Fraction(1, 3), "U2": Fraction(2, 3)}
    assert made.weights("b") is None


@pytest.mark.parametrize(
    ("units", "said"),
    [
        ("id,name\na,A\na,B\n", "listed twice"),
        ("id,name,aliases\na,A,Kantor Satu\nb,kantor  satu,\n", 'names both "a" and "b"'),
        ("id,name\ndinas-a,A\ndinas a,B\n", 'names both "dinas-a" and "dinas a"'),
        ("id,name\nunit-é,A\nunit-e,B\n", 'share the folder "unit-e"'),
        ("id,nama\na,A\n", 'did you mean "name"?'),
        ("id,name,parent\na,A,z\n", 'The parent "z"'),
        ("id,name,target\na,A,tinggi\n", '"tinggi" is not a number of index points'),
        ("id,name,deadline\na,A,30 November 2024\n", '"30 november 2024" is not a day'),
        ("id,name,parent\na,A,a\n", '"a" is its own parent'),
        ("id,name,parent\na,A,b\nb,B,a\n", 'in a circle: "a" -> "b" -> "a"'),
        ("id,name,parent\nx,X,a\na,A,b\nb,B,c\nc,C,a\n", 'in a circle: "a" -> "b" -> "c" -> "a"'),
        ("id,name,population\na,A,banyak\n", "not a count"),
        ("id,name\na,Dinas A, B\n", "double quotes"),
        ("id,name\nunknown,X\n", "reserved"),
        ("id,name\n", "lists no unit"),
    ],
)
def test_a_list_of_units_must_be_unambiguous(tmp_path: Path, units: str, said: str):
    assert said.casefold() in refused(tmp_path, "title: x\n", units).casefold()


def test_names_with_commas_semicolons_and_a_byte_order_mark_are_read(tmp_path: Path):
    units = '\ufeffid;name;aliases;population\n a ;"Dinas A; B";"DA";1.234\n'
    made = make(tmp_path, {}, units=units)
    assert made.unit("a").name == "Dinas A; B"
    assert made.unit("a").population == 1234


def test_services_carry_populations(tmp_path: Path):
    make(tmp_path, {"services.csv": "unit,service,aliases,population\na,KTP,e-KTP;ktp-el,100\na,KK,,50\n"})
    unit = survey.load(tmp_path, "2024").unit("a")
    assert unit.services == {"KTP": 100, "KK": 50}
    assert unit.population == 150
    assert unit.service_aliases["e ktp"] == "KTP"


def test_units_are_selected_by_id_alias_glob_and_set(tmp_path: Path):
    units = "id,name,aliases,sets\npkm-1,Puskesmas 1,Satu,uji;x\npkm-2,Puskesmas 2,,uji\nkec,Kecamatan,,\n"
    made = make(tmp_path, {}, units=units)
    assert made.select("pkm-*") == ["pkm-1", "pkm-2"]
    assert made.select(["@uji"], limit=1) == ["pkm-1"]
    assert made.select("kec,Satu") == ["pkm-1", "kec"]
    with pytest.raises(SurveyError, match='did you mean "kec"'):
        made.select("kecc")
    with pytest.raises(SurveyError, match="sets are uji, x"):
        made.select("@2031")


def test_folder_names_are_safe_everywhere():
    assert survey.slug("CON") == "con-unit"
    assert survey.slug("../../etc/passwd") == "etc-passwd"
    assert survey.slug("東京").startswith("unit-")
    long = survey.slug("x" * 300)
    assert len(long) <= 60
    assert long != survey.slug("x" * 301)


def test_surveys_are_sorted_by_the_end_of_their_period(tmp_path: Path):
    for name in ("2024", "2024-s1", "2023-internal", "2024-tw1"):
        make(tmp_path, {}, name=name)
    assert survey.surveys(tmp_path) == ["2023-internal", "2024-tw1", "2024-s1", "2024"]
    assert survey.newest(tmp_path) == "2024"
    assert survey.find_root(tmp_path / "data" / "raw" / "2024") == tmp_path.resolve()
    with pytest.raises(SurveyError, match="did you mean"):
        survey.load(tmp_path, "2024-s11")


def test_the_digest_changes_with_every_part(tmp_path: Path):
    first = make(tmp_path, {}).digest
    second = make(tmp_path, {}, "city: X\n").digest
    third = make(tmp_path, {}, "city: X\n", "id,name\na,A\n").digest
    assert len({first, second, third}) == 3


def test_editors_get_a_json_schema():
    schema = survey.json_schema()
    json.dumps(schema)
    assert schema["additionalProperties"] is False
    assert {"title", "files", "order"} <= set(schema["properties"])


def test_the_documented_example_loads(tmp_path: Path, project_root: Path):
    text = (project_root / "docs" / "survey-definition.md").read_text(encoding="utf-8")
    yml = text.split("```yaml\n", 1)[1].split("```", 1)[0]
    units = text.split("```csv\n", 1)[1].split("```", 1)[0]
    made = make(tmp_path, {}, yml, units)
    assert len(made.units) >= 3
    documented = set(made.definition.model_fields_set)
    missing = set(type(made.definition).model_fields) - documented
    assert not missing, f"the example does not show {missing}"


@pytest.mark.parametrize(
    ("facets", "said"),
    [
        ({"a": ["U1", "U2"]}, "name two or none"),
        ({"a": ["U1", "U2"], "b": ["U3"]}, "'b' needs at least two"),
        ({"a": ["U1", "U2"], "b": ["U2", "U3"]}, "'U2' stands in 'a' and in 'b'"),
        ({"a": ["U1", "U2"], "b": ["U3", "X9"]}, "'b' names 'X9'"),
    ],
)
def test_facets_that_cannot_be_told_apart_are_refused(facets, said):
    with pytest.raises(ValueError, match=said):
        Definition.model_validate({"title": "Uji", "facets": facets})
    fine = {"a": ["U1", "U2"], "b": ["U3", "U4"]}
    assert Definition.model_validate({"title": "Uji", "facets": fine}).facets == fine


def test_a_definition_is_read_once_a_process_and_again_when_a_file_of_it_changed(tmp_path: Path):
    made = make(tmp_path, {})
    assert survey.load(tmp_path, "2024") is survey.load(tmp_path, "2024")
    listed = made.raw / "units.csv"
    before = listed.read_text(encoding="utf-8")
    listed.write_text(before.replace("a,", "anew,", 1), encoding="utf-8")
    changed = survey.load(tmp_path, "2024")
    assert changed.digest != made.digest
    assert changed.select() == ["anew", "b"]
    listed.write_text("id,name\na,A\na,B\n", encoding="utf-8")
    for _ in range(2):  # what is wrong is said each time
        with pytest.raises(SurveyError, match="listed twice"):
            survey.load(tmp_path, "2024")
    listed.write_text(before, encoding="utf-8")
    assert survey.load(tmp_path, "2024").digest == made.digest


def test_two_surveys_of_the_same_content_are_not_one(tmp_path: Path):
    first, second = make(tmp_path / "x", {}), make(tmp_path / "y", {})
    assert first.digest == second.digest
    assert survey.load(tmp_path / "y", "2024").raw == second.raw != first.raw


def test_a_survey_reported_elsewhere_keeps_what_is_known_of_its_units(tmp_path: Path):
    made = make(tmp_path, {})
    assert made.slug("a") == "a"
    moved = made.reported_in(tmp_path / "aside")
    assert moved.public == tmp_path / "aside" / "public"
    assert made.public == tmp_path / "reports" / "2024" / "public"
    assert moved.__dict__["_slugs"] is made.__dict__["_slugs"]
