"""Services that only free text names, of fewer than five answers: counted as "lainnya" before anything is published.

Whoever types a service may type anything: a name that no list knows, a story. What the office lists (units.csv,
services.csv, a table of codes, the definition) is its own word and stays; so does what five people wrote alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.intake.account.ledger import Ledger
from pipeline.intake.account.privacy import TAG
from pipeline.intake.ground.coded import Coded, constant
from pipeline.intake.rows.lookups import Lookups
from pipeline.survey import Survey
from pipeline.survey.text import fold

if TYPE_CHECKING:
    import pandas as pd

#: What such a service is called, and how many answers keep a name.
OTHER, ENOUGH = "lainnya", 5


def listed_services(survey: Survey, lookups: Lookups) -> set[str]:
    """Return the folded names of services that somebody of the office wrote down."""
    told = {text for unit in survey.units for text in (*unit.services, *unit.service_aliases)}
    told |= set(lookups.texts.get("service", {}).values())
    told |= {entry.service for entry in survey.definition.files if entry.service}
    return {fold(str(text)) for text in told}


def _files(frame: pd.DataFrame, at: np.ndarray) -> Coded:
    column = frame["source_file"].cat
    return Coded(column.codes.to_numpy()[at].astype(np.int32), np.array(column.categories, dtype=object))


def few(frame: pd.DataFrame, survey: Survey, lookups: Lookups, ledger: Ledger) -> pd.DataFrame:
    """Return the responses with rare unlisted services as one; each changed row is entered, without its text.

    Counted over the whole survey, however a name is spelt. Where something that identifies a person stood in
    the cell, what is left of it is no service's name either.
    """
    import pandas as pd

    column = frame["service"].cat
    names = [str(name) for name in column.categories]
    codes = column.codes.to_numpy()
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    total: dict[str, int] = {}
    for name, count in zip(names, counts.tolist()):
        total[fold(name)] = total.get(fold(name), 0) + count
    known = listed_services(survey, lookups)
    tags = [" ".join(f"<{kind}>" for kind in TAG.findall(name)) for name in names]
    masked = np.array([bool(tag) for tag in tags], dtype=bool)
    few_name = [total[fold(n)] < ENOUGH and fold(n) not in known and n != OTHER for n in names]
    rare = np.array(few_name, dtype=bool) | masked
    if not (rare & (counts > 0)).any():
        return frame
    for reason, which in (("masked-identity", masked), ("rare-service", rare & ~masked)):
        at = np.flatnonzero((codes >= 0) & which[codes])
        # Of what was written only the kind of identity is entered; file and row lead to the rest.
        value = Coded(codes[at].astype(np.int32), np.array(tags, dtype=object))
        ledger.add(reason, _files(frame, at), frame["source_row"].to_numpy()[at].astype(np.int64), role="wide",
                   column=constant("service", len(at)), value=value)  # fmt: skip
    kept = [name for name, gone in zip(names, rare) if not gone]
    final = sorted({*kept, OTHER})
    place = {name: number for number, name in enumerate(final)}
    table = np.array([place[OTHER if gone else name] for name, gone in zip(names, rare)], dtype=np.int32)
    made = pd.Categorical.from_codes(np.where(codes < 0, -1, table[codes]), categories=pd.Index(final))
    return frame.assign(service=made.remove_unused_categories())
