"""What each element tells of respondents along the scale, and from where on the elements separate nobody."""

from __future__ import annotations

from typing import Any

from pipeline import blocks, results
from pipeline.report.data.city import CityReport, say
from pipeline.words.formats import NOTHING
from pipeline.words.scale_verdicts import RELIABLE

METHOD = "grm"
#: Reason of a border that there is not: a finding about the elements, and no refusal to compute.
NOWHERE = "nowhere-reliable"


def response(city: CityReport) -> list[Any]:
    """Return the sentences on both ends and the table; nothing where no model was fitted."""
    return [block for block in (reach(city, "above"), reach(city, "below"), table(city)) if block is not None]


def reach(city: CityReport, side: str) -> Any:
    """Say from which mean answer on the elements no longer separate respondents, and how many lie there."""
    w, row = city.words, city.first("factors", scope="city", statistic=f"separates_{side}", method=METHOD)
    if row is not None and row.reason == NOWHERE:
        return say(w, "psychometrics.response.nowhere", cut=w.number(RELIABLE))
    if row is None or row.estimate != row.estimate:
        return None
    if row.numerator == 0:
        return say(w, f"psychometrics.response.{side}_nobody", value=w.number(row.estimate))
    if row.numerator is None or not row.denominator:
        return say(w, f"psychometrics.response.{side}_few", value=w.number(row.estimate))
    return say(
        w, f"psychometrics.response.{side}", value=w.number(row.estimate),
        index=w.number(row.estimate * city.factor), count=w.integer(row.numerator), all=w.integer(row.denominator),
        share=w.percent(row.numerator / row.denominator, 1), cut=w.number(RELIABLE),
    )  # fmt: skip


def table(city: CityReport) -> Any:
    """Return discrimination of each element and its information at some mean answers, with the sum and reliability."""
    w = city.words
    rows = results.pick(city.table("factors"), scope="city", method=METHOD)
    found = {(r.statistic, r.item, r.other): r for r in results.rows_of(rows)}
    items = [item for item in city.items if ("discrimination", item, "") in found]
    at = [other for statistic, item, other in found if statistic == "reliability_at" and not item]
    if not items or not at:
        return None

    def line(statistic: str, item: str) -> list[str]:
        numbers = [found.get((statistic, item, other)) for other in at]
        return [w.number(row.estimate) if row is not None else NOTHING for row in numbers]

    cells = []
    for item in items:
        a = found["discrimination", item, ""]
        name = f"{city.code(item)} {city.item_name(item)}"
        cells.append([name, w.number(a.estimate), w.interval(a.lower, a.upper), *line("information", item)])
    joined = [
        f"{city.code(r.item)} {r.text}" for (statistic, *_), r in found.items() if statistic == "grm_joined"
    ]
    note = w("psychometrics.response.note", n=w.integer(found["discrimination", items[0], ""].n))
    if joined:
        note += " " + w("psychometrics.response.joined", items=w.join(joined))
    return blocks.table(
        [*blocks.columns(
            w, item=("psychometrics.response.col_item", "2fr"), a="psychometrics.response.col_a",
            interval="psychometrics.response.col_interval",
        ),
         *(blocks.column(f"at-{place}", w.number(float(other), 1), numeric=True) for place, other in enumerate(at))],
        cells, caption=w("psychometrics.response.caption"), key="item-information", note=note, compact=True,
        footer_rows=[[w("psychometrics.response.all"), NOTHING, NOTHING, *line("information", "")],
                     [w("psychometrics.response.reliability"), NOTHING, NOTHING, *line("reliability_at", "")]],
    )  # fmt: skip
