"""Surveys of which only the printed indices are left."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline import survey as surveys

UNITS = "id,name,aliases\na,Dinas Satu,Dinsat\nb,Dinas Dua,\n"


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "data" / "raw" / "2025"
    folder.mkdir(parents=True)
    (folder / "survey.yml").write_text("title: Contoh\n", encoding="utf-8")
    (folder / "units.csv").write_text(UNITS, encoding="utf-8")
    return tmp_path


def put(root, name: str, text: str):
    folder = root / "data" / "raw" / name
    folder.mkdir(parents=True)
    (folder / "published.csv").write_text(text, encoding="utf-8")


def test_units_are_matched_by_id_name_and_alias_and_the_print_is_kept_exactly(root):
    put(
        root,
        "2019",
        'unit,ikm,n,letter,rule,source\nDINSAT,"85,97",120,b,14/2017,Laporan 2019\nb,90.5,,A,,\n*,88.00,,B,,\n',
    )
    made = surveys.read_published(surveys.load(root, "2025"), "2019")
    assert made.ikm == {"a": Decimal("85.97"), "b": Decimal("90.5"), "": Decimal("88.00")}
    assert (made.letter["a"], made.n["a"], made.conditions) == ("B", 120, {"rule": "14/2017"})
    assert surveys.published_surveys(root) == ["2019"]


def test_a_unit_that_no_longer_exists_is_named_and_not_lost(root):
    put(root, "2019", "unit,ikm\nDinas Tuga,80\n")
    made = surveys.read_published(surveys.load(root, "2025"), "2019")
    assert made.unknown == ("Dinas Tuga",)
    assert made.ikm == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("unit,ikm\na,tinggi\n", 'line 2, key "ikm": "tinggi" is not an index'),
        ("unit,ikm\na,101\n", '"101" is not an index'),
        ("unit,ikm\na,80\nDinsat,81\n", '"Dinsat" is listed twice'),
        ("unit,ikm,rule\na,80,14/2017\nb,81,16/2014\n", 'says "16/2014", an earlier line "14/2017"'),
        ("unit,ikm,n\na,80,banyak\n", '"banyak" is not a count'),
        ("unit,nilai\na,80\n", 'there is no column "nilai"'),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(root, text, said):
    put(root, "2019", text)
    with pytest.raises(surveys.SurveyError) as error:
        surveys.read_published(surveys.load(root, "2025"), "2019")
    assert said in str(error.value)
    assert "data/raw/2019/published.csv" in str(error.value)


@pytest.mark.parametrize("key", ["target", "margin", "equivalence_margin"])
def test_a_target_or_margin_that_is_no_number_is_refused(root, key):
    path = root / "data" / "raw" / "2025" / "survey.yml"
    path.write_text(f"title: Contoh\n{key}: tinggi\n", encoding="utf-8")
    with pytest.raises(surveys.SurveyError, match="not a number of index points"):
        surveys.load(root, "2025")


def test_one_margin_stated_holds_for_units_groups_and_years_and_a_number_needs_no_quotes(root):
    path = root / "data" / "raw" / "2025" / "survey.yml"
    for text, units, years, stated in (
        ("", "2.5", "2.5", False),
        ("margin: '3'\n", "3", "3", True),
        ("equivalence_margin: 1.5\n", "1.5", "1.5", True),
        ("equivalence_margin: 1.5\nmargin: '3'\n", "1.5", "3", True),
    ):
        path.write_text(f"title: Contoh\n{text}", encoding="utf-8")
        definition = surveys.load(root, "2025").definition
        assert (definition.equivalence_margin, definition.margin) == (units, years)
        assert definition.states_margin == stated
