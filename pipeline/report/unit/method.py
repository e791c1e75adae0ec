"""How the numbers were computed: formulas, versions, hashes, references."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, Any

from pipeline import __version__, blocks
from pipeline.report.base.section import say, section
from pipeline.results import libraries
from pipeline.words.references import listed

if TYPE_CHECKING:
    from pipeline.report.data.unit import UnitReport

#: Formulas of the report: key under ``unit.method`` and LaTeX.
FORMULAS = (
    ("nrr", r"\mathrm{NRR}_j = \frac{1}{n_j} \sum_{i=1}^{n_j} x_{ij}"),
    ("ikm", r"\mathrm{IKM} = 25 \cdot \frac{1}{k} \sum_{j=1}^{k} \mathrm{NRR}_j"),
    ("se", r"u_i = \frac{25}{k} \sum_{j=1}^{k} \frac{r_{ij} (x_{ij} - \mathrm{NRR}_j)}{p_j}, \quad "
           r"\mathrm{SE} = \frac{s_u}{\sqrt{n}} \sqrt{1 - \frac{n}{N}}"),
    ("hall", r"\mathrm{IKM} - s \sqrt{1 - \frac{n}{N}} \cdot \frac{3}{g} \left( \left( 1 + g \left( "
             r"\frac{t}{\sqrt{n}} - \frac{g}{6n} \right) \right)^{1/3} - 1 \right)"),
    ("sample", r"S = \frac{\chi^2 N P (1 - P)}{d^2 (N - 1) + \chi^2 P (1 - P)}"),
    ("alpha", r"\alpha = \frac{k}{k-1} \left( 1 - \frac{\sum_{j} s_j^2}{s_T^2} \right)"),
    ("rest", r"r_j = \mathrm{cor}\left( x_j, \sum_{l \neq j} x_l \right)"),
    ("kmo", r"\mathrm{KMO} = \frac{\sum_{j \neq l} r_{jl}^2}{\sum_{j \neq l} r_{jl}^2 + \sum_{j \neq l} q_{jl}^2}"),
)  # fmt: skip

#: The same for a unit whose indicators weigh differently.
OWN = {
    "ikm": r"\mathrm{IKM} = 25 \sum_{j=1}^{k} w_j \, \mathrm{NRR}_j",
    "se": r"u_i = 25 \sum_{j=1}^{k} w_j \frac{r_{ij} (x_{ij} - \mathrm{NRR}_j)}{p_j}, \quad "
          r"\mathrm{SE} = \frac{s_u}{\sqrt{n}} \sqrt{1 - \frac{n}{N}}",
}  # fmt: skip

#: What a unit report cites (``words/references.bib``).
CITED = (
    "permenpanrb2017", "krejcie1970", "hall1992", "cronbach1951", "efron1981", "satterthwaite1946", "cureton1966",
    "kaiser1974", "goldstein1996", "green2009", "chalmers2018", "rosseel2012", "diamantopoulos2001",
)  # fmt: skip


@section("method")
def method(u: UnitReport) -> Any:
    """State formulas, decisions, versions, hashes and references."""
    head = blocks.heading(u.words("unit.method.references"), level=3, key="references")
    return blocks.group(computed(u), head, cited(u))


def cited(u: UnitReport) -> Any:
    """List the literature of the report."""
    return blocks.bullets(listed(CITED))


def computed(u: UnitReport) -> Any:
    """State formulas, decisions, letters, versions and hashes."""
    w = u.words
    made: list[Any] = [say(w, "unit.method.lead", rule=u.rule.title[u.lang], scale_low=u.scale[0],
                           scale_high=u.scale[1])]  # fmt: skip
    for key, latex in FORMULAS:
        said = f"{key}_own" if key in OWN and _weighs(u) else key
        made.append(say(w, f"unit.method.{said}.text"))
        latex = printed(key, latex, _weighs(u), int(u.scale[1]))
        if u.foreign:
            latex = latex.replace(r"\mathrm{IKM}", rf"\mathrm{{{w('common.index')}}}")
        made.append(blocks.formula(latex, w(f"unit.method.{said}.spoken"), key=f"formula-{key}"))
    made.append(blocks.heading(w("unit.method.decisions"), level=3, key="decisions"))
    made.append(blocks.bullets([w(f"unit.method.decision.{name}") for name in decisions(u)]))
    made += [letters(u), versions(u)]
    return blocks.group(made)


def printed(key: str, latex: str, weighs: bool, highest: int) -> str:
    r"""The formula as a unit's report prints it: with its own weights, and the factor of its own scale.

    Examples
    --------
    >>> printed("ikm", r"25 \cdot m", False, 5)
    '\\frac{100}{5} \\cdot m'
    """
    latex = OWN.get(key, latex) if weighs else latex
    if key not in OWN or highest == 4:
        return latex
    # The index and the error of its scores share one factor.
    own = rf"\frac{{100}}{{{highest}}}"
    return latex.replace(r"\frac{25}{k}", rf"{own} \cdot \frac{{1}}{{k}}").replace("25", own)


def _weighs(u: UnitReport) -> bool:
    """Whether the unit's indicators have weights that differ."""
    own = u.survey.weights(u.unit.id) if u.unit.id != "unknown" else None
    return own is not None and len(set(own.values())) > 1


def decisions(u: UnitReport) -> list[str]:
    """Decisions that apply to this report."""
    common = [
        "missing",
        "letter" if not u.foreign else "foreign",
        "users" if not u.foreign else "users_foreign",
        "certainty",
        "few",
        "alpha",
        "flags",
        "comparison",
        "lowest",
    ]
    return [name for name in common if not (u.foreign and name == "certainty")]


def letters(u: UnitReport) -> Any:
    """Table of the letters and their bounds under the survey's rule."""
    if u.foreign:
        return None
    w = u.words
    rows = [
        [g.letter, g.name[u.lang], w.number(g.lower), w.number(g.upper)]
        for g in sorted(u.rule.letters, key=lambda g: -g.lower)
    ]
    return blocks.table(
        blocks.columns(
            w, letter=("unit.unsur.col_letter", ""), name=("unit.method.col_name", "1fr"),
            lower="unit.method.col_lower", upper="unit.method.col_upper",
        ),
        rows, caption=w("unit.method.letters_caption", rule=u.rule.short), key="letters",
        note="" if u.rule.verified else w("unit.method.unverified"),
    )  # fmt: skip


def versions(u: UnitReport) -> Any:
    """Table of versions and hashes: what somebody needs to compute this report again."""
    w = u.words
    rows = [
        ["skm-pipeline", __version__],
        [w("unit.method.rule"), f"{u.rule.id} ({u.rule.digest[:12]})"],
        [w("unit.method.definition"), str(u.survey.digest)[:16]],
        [w("unit.method.own_rows"), u.data_hash],
        ["Python", platform.python_version()],
    ]
    rows += [[name, version] for name, version in libraries.versions()]
    return blocks.table(
        blocks.columns(w, what=("unit.method.col_what", ""), value=("unit.method.col_value", "1fr")),
        rows, caption=w("unit.method.versions_caption"), key="versions",
    )  # fmt: skip
