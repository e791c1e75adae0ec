"""The portal page: self-contained, readable without a script, never linking to what is not public."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from pipeline import survey as surveys
from pipeline.office import portal
from pipeline.words import Words
from pipeline.words.lookup import flat, load
from tests.support import small_city
from tests.support.city_fixture import make_city, make_survey, make_tables


class Page(HTMLParser):
    """Links, rows, attributes and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._skip = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self._skip += 1
        if tag == "a" and dict(attrs).get("href"):
            self.links.append(dict(attrs)["href"])

    def handle_endtag(self, tag):
        if tag in ("script", "style"):
            self._skip -= 1

    def handle_data(self, data):
        if not self._skip:
            self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


def reports(survey, *units, names=("report.html", "report.pdf")):
    for unit in units:
        folder = survey.public / "units" / survey.slug(unit)
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            (folder / name).write_text("x")


@pytest.fixture
def survey(tmp_path):
    return make_city(tmp_path, few=("unit-02",))


@pytest.fixture
def html(survey):
    reports(survey, "unit-01", "unit-03", "unit-04")
    (survey.public / "overview.html").write_text("x")
    return portal.write(survey, failed=["unit-04"]).read_text("utf-8")


def test_the_portal_loads_nothing_from_anywhere(html):
    assert not re.search(r"(?:https?:)?//[\w.-]+\.\w+", html)
    page = Page(html)
    assert not [a for _, a in page.tags if a.get("src")]
    assert not [t for t, _ in page.tags if t == "link"]
    assert "default-src 'none'" in html


def test_every_link_of_the_portal_is_public_and_exists(html, survey):
    links = [link for link in Page(html).links if not link.startswith("#")]
    assert links
    for link in links:
        assert not link.startswith(("/", ".."))
        assert (survey.public / link).is_file()


def test_a_failed_unit_is_listed_as_such_and_its_old_report_is_not_linked(html):
    assert not [link for link in Page(html).links if "unit-04" in link]
    assert "laporan gagal dibuat" in Page(html).words


def test_a_unit_without_answers_and_one_with_too_few_are_listed_as_such(html):
    words = Page(html).words
    assert "tidak ada jawaban" in words
    assert "kurang dari lima jawaban" in words


def test_no_index_of_a_unit_with_fewer_than_five_answers_is_on_the_page(html):
    row = html[html.index("Kelurahan Nomor 02") :]
    row = row[: row.index("</tr>")]
    assert 'data-key=""' in row
    assert not re.search(r"\d\d,\d\d", row)


def test_all_units_are_readable_without_the_script(html):
    before = html[: html.index("<script>")]
    assert before.count('<th scope="row"') == 12
    assert '<div class="tools" hidden>' in before


def test_the_table_says_what_it_is_to_assistive_technology(html):
    page = Page(html)
    tags = [tag for tag, _ in page.tags]
    assert tags.count("h1") == 1
    assert "caption" in tags
    assert [a for t, a in page.tags if t == "th" and a.get("scope") == "col"]
    assert [a for _, a in page.tags if a.get("role") == "status" and a.get("aria-live") == "polite"]
    assert dict(page.tags[next(i for i, (t, _) in enumerate(page.tags) if t == "html")][1])["lang"] == "id"
    assert "aria-sort" in html


def test_synthetic_data_are_said_to_be_synthetic(html):
    assert "Data sintetis" in Page(html).words


def test_a_hostile_unit_name_stays_text(tmp_path):
    survey = make_survey(tmp_path, 2)
    path = survey.raw / "units.csv"
    path.write_text('id,name\na,"<script>alert(1)</script>"\nb,"x"" onmouseover=""y"\n', encoding="utf-8")
    from pipeline import survey as surveys

    survey = surveys.load(tmp_path, survey.name)
    html = portal.write(survey).read_text("utf-8")
    assert "<script>alert" not in html
    assert 'onmouseover="' not in html


def test_the_portal_is_the_same_bytes_every_time(survey):
    first = portal.write(survey).read_bytes()
    assert portal.write(survey).read_bytes() == first


def test_names_of_units_are_heard_in_their_language_on_a_page_in_another(survey):
    name = survey.units[0].name
    assert f'<bdi lang="id">{name}</bdi>' in portal.write(survey, lang="en").read_text("utf-8")
    assert "<bdi" not in portal.write(survey).read_text("utf-8")


def test_a_foreign_scale_shows_no_letters(tmp_path):
    survey = make_city(tmp_path, foreign=True)
    html = portal.write(survey, lang="en").read_text("utf-8")
    assert 'class="letter' not in html
    assert "carry no letter" in html


def test_the_portal_is_written_before_any_result_exists(tmp_path):
    survey = make_survey(tmp_path, 3)
    words = Page(portal.write(survey).read_text("utf-8")).words
    assert words.count("tidak ada jawaban") == 3


def test_one_unit_is_enough_for_a_portal(tmp_path):
    survey = make_survey(tmp_path, 1)
    survey.processed.mkdir(parents=True)
    for name, table in make_tables(survey).items():
        table.to_parquet(survey.processed / f"{name}.parquet")
    assert "1 unit" in Page(portal.write(survey).read_text("utf-8")).words


@pytest.mark.parametrize("area", ["portal", "office", "overview", "stages"])
def test_both_languages_say_the_same_things_with_the_same_placeholders(area):
    one, other = flat(load("id", area)), flat(load("en", area))
    assert one.keys() == other.keys()
    for key in one:
        assert set(re.findall(r"\{(\w+)", one[key])) == set(re.findall(r"\{(\w+)", other[key])), key


def test_a_long_list_of_units_is_split_by_the_alphabet_and_every_page_stays_small(tmp_path):
    survey = make_city(tmp_path, units=1203)
    first = portal.write(survey)
    found = sorted(survey.public.glob("index*.html"))
    assert [path.name for path in found] == [*(f"index-{n}.html" for n in range(2, 6)), "index.html"]
    rows = [
        row for path in found for row in re.findall(r'<tr id="unit-.*?</tr>', path.read_text("utf-8"), re.S)
    ]
    assert len(rows) == 1203
    assert max(path.stat().st_size for path in found) < 500_000
    links = Page(first.read_text("utf-8")).links
    assert {"index.html", "index-2.html", "index-5.html"} <= set(links)
    assert "1.203 unit" in Page(first.read_text("utf-8")).words
    for link in links:
        assert link.startswith("#") or (survey.public / link).is_file()


def test_pages_of_a_list_that_became_shorter_are_removed(tmp_path, monkeypatch):
    survey = make_city(tmp_path)
    monkeypatch.setattr(portal, "PAGE", 5)
    portal.write(survey)
    assert (survey.public / "index-3.html").is_file()
    monkeypatch.undo()
    portal.write(survey)
    assert [path.name for path in survey.public.glob("index*.html")] == ["index.html"]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_portal_says_of_a_unit_what_its_test_of_difference_carries_and_of_others_nothing(tmp_path, lang):
    root = small_city.build(tmp_path)
    survey = surveys.load(root, "2024")
    rows = pd.read_parquet(survey.processed / "verdicts.parquet")
    rows = rows[(rows["statistic"] == "difference") & (rows["scope"] == "unit")]
    words = dict(zip(rows["unit"], rows["text"], strict=True))
    assert any(words.values())
    portal.write(survey, lang)
    page = (survey.public / "index.html").read_text(encoding="utf-8")
    w = Words(lang)
    for unit in survey.units:
        row = re.search(rf'data-find="[^"]* {unit.id}">(.*?)</tr>', page, re.S)
        assert row is not None, unit.id
        said = {
            word
            for word in ("above", "below", "equivalent", "undecided")
            if w(f"compare.difference.{word}") in row[1]
        }
        assert said == ({words[unit.id]} if words.get(unit.id) else set()), unit.id


def test_the_portal_offers_form_and_posters_where_they_are(survey):
    reports(survey, "unit-01", names=("report.html", "form.pdf", "poster.pdf", "poster-social.png"))
    page = Page(portal.write(survey).read_text(encoding="utf-8"))
    folder = f"units/{survey.slug('unit-01')}/"
    mine = [link.removeprefix(folder) for link in page.links if link.startswith(folder)]
    assert list(dict.fromkeys(name for name in mine if name != "report.html")) == [
        "form.pdf",
        "poster.pdf",
        "poster-social.png",
    ]
    assert "Media sosial" in page.words
