"""From a sample to questionnaires: what respondents, interviewers and typists do to answers.

Nothing here is a typing error (see ``dirt``); it is behaviour: questions left blank, fees
that do not apply, the same answer everywhere, paper keyed in on one day, clocks at midnight.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import numpy as np

from pipeline.demo import city
from pipeline.demo.model import ITEMS, Sample, fieldwork, stream

#: One questionnaire: codes, not words. An answer is 1-4, None (blank) or "na" (does not apply).
Record = dict[str, Any]

BLANK_SHARE = 0.012
STRAIGHT_SHARE, STRAIGHT_SHARE_FLAGGED = 0.012, 0.24
NOT_APPLICABLE = {"RSUD": 0.16}  # insured patients pay nothing and are told to skip the fee


def _behave(sample: Sample, rng: np.random.Generator, log: Counter[str]) -> list[list[Any]]:
    # Answers as lists of 1-4, None or "na", after the behaviour of respondents.
    size = len(sample.scores)
    straight = rng.random(size) < (
        STRAIGHT_SHARE_FLAGGED if sample.unit.id == city.STRAIGHT_LINES else STRAIGHT_SHARE
    )
    level = rng.choice((3, 4), size, p=(0.6, 0.4))
    blank = rng.random((size, len(ITEMS))) < BLANK_SHARE
    skips_fee = rng.random(size) < NOT_APPLICABLE.get(sample.unit.type, 0.0)
    answers: list[list[Any]] = []
    if sample.unit.id == city.CONSTANT and sample.year >= 2025:
        log["constant"] += size
        return [[4] * len(ITEMS) for _ in range(size)]
    for i in range(size):
        row: list[Any] = [int(level[i])] * len(ITEMS) if straight[i] else [int(v) for v in sample.scores[i]]
        if straight[i]:
            log["straight-line"] += 1
        else:
            row = [None if hole else value for hole, value in zip(blank[i], row)]
        if skips_fee[i]:
            row[3] = "na"
        log["blank-answer"] += sum(value is None for value in row)
        log["not-applicable"] += row[3] == "na"
        answers.append(row)
    return answers


def _entry_times(sample: Sample, rng: np.random.Generator, log: Counter[str]) -> list[dt.datetime]:
    size = len(sample.times)
    if sample.unit.id == city.BULK_ENTRY:
        # The whole pile of paper on the last evening, a questionnaire every ten seconds or so.
        start = dt.datetime.combine(fieldwork(sample.year)[1], dt.time(19, 5))
        log["bulk-entry"] += size
        return [start + dt.timedelta(seconds=int(s)) for s in np.cumsum(rng.integers(6, 15, size))]
    delay = rng.gamma(1.5, 1.4, size)
    return [
        t.replace(hour=8, minute=0, second=0)
        + dt.timedelta(days=1 + int(d), minutes=int(rng.integers(0, 440)), seconds=int(rng.integers(0, 60)))
        for t, d in zip(sample.times, delay)
    ]


def records(sample: Sample, seed: int, log: Counter[str] | None = None) -> list[Record]:
    """Questionnaires of one unit and year, in the order of answering.

    Parameters
    ----------
    sample : Sample
    seed : int
    log : Counter, optional
        Counts of what was done, by kind.

    Examples
    --------
    >>> from pipeline.demo import model
    >>> rows = records(model.sample(city.CATALOGUE[0], 2025, 0.1, 30, 1), 1)
    >>> len(rows), rows[0]["unit"]
    (30, 'dinas-kependudukan-dan-pencatatan-sipil')
    """
    log = Counter() if log is None else log
    rng = stream(seed, "behaviour", sample.unit.id, sample.year)
    answers = _behave(sample, rng, log)
    entered = _entry_times(sample, rng, log)
    at_midnight = rng.random(len(answers)) < (0.35 if sample.unit.id == city.MIDNIGHT else 0.0)
    interviewers = rng.integers(1, 5, len(answers))
    services = list(sample.unit.services)
    profile = sample.profile
    out: list[Record] = []
    for i, row in enumerate(answers):
        moment = sample.times[i].replace(hour=0, minute=0, second=0) if at_midnight[i] else sample.times[i]
        log["midnight"] += int(at_midnight[i])
        out.append(
            {
                "unit": sample.unit.id,
                "service": services[profile.service[i]],
                "answered_at": moment,
                "entered_at": max(entered[i], moment),
                "sex": str(profile.sex[i]),
                "age": int(profile.age[i]),
                "education": str(profile.education[i]),
                "occupation": str(profile.occupation[i]),
                "disability": "yes" if profile.disability[i] else "no",
                "interviewer": 7 if sample.unit.id == city.BULK_ENTRY else int(interviewers[i]),
                "suggestion": sample.suggestions[i],
                **dict(zip(ITEMS, row)),
            }
        )
    # People who filled in the profile and no question at all: set aside, but never lost.
    for i in range(round(0.006 * len(out))):
        log["no-answers"] += 1
        other = out[i * 7]
        later = {"answered_at": other["answered_at"] + dt.timedelta(minutes=11), "age": other["age"] + 1}
        out.append({**other, **later, **dict.fromkeys(ITEMS), "suggestion": ""})
    return out
