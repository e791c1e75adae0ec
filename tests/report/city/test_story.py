"""The six pages for a city's leaders: every word that compares rests on a row, and nothing is made up."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from matplotlib.text import Text

from pipeline import blocks, results, standings
from pipeline.render.exporters import to_pdf
from pipeline.report import overview
from pipeline.report.city import lagging, letters, points, support
from pipeline.report.city.items import counts
from pipeline.words import LANGUAGES
from tests.support.city_fixture import make_city, make_survey

REASONS = {"pasti belum mencapai target": "target", "nyata di bawah": "below", "luar biasa rendah": "low"}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return overview.open_city(make_city(tmp_path_factory.mktemp("story"), units=12, few=("unit-02",)), "id")


def tables(block: Any) -> dict[str, Any]:
    return {b.key: b for b in block.blocks if isinstance(b, blocks.Table)}


def test_key_points_are_at_most_five_and_each_says_something(city: Any) -> None:
    (listed,) = points.points(city)
    assert listed.ordered
    assert 3 <= len(listed.items) <= 5
    assert all(blocks.plain(item).strip() for item in listed.items)


@pytest.mark.parametrize(("lang", "said"), [
    ("id", "Dari 3 unit: 2 pasti belum mencapai target dan 1 belum dapat dipastikan."),
    ("en", "Of 3 units: 2 surely not reaching the target and 1 that cannot be told yet."),
])  # fmt: skip
def test_a_verdict_that_no_unit_has_is_not_counted_as_nought(city: Any, lang: str, said: str) -> None:
    counts = {"above": 0, "below": 2, "undecided": 1}
    told = points.told(replace(city, lang=lang), "counted", "targets_of", counts)
    assert "".join(getattr(part, "text", part) for part in told) == said


def test_each_reason_for_support_is_a_word_that_a_row_of_this_very_unit_carries(city: Any) -> None:
    rows = results.pick(city.table("city"), scope="unit", statistic="target")
    target = dict(zip(rows["unit"], rows["text"]))
    standing = city.standings.set_index("name")
    assert tables(overview.needs_help(city))["support"].rows
    for name, _, _, _, why, _ in support._table(city, support.needs(city), "semua").rows:
        row = standing.loc[name]
        for word, reason in REASONS.items():
            held = {
                "target": target.get(row["unit"]) == "below",
                "below": row["versus"] == "below",
                "low": row["unusual"] == "low",
            }[reason] and not row["sign"]
            assert (word in why) == held, (name, why)
        assert ("terlalu sedikit" in why or "tidak ada jawaban" in why) == bool(
            row["sign"] or row["n_valid"] < 1
        )


def test_no_unit_with_a_reason_is_missing_and_a_hidden_one_shows_only_its_count(city: Any) -> None:
    named = {row[0]: row for row in support._table(city, support.needs(city), "semua").rows}
    wanted = city.standings[
        city.standings["versus"].eq("below")
        | city.standings["unusual"].eq("low")
        | city.standings["sign"].ne("")
    ]
    assert set(wanted["name"]) <= set(named)
    hidden = next(row for row in named.values() if row[0] == city.names["unit-02"])
    assert hidden[2:4] == ("–", "–") or list(hidden[2:4]) == ["–", "–"]


def with_needs(city: Any, counts: list[int], few: int = 0) -> Any:
    """A city of which so many units have one, two and three reasons, and so many too few answers."""
    rows, kinds = [], {1: ("target",), 2: ("target", "below"), 3: ("target", "below", "low")}
    row = next(standings.rows_of(city.ranked))
    for number, many in enumerate(counts, 1):
        rows += [support.Need(row._replace(unit=f"u{number}-{i}", name=f"Unit {number}-{i}"), kinds[number], -float(i))
                 for i in range(many)]  # fmt: skip
    rows += [support.Need(row._replace(name=f"Sedikit {i}", sign="E"), ("few",), 0.0) for i in range(few)]
    return sorted(rows, key=support._place)


@pytest.mark.parametrize(
    ("counts", "first"),
    [([3, 2, 0], 5), ([18, 11, 0], 11), ([9, 5, 4], 9), ([40, 0, 0], 12), ([4, 30, 2], 2)],
)
def test_those_named_first_are_few_and_have_the_most_reasons(
    city: Any, counts: list[int], first: int
) -> None:
    found = with_needs(city, counts, few=3)
    named = support.first(found)
    assert len(named) == first <= support.MOST
    assert named == found[:first]
    assert all(need.reasons != ("few",) for need in named)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_units_that_are_not_named_first_are_counted_and_all_stand_in_the_annex(
    city: Any, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, found = replace(city, lang=lang), with_needs(city, [18, 11, 0], few=10)
    monkeypatch.setattr(support, "needs", lambda city: found)
    told = overview.needs_help(read)
    text = told.plain_text()
    assert len(tables(told)["support"].rows) == 11
    assert ("dan 18 unit lainnya" if lang == "id" else "and other units: 18").casefold() in text.casefold()
    assert ("2 unit lainnya" if lang == "id" else "2 others") in text
    (link,) = [
        p for b in told.blocks if isinstance(b, blocks.Prose) for p in b.parts if getattr(p, "href", "")
    ]
    assert link.href == "annex.html#support"
    assert len(tables(overview.needs_of_all(read))["support"].rows) == len(found)
    found[:] = with_needs(city, [2, 3, 0], few=2)
    assert not tables(overview.needs_of_all(read))


def test_of_two_units_with_equally_many_reasons_the_one_that_surely_lacks_more_stands_first(
    city: Any,
) -> None:
    known = [need for need in support.needs(city) if need.reasons != ("few",)]
    order = [(-len(need.reasons), need.lacks) for need in known]
    assert known
    assert order == sorted(order)


def test_the_map_of_unsur_by_type_adds_up_to_what_all_units_say(city: Any) -> None:
    table = counts(city)
    marked = lagging._marked(city)
    kinds = letters.kinds(city, city.ranked)
    assert sum(len(own) for _, own in kinds) == len(city.ranked)
    for item in table.index:
        by_type = sum(
            int(marked.loc[marked["item"] == item, "unit"].isin(set(own["unit"])).sum()) for _, own in kinds
        )
        assert by_type == table.loc[item, "low"]


@pytest.mark.parametrize("types", [
    ["kelurahan", "dinas", "puskesmas", "kecamatan", "RSUD", "badan"],
    ["puskesmas pembantu", "kecamatan", "puskesmas", "kelurahan", "perangkat daerah lain", "badan usaha milik daerah"],
    ["puskesmas", "kecamatan"],
])  # fmt: skip
def test_heads_of_neighbouring_columns_keep_clear_of_one_another(city: Any, types: list[str]) -> None:
    table = lagging._ordered(city)
    grid = {item: [1] * len(types) for item in table.index}
    fig = lagging.draw(city, table, grid, types, [3] * len(types))
    fig.canvas.draw()
    heads = [text for text in fig.axes[0].texts if text.get_text().endswith(")")]
    assert len(heads) == len(types) + 1
    mm = 25.4 / fig.dpi
    shown = [(Text.get_window_extent(text), text.get_text()) for text in (*heads, fig.axes[0].texts[-1])]
    for (one, name), (two, other) in itertools.combinations(shown, 2):
        # Names of one height keep 1.5 mm apart; of a raised one only its number stands on the lower lines.
        level = ("\n\n" in name) == ("\n\n" in other)
        assert not level or abs(one.x0 + one.x1 - two.x0 - two.x1) / 2 * mm >= (one.width + two.width) / 2 * mm + 1.5, (
            name, other,
        )  # fmt: skip
    rows = [(Text.get_window_extent(text), text.get_text()) for text in fig.axes[0].texts]
    outside = [name for box, name in rows if box.y1 > fig.bbox.y1 or box.x0 * mm < 0.5]
    assert outside == []
    kept = [name for _, name in shown[1:-1] if "…" not in name]
    assert {name for name in types if len(name) <= 12} <= {text.split("\n")[0] for text in kept}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_beside_the_map_says_what_it_is_a_list_of_and_in_how_many_units(
    city: Any, lang: str
) -> None:
    read = replace(city, lang=lang)
    *_, lead, listed = overview.lagging(read).blocks
    assert ("tiga terendah" if lang == "id" else "three lowest") in lead.plain_text()
    assert ("tanpa uji" if lang == "id" else "untested") in lead.plain_text()
    low = counts(read)["low"]
    told = [blocks.plain(item) for item in listed.items]
    named = [next(i for i in low.index if text.startswith(f"{city.code(i)} ")) for text in told]
    for item, text in zip(named, told, strict=True):
        assert (f"di {low[item]} unit;" if lang == "id" else f"units: {low[item]};") in text
        assert low[item] >= low.drop(named).max()


def test_letters_by_certainty_are_the_compared_units(city: Any) -> None:
    rows, words = letters.lettered(city)
    assert len(rows) == len(city.ranked)
    assert set(rows["held"]) <= set(words)


def test_the_release_says_what_the_definition_says_and_nothing_else(tmp_path: Path) -> None:
    bare = overview.open_city(make_survey(tmp_path / "bare"), "id")
    assert overview.release(bare).plain_text() == ""
    more = (
        "contact: {name: Bagian Organisasi, email: skm@contoh.invalid, url: 'javascript:alert(1)'}\n"
        "release:\n  date: 2024-12-16\n  next: {id: Desember 2025, en: December 2025}\n  licence: CC BY 4.0\n"
        "  corrections:\n    - {date: 2025-01-20, what: 'Jumlah pengguna <b>dibetulkan</b>.'}\n"
    )
    block = overview.release(overview.open_city(make_survey(tmp_path / "full", more=more), "en"))
    text = block.plain_text()
    for said in ("16 December 2024", "December 2025", "CC BY 4.0", "skm@contoh.invalid", "20 January 2025"):
        assert said in text
    hrefs = [part["href"] for item in block.blocks[0].to_json()["items"] for part in item if "href" in part]
    assert hrefs == ["mailto:skm@contoh.invalid"]


def test_a_unit_that_is_far_below_stands_before_one_of_which_too_little_is_known(city: Any) -> None:
    few = [need.reasons == ("few",) for need in support.needs(city)]
    assert few == sorted(few)


def test_where_nothing_stands_out_only_what_was_judged_is_named(tmp_path: Path) -> None:
    one = overview.open_city(make_city(tmp_path, units=1), "id")
    said, judged = filter(None, overview.needs_help(one).plain_text().splitlines())
    assert said == "Tidak ada unit yang perlu didahulukan."
    assert judged == "Yang dinilai: cukupnya jawaban."


@pytest.mark.full
def test_a_target_whose_source_is_not_given_names_none(city):
    said = overview.target(city).plain_text()
    assert "88,31" in said
    assert "tidak ada)" not in said


@pytest.mark.parametrize("units", [48, 400])
def test_the_story_is_six_pages_at_most_however_many_units_there_are(tmp_path: Path, units: int) -> None:
    import io

    import pypdfium2

    survey = make_city(tmp_path, units=units)
    city = overview.open_city(survey, "id")
    parts = [
        {"cell_type": "code", "source": "", "metadata": {}, "outputs": [
            {"output_type": "execute_result", "data": getattr(overview, name)(city)._repr_mimebundle_()}
        ]}
        for name in ("head", "summary", "letters", "strip", "targets", "lagging", "trend", "followup", "needs_help")
    ]  # fmt: skip
    made = to_pdf({"cells": parts, "metadata": {}})
    assert len(pypdfium2.PdfDocument(io.BytesIO(made))) <= 6
