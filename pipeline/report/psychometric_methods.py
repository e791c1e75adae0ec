"""What a paper needs of the chapter: the formulas computed, a paragraph to paste, and its references."""

from __future__ import annotations

import platform
import string
from importlib import metadata
from typing import Any

from pipeline import __version__, blocks
from pipeline.report.overview_data import NOTHING, CityReport, say
from pipeline.words import Words
from pipeline.words.references import cite, library, listed
from pipeline.words.scale_verdicts import Scale

#: Formulas of the chapter: key under ``psychometrics.formula`` and LaTeX.
FORMULAS = (
    ("alpha", r"\alpha = \frac{k}{k-1} \left( 1 - \frac{\sum_{j} s_j^2}{s_T^2} \right)"),
    ("rest", r"r_j = \frac{\sum_{l \neq j} c_{jl}}{s_j \sqrt{\sum_{l \neq j} \sum_{m \neq j} c_{lm}}}"),
    ("table", r"r_{\mathrm{tabel}} = \frac{t}{\sqrt{n - 2 + t^2}}"),
    ("kmo", r"\mathrm{KMO} = \frac{\sum_{j \neq l} r_{jl}^2}{\sum_{j \neq l} r_{jl}^2 + \sum_{j \neq l} q_{jl}^2}"),
    ("bartlett", r"\chi^2 = - \left( n - 1 - \frac{2k + 5}{6} \right) \ln D"),
    ("omega", r"\omega = \frac{\left( \sum_{j} a_j \right)^2}{\left( \sum_{j} a_j \right)^2 + \sum_{j} e_j}"),
    ("ave", r"\mathrm{AVE} = \frac{1}{k} \sum_{j} b_j^2"),
    ("cr", r"\mathrm{CR} = \frac{\left( \sum_{j} b_j \right)^2}"
           r"{\left( \sum_{j} b_j \right)^2 + \sum_{j} ( 1 - b_j^2 )}"),
    ("sem", r"\mathrm{SEM} = \frac{f}{k} s_T \sqrt{1 - \alpha}"),
)  # fmt: skip
#: Packages whose version changes the numbers of this chapter.
PACKAGES = ("numpy", "scipy", "pandas", "statsmodels")
SEED = 20170501


def formulas(city: CityReport) -> list[Any]:
    """Every formula behind a number of the chapter, with the words that read it aloud."""
    w = city.words
    return [
        blocks.formula(latex, w(f"psychometrics.formula.{key}.spoken"), key=f"psy-{key}",
                       caption=w(f"psychometrics.formula.{key}.text"))
        for key, latex in FORMULAS
    ]  # fmt: skip


def sentences(city: CityReport, s: Scale) -> list[str]:
    """Keys of the sentences that these results support."""
    keys = ["sample", *(["mode"] if city.survey.definition.mode else []), "index", "missing"]
    if s.alpha.value is not None:
        keys.append("alpha")
    if s.omega and s.omega.value is not None:
        keys.append("omega")
    if s.omega and s.omega.categorical is not None:
        keys.append("categorical")
    if s.fits.judged:
        keys.append("items")
    if s.factorability and s.factorability.kmo is not None:
        keys.append("factorability")
    if s.dimensions:
        keys.append("dimensions")
    if s.model and s.model.scaled:
        keys.append("ordinal" if s.model.ordinal else "ml")
    if any(v.level for v in s.invariance):
        keys.append("invariance")
    if s.dif and s.dif.tested:
        keys.append("dif")
    return [*keys, "limits" if s.decreed else "limits_own", "software"]


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

    return {
        "survey": definition.text(definition.title, city.lang),
        "units": w.integer(len(city.ranked)), "n": w.integer(s.n), "k": w.integer(s.items),
        "mode": w.label("mode", definition.mode) if definition.mode else w("common.unknown"),
        "factor": number(city.factor, 0 if city.factor % 1 == 0 else 2),
        "alpha": number(a.value), "alpha_interval": interval(a), "omega": number(o.value if o else None),
        "omega_interval": interval(o), "categorical": number(o.categorical if o else None),
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
        "version": __version__, "python": platform.python_version(), "packages": w.join(_versions()),
        "seed": str(SEED), "hash": city.data_hash or NOTHING,
    }  # fmt: skip


def _versions() -> list[str]:
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return found


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
