"""Letters on the portal: how many units have which, and where on the scale each unit's index and interval lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import rules, standings

if TYPE_CHECKING:
    from pipeline.office.city import Results
    from pipeline.words import Words


def strip(found: Results, row: Any) -> dict[str, str] | None:
    """Places of index and interval on the scale, in per cent of its width; None where no index is shown."""
    if row.ikm != row.ikm or row.sign == rules.PRIVACY:
        return None

    def at(value: float) -> float:
        return (min(max(value, found.floor), 100.0) - found.floor) / (100.0 - found.floor) * 100.0

    low, high = (at(row.lower), at(row.upper)) if row.lower == row.lower else (at(row.ikm), at(row.ikm))
    return {"dot": f"{at(row.ikm):.1f}", "left": f"{low:.1f}", "wide": f"{high - low:.1f}"}


def scale(found: Results) -> str:
    """CSS of the scale behind the strips: a line where each letter begins; plain on a foreign scale."""
    if found.foreign:
        return "linear-gradient(var(--wash),var(--wash))"
    stops = []
    for letter in found.rule.letters:
        place = (float(letter.lower) - found.floor) / (100.0 - found.floor) * 100.0
        if 0 < place < 100:
            stops.append(place)
    parts, start = [], "0"
    for place in sorted(stops):
        parts.append(f"var(--wash) {start} {place:.2f}%,var(--muted) {place:.2f}% calc({place:.2f}% + 1px)")
        start = f"calc({place:.2f}% + 1px)"
    return f"linear-gradient(90deg,{','.join([*parts, f'var(--wash) {start} 100%'])})"


def distribution(found: Results, w: Words, lang: str) -> dict[str, Any] | None:
    """How many of the units that can be compared have each letter, and why the others are not counted.

    Returns
    -------
    dict or None
        ``counts``: letter, name, number in words and share of the highest number in per cent, best letter first;
        ``said``: a sentence. None on a foreign scale, and where no unit can be compared.
    """
    rows = list(standings.rows_of(found.standings))
    ranked = [row for row in rows if row.sign == "" and row.letter]
    if found.foreign or not ranked:
        return None
    tally = {
        letter.letter: sum(row.letter == letter.letter for row in ranked) for letter in found.rule.letters
    }
    most = max(tally.values())
    counts = [
        (
            letter.letter,
            letter.name[lang],
            w.integer(tally[letter.letter]),
            f"{100 * tally[letter.letter] / most:.0f}",
        )
        for letter in found.rule.letters
    ]
    left = {
        "only": sum(row.sign == rules.INFORMATION for row in rows),
        "few": sum(row.sign == rules.PRIVACY and row.n_valid >= 1 for row in rows),
        "empty": sum(row.n_valid < 1 for row in rows),
    }
    told = [w(f"portal.letters_{key}", units=w.integer(count)) for key, count in left.items() if count]
    said = w("portal.letters_said", units=w.integer(len(ranked)), listed=w.integer(len(rows)))
    return {
        "counts": counts,
        "said": said + (f" {w('portal.letters_left', kinds=w.join(told))}" if told else ""),
    }
