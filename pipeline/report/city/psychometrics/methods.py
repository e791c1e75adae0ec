"""What a paper needs of the chapter: the formulas computed, a paragraph to paste, and its references."""

from __future__ import annotations

import platform
import string
from typing import Any

from pipeline import __version__, blocks, results, rules, standings
from pipeline.report.base.at_random import how_drawn
from pipeline.report.base.scale_verdicts import city_rows, first
from pipeline.report.data.city import CityReport, say
from pipeline.report.data.unit import estimate
from pipeline.results import libraries
from pipeline.words import Words
from pipeline.words.formats import NOTHING
from pipeline.words.references import cite, library, listed
from pipeline.words.scale_verdicts import Scale

#: Formulas of the chapter: key under ``psychometrics.formula`` and LaTeX; ``@`` is a word of the reader's language.
FORMULAS = (
    ("alpha", r"\alpha = \frac{k}{k-1} \left( 1 - \frac{\sum_{j} s_j^2}{s_T^2} \right)"),
    ("rest", r"r_j = \frac{\sum_{l \neq j} c_{jl}}{s_j \sqrt{\sum_{l \neq j} \sum_{m \neq j} c_{lm}}}"),
    ("table", r"r_{\mathrm{@}} = \frac{t}{\sqrt{n - 2 + t^2}}"),
    ("kmo", r"\mathrm{KMO} = \frac{\sum_{j \neq l} r_{jl}^2}{\sum_{j \neq l} r_{jl}^2 + \sum_{j \neq l} q_{jl}^2}"),
    ("bartlett", r"\chi^2 = - \left( n - 1 - \frac{2k + 5}{6} \right) \ln D"),
    ("omega", r"\omega = \frac{\left( \sum_{j} a_j \right)^2}{\left( \sum_{j} a_j \right)^2 + \sum_{j} e_j}"),
    ("ave", r"\mathrm{AVE} = \frac{1}{k} \sum_{j} b_j^2"),
    ("cr", r"\mathrm{CR} = \frac{\left( \sum_{j} b_j \right)^2}"
           r"{\left( \sum_{j} b_j \right)^2 + \sum_{j} ( 1 - b_j^2 )}"),
    ("sem", r"\mathrm{SEM} = \frac{f}{k} s_T \sqrt{1 - \alpha}"),
)  # fmt: skip
SEED = 20170501


def formulas(city: CityReport) -> list[Any]:
    """Every formula behind a number of the chapter, with the words that read it aloud."""
    w = city.words
    return [
        blocks.formula(latex.replace("@", w("psychometrics.formula.table.at")),
                       w(f"psychometrics.formula.{key}.spoken"), key=f"psy-{key}",
                       caption=w(f"psychometrics.formula.{key}.text"))
        for key, latex in FORMULAS
    ]  # fmt: skip


def sentences(city: CityReport, s: Scale) -> list[str]:
    """Keys of the sentences that these results support, in the order of the paragraph."""
    definition, rows = city.survey.definition, city_rows(city)
    drawn = how_drawn(definition.sampling)
    ranks = results.pick(city.table("ranking"), statistic="rank_low")
    doubted = results.pick(city.table("integrity"), statistic="ikm_without_flagged")
    beside = [first(rows, "reliability", name) for name in ("lambda2", "split_half_horst", "sem")]
    inside = s.alpha.inside
    end = "_inside" if inside else ""
    told = {
        _held(city, s): True,
        "sample": True,
        "drawn": drawn == "random",
        "nonrandom": drawn == "convenience",
        "undrawn": drawn == "unrecorded",
        "required": city.standings["required"].notna().any(),
        "mode": bool(definition.mode),
        "index_own" if weighs(city) else "index": True,
        "hall": not s.ceiling.total,
        "ranks": len(city.ranked) > 1 and ranks["estimate"].notna().any(),
        "missing": True,
        "doubt": doubted["estimate"].notna().any(),
        f"alpha{end}": s.alpha.value is not None,
        "jackknife": s.alpha.lower is not None,
        "beside": all(estimate(row) is not None for row in beside),
        f"omega{end}": s.omega is not None and s.omega.value is not None,
        "categorical": s.omega is not None and s.omega.categorical is not None,
        f"items{end}": bool(s.fits.judged),
        f"factorability{end}": s.factorability is not None and s.factorability.kmo is not None,
        "dimensions_inside": inside and s.dimensions is not None,
        "dimensions": s.dimensions is not None and s.dimensions.ordinal is not None,
        "dimensions_ordinary": not inside and s.dimensions is not None and s.dimensions.ordinal is None,
        "inside": inside and s.model is not None and s.model.scaled is not None,
        "ordinal": s.model is not None and s.model.scaled is not None and s.model.ordinal,
        "ml": not inside and s.model is not None and s.model.scaled is not None and not s.model.ordinal,
        "invariance": any(v.level for v in s.invariance),
        "dif": s.dif is not None and bool(s.dif.tested),
        "limits" if s.decreed else "limits_own": True,
        "piled": s.ceiling.share is not None,
        "limits_all": True,
        "software": True,
    }
    return [key for key, holds in told.items() if holds]


def _held(city: CityReport, s: Scale) -> str:
    """Which regulation the survey may be said to follow; none where it asks or scores otherwise (R11, R12)."""
    if not s.decreed:
        return "own"
    return "decree" if city.rule.id == rules.DEFAULT else "rule"


def weighs(city: CityReport) -> bool:
    """Whether some unit's index has a list of its own, so that one formula does not say them all."""
    return any(city.survey.weights(unit.id) is not None for unit in city.survey.units)


def _units(city: CityReport) -> str:
    """How many units the complete questionnaires came from."""
    w, answered = city.words, int((city.standings["n_valid"] > 0).sum())
    counted = standings.counted_units(city.table("index"))
    if counted is not None and 0 < counted.units < answered:
        values = {"units": w.integer(counted.units), "others": w.integer(answered - counted.units)}
        return w("psychometrics.methods.units_some", **values)
    if answered == 1:
        return w("psychometrics.methods.units_one")
    return w("psychometrics.methods.units_all", units=w.integer(answered))


def values(city: CityReport, s: Scale) -> dict[str, str]:
    """Everything a sentence may name."""
    w, definition = city.words, city.survey.definition
    a, o, k, m = s.alpha, s.omega, s.factorability, s.model
    judged = [fit.rest for fit in s.fits.judged if fit.rest is not None]
    fit, robust = (m.scaled, m.robust) if m else (None, None)

    def number(value: float | None, digits: int = 2) -> str:
        return w.number(value, digits)

    def interval(x: Any, digits: int = 2) -> str:
        return w.interval(x.lower, x.upper, digits) if x is not None else NOTHING

    def beside(x: Any) -> str:
        bounded = x is not None and x.lower is not None and x.upper is not None
        return w("scale.alpha.interval", interval=w.interval(x.lower, x.upper)) if bounded else ""

    return {
        "survey": definition.text(definition.title, city.lang)
        + (city.words("set.of_survey", set=city.part.name) if city.part else ""),
        "units": _units(city), "rule": city.rule.short,
        "sampling": definition.sampling.strip().rstrip("."), "n": w.integer(s.n), "k": w.integer(s.items),
        "mode": w.label("mode", definition.mode) if definition.mode else w("common.unknown"),
        "factor": number(city.factor, 0 if city.factor % 1 == 0 else 2),
        "alpha": number(a.value), "alpha_interval": beside(a), "alpha_pooled": number(a.pooled),
        "piled": w.percent(s.ceiling.share) if s.ceiling.share is not None else NOTHING,
        "omega": number(o.value if o else None),
        "omega_interval": beside(o), "categorical": number(o.categorical if o else None),
        "rest_low": number(min(judged, default=None)), "rest_high": number(max(judged, default=None)),
        "kmo": number(k.kmo if k else None), "chisq": number(k.chisq if k else None, 1),
        "df": w.integer(k.df if k else None), "p": w.p(k.p if k else None),
        "pearson": w.integer(s.dimensions.pearson if s.dimensions else None),
        "polychoric": w.integer(s.dimensions.ordinal) if s.dimensions and s.dimensions.ordinal is not None
        else NOTHING,
        "cfi": number(fit.cfi if fit else None, 3), "rmsea": number(fit.rmsea if fit else None, 3),
        "rmsea_interval": interval(fit, 3), "srmr": number(fit.srmr if fit else None, 3),
        "robust_cfi": number(robust.cfi if robust else None, 3),
        "robust_rmsea": number(robust.rmsea if robust else None, 3),
        "tested": w.integer(s.dif.tested) if s.dif else NOTHING,
        "flagged": w.integer(len(s.dif.flagged)) if s.dif else NOTHING,
        "version": __version__, "python": platform.python_version(), "packages": _packages(w),
        "seed": str(SEED), "hash": city.data_hash or NOTHING,
    }  # fmt: skip


def _packages(w: Words) -> str:
    """The libraries that compute, with their versions."""
    return w.join(" ".join(pair) for pair in libraries.versions())


def cited(w: Words, keys: list[str]) -> list[str]:
    """Entries of the literature that these sentences name."""
    names: list[str] = []
    for key in keys:
        template = w.template(f"psychometrics.methods.{key}")
        names += [name for _, name, _, _ in string.Formatter().parse(template) if name and name in library()]
    return list(dict.fromkeys(names))


def paragraph(city: CityReport, s: Scale) -> list[Any]:
    """A methods paragraph ready to paste, and the references it cites."""
    w, keys = city.words, sentences(city, s)
    sources = cited(w, keys)
    filled = values(city, s) | {key: cite(key) for key in sources}
    text = " ".join(w(f"psychometrics.methods.{key}", **filled) for key in keys)
    return [
        say(w, "psychometrics.methods.lead", style="note"),
        blocks.prose(text),
        blocks.heading(w("psychometrics.references"), level=4, key="psy-references"),
        blocks.bullets(listed(sources)),
    ]
