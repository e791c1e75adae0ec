"""``skm status``: reads small JSON files only, so it answers at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pipeline.survey import Survey

from .plan import read_units


def rows(survey: Survey) -> list[dict[str, Any]]:
    """One row per unit: answers, required sample, state of data and of the report.

    States of data: ``ok``, ``few`` (below the required sample), ``none``, ``not read``.
    States of the report: ``ok``, ``failed``, ``missing``.
    """
    cleaned = {u["id"]: u for u in read_units(survey.processed)}
    manifest = _json(survey.reports / "run.json")
    states = manifest.get("units", {})
    found = []
    for unit_id in [u.id for u in survey.units] + [
        i for i in cleaned if i not in {u.id for u in survey.units}
    ]:
        known = cleaned.get(unit_id)
        report = survey.public / "units" / survey_slug(survey, unit_id, known) / "report.html"
        failed = states.get(unit_id) == "failed"
        found.append(
            {
                "survey": survey.name,
                "unit": unit_id,
                "name": known["name"] if known else survey.unit(unit_id).name,
                "answers": known["n"] if known else None,
                "required": known.get("required") if known else None,
                "data": _data(known),
                "report": "failed" if failed else "ok" if report.is_file() else "missing",
                "deadline": next((u.deadline for u in survey.units if u.id == unit_id), ""),
            }
        )
    return found


def survey_slug(survey: Survey, unit_id: str, known: dict[str, Any] | None) -> str:
    """Folder name of a unit's report."""
    return str(known["slug"]) if known else survey.slug(unit_id)


def _data(known: dict[str, Any] | None) -> str:
    if known is None:
        return "not read"
    if not known["n"]:
        return "none"
    required = known.get("required")
    return "few" if required and known["n"] < required else "ok"


def _json(path: Any) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def as_json(found: list[dict[str, Any]]) -> Iterator[str]:
    """The rows as one JSON array."""
    yield json.dumps(found, indent=1, ensure_ascii=False)


def as_text(found: list[dict[str, Any]]) -> Iterator[str]:
    """The rows as a table for a terminal."""
    width = max([len(row["unit"]) for row in found] + [4])
    yield f"{'unit':<{width}}  answers  required  data      report   deadline"
    for row in found:
        answers = "" if row["answers"] is None else str(row["answers"])
        yield (
            f"{row['unit']:<{width}}  {answers:>7}  {row['required'] or '':>8}  {row['data']:<8}  "
            f"{row['report']:<7}  {row['deadline']}"
        ).rstrip()
    ok = sum(r["report"] == "ok" for r in found)
    yield f"{ok} of {len(found)} reports are there"
