"""What a reader wants of the portal, in a real browser: how many clicks it takes, and whether the answer is right."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.support.chromium import show

pytestmark = pytest.mark.full

WIDTHS = (390, 1280)


class Reader:
    """Clicks what can be seen, and counts the clicks."""

    def __init__(self, browser, portal: Path, width: int) -> None:
        self.browser, self.clicks = browser, 0
        show(browser, portal, width)

    def press(self, css: str) -> None:
        element = self.browser.find_element("css selector", css)
        assert element.is_displayed(), css
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()
        self.clicks += 1

    def choose(self, group: str, value: str) -> None:
        css = f'.choice[data-group="{group}"][data-value="{value}"]'
        if not self.browser.find_element("css selector", css).is_displayed():
            self.press("#filters > summary")
        self.press(css)

    def listed(self) -> set[str]:
        return set(
            self.browser.execute_script(
                "return [...document.querySelectorAll('tbody tr')].filter(r => r.getClientRects().length)"
                ".map(r => r.dataset.find.split(' ').pop())"
            )
        )

    @property
    def said(self) -> str:
        return str(self.browser.find_element("css selector", "#count").text)


@pytest.fixture(scope="module")
def tables(small_city):
    """Verdicts on the target of units that are compared, the list of units, and what is known of each."""
    root = small_city.parent.parent
    processed = root / "data" / "processed" / small_city.name
    city = pd.read_parquet(processed / "city.parquet")
    target = city[(city["scope"] == "unit") & (city["statistic"] == "target") & (city["text"] != "")]
    index = pd.read_parquet(processed / "index.parquet")
    index = index[
        (index["scope"] == "unit") & (index["item"] == "") & (index["service"] == "") & (index["group"] == "")
    ]
    units = pd.read_csv(root / "data" / "raw" / small_city.name / "units.csv", dtype=str).set_index("id")
    return dict(zip(target["unit"], target["text"], strict=True)), index, units["type"].fillna("")


@pytest.mark.parametrize("width", WIDTHS)
def test_units_of_a_type_that_are_surely_below_the_target_are_found_in_three_clicks(
    browser, small_city, tables, width
):
    verdicts, _, types = tables
    below = {unit for unit, word in verdicts.items() if word == "below"}
    assert below
    kind = types[sorted(below)].iloc[0]
    reader = Reader(browser, small_city / "public" / "index.html", width)
    reader.choose("kind", kind)
    reader.choose("target", "below")
    assert reader.clicks <= 3
    assert reader.listed() == {unit for unit in below if types[unit] == kind}
    assert reader.said.startswith(f"{len(reader.listed())} ")


@pytest.mark.parametrize("width", WIDTHS)
def test_units_with_too_few_answers_are_found_in_two_clicks(browser, small_city, tables, width):
    _, index, types = tables
    valid = index[index["statistic"] == "n_valid"].set_index("unit")["estimate"]
    few = {unit for unit in types.index if 1 <= valid.get(unit, 0) < 5}
    if not few:
        pytest.skip("no unit of this city has fewer than five answers")
    reader = Reader(browser, small_city / "public" / "index.html", width)
    reader.choose("sample", "few")
    assert reader.clicks <= 2
    assert reader.listed() == few


@pytest.mark.parametrize("width", WIDTHS)
def test_what_was_chosen_stands_in_the_address_and_is_found_again_there(browser, small_city, width):
    portal = small_city / "public" / "index.html"
    reader = Reader(browser, portal, width)
    choice = browser.find_element("css selector", ".choice")
    reader.choose(choice.get_attribute("data-group"), choice.get_attribute("data-value"))
    listed, address = reader.listed(), browser.current_url
    assert "#" in address
    browser.get("about:blank")
    browser.get(address)
    assert reader.listed() == listed
    reader.press("#clear")
    assert len(reader.listed()) == len(browser.find_elements("css selector", "tbody tr"))


def test_every_part_of_the_page_can_be_linked_to(browser, small_city):
    show(browser, small_city / "public" / "index.html", 1280)
    headings = browser.execute_script(
        "return [...document.querySelectorAll('h2')].map(h => [h.id, h.querySelector('a').hash])"
    )
    assert headings
    assert all(hash == f"#{name}" for name, hash in headings)
    assert len({name for name, _ in headings}) == len(headings)


def test_printed_the_list_keeps_its_columns_and_loses_its_tools(browser, small_city):
    show(browser, small_city / "public" / "index.html", 390)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        shown = browser.execute_script(
            "return [document.querySelector('.tools').getClientRects().length,"
            " [...document.querySelectorAll('thead th')].filter(h => h.getClientRects().length).length,"
            " document.querySelector('.narrow').getClientRects().length]"
        )
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    columns = len(browser.find_elements("css selector", "thead th"))
    assert shown == [0, columns - 1, 0]


@pytest.mark.parametrize("width", [1280, 1440])
def test_the_arrow_of_a_heading_stands_on_the_line_of_its_last_word(browser, small_city, width):
    show(browser, small_city / "public" / "index.html", width)
    # The last word with its arrow is as high as one line; with the arrow below it it would be two.
    heads = (
        "return [...document.querySelectorAll('thead th button')].filter(b => b.getClientRects().length).map(b => {"
        "const end = b.querySelector('.end'), line = Math.max(...[...end.getClientRects()].map(r => r.height));"
        "return [b.textContent, getComputedStyle(end, '::after').content, getComputedStyle(b, '::after').content,"
        "end.getBoundingClientRect().height / line]; })"
    )
    found = browser.execute_script(heads)
    assert len(found) > 3
    for name, arrow, loose, lines in found:
        assert "↕" in arrow, name
        assert loose in ("none", "normal"), name
        assert lines < 1.6, name
