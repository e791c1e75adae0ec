"""Do two surveys use the questions alike: what a change of the index between them presumes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import results
from pipeline.statistics.psychometrics.invariance.table import between

if TYPE_CHECKING:
    import pandas as pd

#: Levels that must hold for two means to be held against one another: loadings and starting points are equal.
ENOUGH = "scalar"
ALIKE, OTHERWISE = "alike", "otherwise"
#: Reason of a verdict that is not given because the answers of both surveys are not of one factor.
NO_FIT = "one-factor-fails"


def table(now: pd.DataFrame, then: pd.DataFrame, other: str, survey: str = "") -> pd.DataFrame:
    """Test whether the respondents of two surveys use the items alike.

    Parameters
    ----------
    now, then : DataFrame
        Answers of both surveys, of the units and items that are compared.
    other : str
        Name of the earlier survey.
    survey : str

    Returns
    -------
    DataFrame
        Tidy rows, scope surveys, ``other`` the earlier survey.

        ======================= ====================================================================
        ``year_invariance``     highest level that holds in ``group``; ``numerator`` of ``denominator``
                                levels; ``text`` alike where loadings and starting points are equal, else
                                otherwise. Nothing is said (``one-factor-fails``) where one factor does not fit
        ``year_fit``            of each level (``group``): ``item`` cfi, rmsea, cfi_change, rmsea_change
        ======================= ====================================================================

        The ordinal model (``wlsmv-scaled``) from 200 complete answers of each survey on, the normal one
        (``ml``) from 100; below, the reason.

    Notes
    -----
    The rule of a level is `invariance.table.holds`. The models are those of `multigroup_cfa`, held against lavaan.

    Examples
    --------
    >>> import pandas as pd
    >>> random = np.random.default_rng(2)
    >>> latent = random.normal(size=(800, 1)) + random.normal(size=(800, 5))
    >>> a = pd.DataFrame(np.digitize(latent, [-1.5, 0, 1.5]) + 1, columns=[f"U{j}" for j in range(1, 6)])
    >>> made = table(a[:400], a[400:], "2023")
    >>> made.loc[made.statistic == "year_invariance", ["group", "text", "method"]].values.tolist()
    [['scalar', 'alike', 'wlsmv-scaled']]
    """
    import pandas as pd

    both = pd.concat([now, then], ignore_index=True)
    year = pd.Series(["now"] * len(now) + ["then"] * len(then))
    base = {"survey": survey, "scope": "surveys", "other": other}
    reason, n = "too-few", int(min(len(now.dropna()), len(then.dropna())))
    for method in ("wlsmv", "ml"):
        found = between(both, year, "year", survey, methods=(method,))
        verdict = next(results.rows_of(results.pick(found, statistic="invariance")), None)
        if verdict is None:
            refused = results.pick(found, statistic="configural")
            why = str(refused["reason"].iloc[0]) if len(refused) else ""
            reason = reason if why == "few-groups" else why or reason
            continue
        held, known = verdict.text, verdict.text != "none"
        rows: list[dict[str, Any]] = [base | {
            "statistic": "year_invariance", "group": held if known else "", "method": verdict.method, "n": n,
            "estimate": verdict.estimate if known else np.nan, "numerator": verdict.numerator,
            "denominator": verdict.denominator, "reason": "" if known else NO_FIT,
            "text": "" if not known else ALIKE if held in (ENOUGH, "strict") else OTHERWISE,
        }]  # fmt: skip
        wanted = ["cfi", "rmsea", "cfi_change", "rmsea_change"]
        for row in results.rows_of(results.pick(found, method=verdict.method, other=wanted)):
            rows.append(base | {"statistic": "year_fit", "group": row.statistic, "item": row.other, "n": n,
                                "method": verdict.method, "estimate": row.estimate})  # fmt: skip
        return results.frame(rows)
    return results.frame([base | {"statistic": "year_invariance", "n": n, "reason": reason}])
