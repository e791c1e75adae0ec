"""A survey against earlier ones: their answers, what is left of others in print, and how each was held."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline import results
from pipeline import survey as surveys
from pipeline.steps.answers import Answers, open_answers
from pipeline.steps.compare import mix
from pipeline.steps.files import shown
from pipeline.survey.asked import wordings

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.statistics.trend.comparable import Conditions
    from pipeline.statistics.trend.wave import Wave
    from pipeline.survey import Survey


def trend(
    data: Answers,
    earlier: Sequence[Answers] | None = None,
    *,
    margin: float | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Change against every earlier survey that is cleaned, and against published indices.

    Parameters
    ----------
    data : Answers
    earlier : sequence of Answers, optional
        By default all surveys of the folder with an earlier period that ``1-clean`` has read.
    margin : float, optional
        Index points within which a change counts as none; the definition's by default.
    confidence : float
    """
    # late: only what is asked for is loaded
    from pipeline.statistics.trend import change_adjusted
    from pipeline.statistics.trend import table as module

    found = [then.shown for then in (earlier_answers(data) if earlier is None else earlier)]
    found = [then for then in found if len(then.responses)]
    data, index = data.shown, data.index_shown
    waves = [
        module.Wave(
            then.survey.name,
            then.frame,
            then.by,
            conditions(then),
            then.population,
            then.left_out,
            index_of(then),
        )
        for then in found
    ]
    printed = [w for w in printed_waves(data) if w.survey not in {wave.survey for wave in waves}]
    plain = module.table(
        data.frame,
        data.by,
        earlier=sorted([*printed, *waves], key=lambda wave: surveys.period_key(wave.survey)),
        conditions=conditions(data),
        population=data.population,
        types=data.types,
        leave_out=data.left_out,
        index=index,
        scale=data.scale,
        margin=float(data.survey.definition.margin if margin is None else margin),
        confidence=confidence,
        survey=data.survey.name,
    )
    adjusted = change_adjusted.table(
        data.frame,
        data.by,
        attributes=mix(data),
        earlier=[(wave, mix(then)) for wave, then in zip(waves, found, strict=True)],
        conditions=conditions(data),
        leave_out=data.left_out,
        scale=data.scale,
        confidence=confidence,
        survey=data.survey.name,
    )
    alike = [alike_in_both(data, found[-1], waves[-1])] if waves else []
    return results.concat([plain, adjusted, *alike, not_read(data)])


def alike_in_both(data: Answers, then: Answers, wave: Wave) -> pd.DataFrame:
    """Whether the newest earlier survey used the questions alike, of the units and unsur that are compared (R15)."""
    # late: only what is asked for is loaded
    from pipeline.statistics.psychometrics.invariance import years
    from pipeline.statistics.trend import comparable

    now, before = conditions(data), wave.conditions
    items = comparable.asked_alike((i for i in data.shared if i in then.shared), now, before)
    if comparable.breaks(now, before) or not items:
        return results.empty()
    both = {
        unit for unit in data.answering
        if unit in then.answering and unit not in data.left_out and unit not in then.left_out
        and not comparable.unit_breaks(unit, now, before)
    }  # fmt: skip
    mine, theirs = (one.responses.loc[one.by.isin(both), items] for one in (data, then))
    if not len(mine) or not len(theirs):
        return results.empty()
    return years.table(mine, theirs, wave.survey, data.survey.name)


def index_of(then: Answers) -> pd.DataFrame:
    """Index table of an earlier survey: as its own ``2-index`` left it, else computed, and told, as there."""
    import pandas as pd

    index, answers = (then.survey.processed / name for name in ("index.parquet", "responses.parquet"))
    if then.whole and index.is_file() and index.stat().st_mtime_ns >= answers.stat().st_mtime_ns:
        return pd.read_parquet(index)
    return shown(then, "index", then.index)


def broken_surveys(survey: Survey) -> dict[str, str]:
    """Earlier surveys that the run found it cannot use, each with one sentence."""
    path = survey.processed / surveys.EARLIER_FILE
    if not path.is_file():
        return {}
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def not_read(data: Answers) -> pd.DataFrame:
    """Earlier surveys that are there and no part of the comparison, each with the reason.

    ``unreadable``: the run could not read it; ``not-read``: nobody has run it yet (``--no-history``).
    """
    broken = broken_surveys(data.survey)
    reasons = dict.fromkeys(broken, "unreadable")
    for name in surveys.before(data.survey):
        if not (data.survey.processed.parent / name / "responses.parquet").is_file():
            reasons.setdefault(name, "not-read")
    return results.frame(
        {"survey": data.survey.name, "scope": "surveys", "other": name, "statistic": "not_read",
         "reason": reasons[name]}
        for name in sorted(reasons, key=surveys.period_key)
    )  # fmt: skip


def printed_waves(data: Answers) -> list[Wave]:
    """Earlier surveys of which only the printed indices are left: ``published.csv``, the definition.

    What the definition states under ``published`` gives way to a survey of the same period whose
    folder has a ``published.csv``.
    """
    # late: only what is asked for is loaded
    from pipeline.statistics.trend.comparable import Conditions
    from pipeline.statistics.trend.wave import Wave

    survey, broken = data.survey, broken_surveys(data.survey)
    waves: dict[str, Wave] = {}
    periods: dict[str, dict[str, Any]] = {}
    for row in survey.definition.published:
        kept = periods.setdefault(row.period, {})
        kept[row.unit] = row
    for period, rows in periods.items():
        rule = next((row.rule for row in rows.values() if row.rule), "")
        waves[period] = Wave(
            period, conditions=Conditions(rule=rule),
            published={unit: float(row.ikm.replace(",", ".")) for unit, row in rows.items()},
            letters={unit: row.letter for unit, row in rows.items()},
            respondents={unit: row.n for unit, row in rows.items() if row.n is not None},
        )  # fmt: skip
    for name in surveys.published_surveys(survey.root):
        if surveys.period_key(name) >= surveys.period_key(survey.name) or name in broken:
            continue
        told = surveys.read_published(survey, name)
        said: dict[str, Any] = {
            key: value.casefold() if key == "executor" else value for key, value in told.conditions.items()
        }
        waves[name] = Wave(
            name, conditions=Conditions(**said), published={u: float(v) for u, v in told.ikm.items()},
            letters=told.letter, respondents=told.n,
        )  # fmt: skip
    if not data.whole:
        waves = {name: _without_whole(wave) for name, wave in waves.items()}
        waves = {name: wave for name, wave in waves.items() if wave.published}
    return [waves[name] for name in sorted(waves, key=surveys.period_key)]


def _without_whole(wave: Wave) -> Wave:
    """A printed survey without the city's own index (the unit "")."""
    return replace(
        wave,
        published={unit: value for unit, value in (wave.published or {}).items() if unit},
        letters={unit: letter for unit, letter in (wave.letters or {}).items() if unit},
        respondents={unit: n for unit, n in (wave.respondents or {}).items() if unit},
    )


def earlier_answers(data: Answers) -> list[Answers]:
    """Answers of the newest surveys before this one that have been cleaned and can be used, oldest first."""
    root, broken = data.survey.root, broken_surveys(data.survey)
    folder = data.survey.processed.parent
    names = [name for name in surveys.before(data.survey) if name not in broken]
    return [open_answers(name, root) for name in names if (folder / name / "responses.parquet").is_file()]


def conditions(data: Answers) -> Conditions:
    """How a survey was held, from its answers where they say it, else from its definition."""
    # late: only what is asked for is loaded
    from pipeline.statistics.trend.comparable import Conditions

    definition = data.survey.definition

    def said(column: str, otherwise: str) -> str:
        values = data.responses[column].dropna().astype(str) if column in data.responses else None
        used = sorted({v.strip() for v in values} - {""}) if values is not None else []
        return "+".join(used) or otherwise

    modes = modes_of(data)
    return Conditions(
        rule=definition.rule,
        order=definition.order or "",
        scale=data.scale,
        mode="" if modes else definition.mode,
        modes=modes,
        executor=said("executor", definition.conducted_by).casefold(),
        wording=wordings(data.survey),
    )


def modes_of(data: Answers) -> dict[str, str]:
    """Ways each unit was asked, where the answers say it; empty where they do not."""
    if "mode" not in data.responses or not data.responses["mode"].notna().any():
        return {}
    stated = data.responses[["unit", "mode"]].dropna().astype(str).drop_duplicates()
    return {str(u): "+".join(sorted(m)) for u, m in stated.groupby("unit")["mode"]}
