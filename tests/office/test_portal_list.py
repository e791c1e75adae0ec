"""The list on the portal: letters, target, lowest unsur, what it can be narrowed to, and everything in one file."""

from __future__ import annotations

import re
import zipfile
from html import unescape

import pandas as pd
import pytest

from pipeline import results
from pipeline.office import downloads, portal, portal_target
from pipeline.office.city import open_results
from pipeline.words import Words
from tests.support.city_fixture import make_city

WORDS = ("above", "undecided", "below")


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    """Twelve units: with three answers, for information, without; targets for some, hidden ones among them."""
    made = make_city(tmp_path_factory.mktemp("city"), few=("unit-02",))
    rows = [
        {
            "survey": "2024",
            "scope": "unit",
            "unit": unit,
            "statistic": "target",
            "text": WORDS[place % 3],
            "other": "88.31",
        }
        for place, unit in enumerate(["unit-01", "unit-02", "unit-03", "unit-05", "unit-06", "unit-12"])
    ]
    rows += [{"survey": "2024", "scope": "city", "statistic": "target", "text": "below", "other": "88.31"}]
    results.frame(rows).to_parquet(made.processed / "city.parquet", index=False)
    plans = [
        {"survey": "2024", "scope": "unit", "unit": unit, "statistic": statistic, "estimate": count, "other": plan_of}
        for plan_of, unit, planned, late in (
            ("2023", "unit-01", 2, 1), ("2023", "unit-02", 1, 1), ("2023", "unit-03", 3, 0), ("2023", "unit-05", 0, 0),
            ("", "unit-06", 2, 2),
        )
        for statistic, count in (("planned", planned), ("late", late))
    ]  # fmt: skip
    results.frame(plans).to_parquet(made.processed / "followup.parquet", index=False)
    for unit in made.units:
        folder = made.public / "units" / made.slug(unit.id)
        folder.mkdir(parents=True)
        for name in ("report.html", "report.en.html", "report.pdf", "data.xlsx"):
            (folder / name).write_text(f"{unit.id} {name}")
    portal.write(made, more=["en"])
    return made


@pytest.fixture(scope="module")
def found(survey):
    return open_results(survey, modules=("index", "sampling", "priorities"))


def lines(survey, name="index.html"):
    """Each unit's line: its attributes and what stands in it."""
    html = (survey.public / name).read_text("utf-8")
    made = {}
    for tag, inside in re.findall(r'<tr (id="unit-.*?)>(.*?)</tr>', html, re.S):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        made[attributes["data-find"].split()[-1]] = (
            attributes,
            unescape(re.sub(r"<[^>]+>", " ", inside)),
            inside,
        )
    return made


def test_a_target_is_said_of_units_that_can_be_compared_and_in_the_words_of_their_verdict(survey, found):
    table = pd.read_parquet(survey.processed / "city.parquet")
    table = table[table["scope"] == "unit"]
    verdict = dict(zip(table["unit"], table["text"], strict=True))
    sign = dict(zip(found.standings["unit"], found.standings["sign"], strict=True))
    assert {"x", "E"} <= {sign[unit] for unit in verdict}
    w = Words("id")
    for unit, (attributes, text, _) in lines(survey).items():
        told = {word for word in WORDS if f"target 88,31: {w(f'narrative.reached.{word}')}" in text}
        expected = {verdict[unit]} if unit in verdict and not sign[unit] else set()
        assert told == expected, unit
        assert attributes.get("data-target", "") == next(iter(expected), ""), unit


@pytest.mark.parametrize(("name", "lang"), [("index.html", "id"), ("index.en.html", "en")])
def test_the_city_s_target_stands_at_the_head_in_the_words_of_its_verdict(survey, name, lang):
    html = (survey.public / name).read_text("utf-8")
    head = " ".join(unescape(re.sub(r"<[^>]+>", "", html[: html.index("</header>")])).split())
    w = Words(lang)
    said = {
        word: "".join(t for t, _ in w.runs(f"portal.target_city.{word}", target=w.number(88.31)))
        for word in WORDS
    }
    assert [word for word, text in said.items() if text in head] == ["below"]


def test_without_a_unit_that_is_held_against_it_nothing_is_said_of_the_city_s_target(survey, tmp_path):
    made = make_city(tmp_path, few=("unit-02",))
    table = pd.read_parquet(survey.processed / "city.parquet")
    table[table["unit"].isin({"", "unit-02"})].to_parquet(made.processed / "city.parquet", index=False)
    found = open_results(made, modules=("index", "sampling", "priorities"))
    assert portal_target.city(found, Words("id")) is None
    table.to_parquet(made.processed / "city.parquet", index=False)
    found = open_results(made, modules=("index", "sampling", "priorities"))
    assert portal_target.city(found, Words("id"))


def test_the_letters_are_counted_over_the_units_that_can_be_compared_and_the_rest_is_accounted_for(
    survey, found
):
    rows = found.standings
    html = (survey.public / "index.html").read_text("utf-8")
    block = html[html.index('<ul class="distribution">') :]
    block = block[: block.index("</section>")]
    counts = {
        a: int(n) for a, n in re.findall(r'class="letter (\w)".*?class="count">(\d+) unit', block, re.S)
    }
    comparable = rows[(rows["sign"] == "") & (rows["letter"] != "")]
    assert counts == {letter: int((comparable["letter"] == letter).sum()) for letter in "ABCD"}
    numbers = list(map(int, re.findall(r"\d+", unescape(block[block.index("<p") :]))))
    assert numbers[:2] == [len(comparable), len(rows)]
    assert sum(numbers[2:]) == len(rows) - len(comparable)


def test_the_line_under_an_index_lies_where_index_and_interval_are(survey, found):
    at = dict(zip(found.standings["unit"], found.standings.itertuples(), strict=True))
    for unit, (_, _, inside) in lines(survey).items():
        drawn = re.search(
            r'class="strip".*?left:([\d.]+)%;width:([\d.]+)%"></i><b style="left:([\d.]+)%', inside
        )
        row = at[unit]
        assert (drawn is not None) == (row.ikm == row.ikm), unit
        if drawn:
            left, wide, dot = map(float, drawn.groups())
            assert dot == pytest.approx((row.ikm - 25) / 75 * 100, abs=0.06)
            assert left == pytest.approx((row.lower - 25) / 75 * 100, abs=0.06)
            assert left + wide == pytest.approx((row.upper - 25) / 75 * 100, abs=0.11)


def test_the_lowest_unsur_is_named_and_nothing_of_a_hidden_unit(survey, found):
    lowest = dict(zip(found.standings["unit"], found.standings["lowest_item"], strict=True))
    for unit, (attributes, text, _) in lines(survey).items():
        named = re.search(r"unsur terendah: (U\d)", text)
        assert (named[1] if named else "") == lowest[unit], unit
        if unit == "unit-02":
            assert not {"data-letter", "data-sure", "data-target"} & set(attributes)
            assert attributes["data-sample"] == "few"


def test_late_follow_up_is_told_of_the_plan_before_and_never_of_a_hidden_unit(survey):
    told = {unit: attributes.get("data-plan", "") for unit, (attributes, _, _) in lines(survey).items()}
    assert {unit: word for unit, word in told.items() if word} == {"unit-01": "late", "unit-03": "kept"}
    late = {unit for unit, (_, text, _) in lines(survey).items() if Words("id")("portal.plan_late") in text}
    assert late == {"unit-01"}


def test_every_choice_finds_a_unit_and_every_property_has_its_choice(survey):
    html = (survey.public / "index.html").read_text("utf-8")
    offered = set(re.findall(r'data-group="(\w+)" data-value="([^"]*)"', html))
    groups = {group for group, _ in offered}
    assert {"kind", "letter", "target", "sample"} <= groups
    had = {
        (name.removeprefix("data-"), value)
        for attributes, _, _ in lines(survey).values()
        for name, value in attributes.items()
        if name.removeprefix("data-") in groups
    }
    assert offered == had


def test_the_english_page_leads_to_english_reports_and_to_what_has_no_language(survey):
    english = (survey.public / "index.en.html").read_text("utf-8")
    assert '<html lang="en">' in english
    links = set(re.findall(r'href="(units/[^"]+)"', english))
    assert any(link.endswith("report.en.html") for link in links)
    assert not any(link.endswith(("report.html", "report.pdf")) for link in links)
    assert any(link.endswith("data.xlsx") for link in links)
    assert 'href="index.html"' in english
    assert 'href="index.en.html"' in (survey.public / "index.html").read_text("utf-8")


def test_one_file_holds_everything_public_and_its_own_portal_does_not_offer_it(survey):
    path = survey.public / downloads.NAME
    with zipfile.ZipFile(path) as packed:
        names = packed.namelist()
        inside = {name.partition("/")[2]: packed.read(name) for name in names}
    assert names == sorted(names)
    files = {p.relative_to(survey.public).as_posix(): p for p in survey.public.rglob("*") if p.is_file()}
    del files[downloads.NAME]
    assert inside.keys() == files.keys()
    for name, path in files.items():
        if not name.startswith("index"):
            assert inside[name] == path.read_bytes(), name
    page = inside["index.html"].decode()
    assert downloads.NAME not in page
    for link in re.findall(r'href="([^"#]+)"', page):
        assert link in inside, link
    assert f'href="{downloads.NAME}"' in (survey.public / "index.html").read_text("utf-8")


def test_the_file_with_everything_is_the_same_bytes_again_and_leaves_out_what_failed_now(survey):
    path = survey.public / downloads.NAME
    first = path.read_bytes()
    portal.write(survey, more=["en"])
    assert path.read_bytes() == first
    portal.write(survey, more=["en"], failed=["unit-03"])
    with zipfile.ZipFile(path) as packed:
        assert not [name for name in packed.namelist() if "unit-03" in name]
    portal.write(survey, more=["en"])
    assert path.read_bytes() == first


def test_a_country_gets_no_file_with_everything_and_an_old_one_goes(survey, monkeypatch):
    monkeypatch.setattr(downloads, "MOST_UNITS", 3)
    portal.write(survey, more=["en"])
    assert not (survey.public / downloads.NAME).exists()
    assert downloads.NAME not in (survey.public / "index.html").read_text("utf-8")
    monkeypatch.undo()
    portal.write(survey, more=["en"])
    assert (survey.public / downloads.NAME).is_file()
