"""How often is an honest unit asked for an explanation, and how often is manipulation found?

    python benchmarks/integrity.py [units]      writes benchmarks/integrity.json and the tables of docs/integrity.md

Honest units have 30 to 400 answers, nine items that hang together at the ceiling of a real
survey (up to 60 % give only the highest answer), days that differ, people who come together and
answer alike, and one of the habits of real offices: answers recorded as they are given, one-day
events (people arriving one by one, or a hall filling in the form at the same time), paper keyed
every week, paper keyed all at once at the end, dates without a time of day, or a mixture with
paper keyed every week. A mixture whose paper was keyed in one batch is reported apart: by its
times it cannot be told from bulk entry, and nothing should pretend otherwise, unless the definition
says which rows were paper. Ceilings, queues, companions and families are in `honest_units`.
Manipulated units start as honest ones. Units are judged in cities of 48, as the product does.
Seeded: the output does not change on the same versions.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import beta

from pipeline.statistics.data.levels import groups, levels
from pipeline.statistics.integrity import careless
from pipeline.statistics.integrity import tests as doubt_tests

SEED, CITY, MANIPULATED = 20241125, 48, 6
ITEMS = [f"U{i}" for i in range(1, 10)]
HABITS = {
    "as_given": 0.30, "event_arrivals": 0.12, "event_hall": 0.08, "paper_weekly": 0.20,
    "paper_at_the_end": 0.10, "dates_only": 0.12, "mixed": 0.08,
}  # fmt: skip
DAY = 86_400
START = 19_723 * DAY  # 1 January 2024
SHIFTS = np.linspace(-2.2, 1.6, 39)


def respond(random: np.random.Generator, shift: np.ndarray) -> np.ndarray:
    """Nine answers of each respondent from one latent satisfaction (as `equal_cities`)."""
    person = random.normal(size=len(shift)) * 1.15 + shift
    easy = np.linspace(-0.3, 0.3, 9)
    latent = person[:, None] + random.normal(size=(len(shift), 9)) * 0.55 + easy
    return 1 + (latent > -3.3) + (latent > -2.1) + (latent > -0.35)


def ceiling() -> np.ndarray:
    """Share of all-fours at each of `SHIFTS`."""
    random = np.random.default_rng(SEED)
    return np.array([(respond(random, np.full(20_000, s)) == 4).all(1).mean() for s in SHIFTS])


def keyed(random: np.random.Generator, n: int, begin: float) -> np.ndarray:
    """Times of forms typed one after another: 15 to 60 seconds each."""
    return begin + np.cumsum(random.uniform(15, 60, n))


def working(random: np.random.Generator, n: int, days: int) -> np.ndarray:
    """Times within the opening hours of some days."""
    day = random.integers(0, days, n) * 7 // 5
    return START + day * DAY + 8 * 3600 + random.uniform(0, 7 * 3600, n)


def stamps(
    random: np.random.Generator, n: int, habit: str
) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None]:
    """When rows were answered and entered (None: not recorded), and which were on paper."""
    days = int(random.integers(20 if habit == "mixed" else 5, 61))
    answered = np.sort(working(random, n, days))
    if habit == "dates_only":
        return answered // DAY * DAY, None, None
    if habit.startswith("event"):
        there = random.random(n) < random.uniform(0.2, 1.0)
        day = START + random.integers(0, days) * DAY + 8 * 3600
        m = int(there.sum())
        if habit == "event_hall":
            hall = random.integers(0, max(1, m // 25) + 1, m)
            answered[there] = day + 3600 * hall + random.gamma(3.0, 60.0, m)
        else:
            answered[there] = day + random.uniform(0, random.uniform(3, 7) * 3600, m)
        answered = np.sort(answered)
    if habit in ("as_given", "event_arrivals", "event_hall"):
        return answered, answered, None
    paper = (
        np.ones(n, dtype=bool)
        if not habit.startswith("mixed")
        else random.random(n) < random.uniform(0.2, 0.6)
    )
    entered = answered.copy()
    batch = np.zeros(n) if habit in ("paper_at_the_end", "mixed_one_batch") else answered // (7 * DAY)
    for b in np.unique(batch[paper]):
        these = np.flatnonzero(paper & (batch == b))
        evening = answered[these].max() // DAY * DAY + DAY + random.uniform(8, 18) * 3600
        entered[these] = keyed(random, len(these), evening)
    answered = np.where(paper, answered // DAY * DAY, answered)
    return answered, entered, paper


def unit(
    random: np.random.Generator, share: np.ndarray, habit: str = "", stated: bool = False
) -> pd.DataFrame:
    """One honest unit, in the order in which its rows reached the file; ``stated``: with the mode of each row."""
    n = int(random.integers(30, 401))
    habit = habit or str(random.choice(list(HABITS), p=list(HABITS.values())))
    answered, entered, paper = stamps(random, n, habit)
    order = np.argsort(answered if entered is None else entered, kind="stable")
    answered = answered[order]
    entered = None if entered is None else entered[order]
    base = np.interp(random.uniform(0.01, 0.60), share, SHIFTS)
    _, day = np.unique(answered // DAY, return_inverse=True)
    mood = random.normal(0, 0.25, day.max() + 1)
    if habit.startswith("event"):
        mood[np.bincount(day).argmax()] += random.normal(0, 0.4)
    scores = respond(random, base + mood[day])
    # People who come together fill in the form together.
    for i in np.flatnonzero(random.random(n) < 0.03):
        if i:
            scores[i] = scores[i - 1]
    frame = pd.DataFrame(scores, columns=ITEMS)
    frame["sex"] = random.choice(["male", "female"], n)
    frame["age"] = np.clip(random.normal(38, 13, n).round(), 17, 80).astype(int)
    frame["education"] = random.choice(["smp", "sma", "d3", "s1"], n, p=[0.2, 0.45, 0.1, 0.25])
    frame["occupation"] = random.choice(["swasta", "wirausaha", "pns", "lainnya"], n)
    frame["answered_at"], frame["entered_at"] = answered, np.nan if entered is None else entered
    frame.attrs["base"] = base
    if stated and paper is not None:
        frame["mode"] = np.where(paper[order], "self-paper", "online")
    return frame


def padding(random: np.random.Generator, f: pd.DataFrame, part: float) -> pd.DataFrame:
    """The last rows are one value throughout; their times look like the unit's other times."""
    rows = np.arange(len(f) - round(part * len(f)), len(f))
    f.loc[rows, ITEMS] = 4 if random.random() < 0.8 else 3
    return f


def bulk(random: np.random.Generator, f: pd.DataFrame, part: float, both: bool = True) -> pd.DataFrame:
    """Favourable rows typed in one sitting after the field period, dated within it."""
    m = round(part * len(f))
    rows = np.arange(len(f) - m, len(f))
    end = f[["answered_at", "entered_at"]].max().max() // DAY * DAY + DAY + 19 * 3600
    f.loc[rows, ITEMS] = respond(random, np.full(m, f.attrs["base"] + 0.8))
    f.loc[rows, "entered_at"] = keyed(random, m, end)
    f.loc[rows, "answered_at"] = (
        np.sort(random.choice(f["answered_at"].to_numpy()[: len(f) - m], m)) // DAY * DAY
    )
    if not both:
        f["answered_at"] = f["entered_at"]
        f["entered_at"] = np.nan
    return f


def bulk_one_stamp(random: np.random.Generator, f: pd.DataFrame, part: float) -> pd.DataFrame:
    """The same where only one time is recorded: nothing says that rows are late."""
    return bulk(random, f, part, both=False)


def copied(
    random: np.random.Generator, f: pd.DataFrame, part: float, block: bool, profile: bool
) -> pd.DataFrame:
    """Rows repeat earlier rows: in one stretch or scattered, with or without the profile."""
    m = min(round(part * len(f)), len(f) // 2)
    first = len(f) - m
    if block:
        begin = int(random.integers(0, first - m + 1))
        source = np.arange(begin, begin + m)
    else:
        source = random.integers(0, first, m)
    columns = [*ITEMS, *(["sex", "age", "education", "occupation"] if profile else [])]
    rows = np.arange(first, len(f))
    f.loc[rows, columns] = f.loc[source, columns].to_numpy()
    if block:
        return f
    # Scattered over the file: only the answers tell.
    return f.iloc[random.permutation(len(f))].reset_index(drop=True)


def invented(random: np.random.Generator, f: pd.DataFrame, part: float) -> pd.DataFrame:
    """Favourable rows made up one by one: all fours but for one three, at the unit's own pace."""
    m = round(part * len(f))
    rows = random.choice(len(f), m, replace=False)
    made = np.full((m, 9), 4)
    made[np.arange(m), random.integers(0, 9, m)] = 3
    f.loc[rows, ITEMS] = made
    return f


MANIPULATIONS = {
    "padding": padding,
    "bulk_entry": bulk,
    "bulk_entry_one_stamp": bulk_one_stamp,
    "copied_stretch": lambda r, f, p: copied(r, f, p, block=True, profile=False),
    "copied_rows_with_profile": lambda r, f, p: copied(r, f, p, block=False, profile=True),
    "copied_answers_scattered": lambda r, f, p: copied(r, f, p, block=False, profile=False),
    "invented_favourable_rows": invented,
}
#: Bulk entry is typed into units that otherwise record answers as they are given.
AS_GIVEN = {"bulk_entry": "as_given", "bulk_entry_one_stamp": "as_given"}


def judge(units: list[pd.DataFrame]) -> doubt_tests.Verdicts:
    """Judge the units of one city as the product does."""
    rows = pd.concat(units, ignore_index=True)
    for column in ("answered_at", "entered_at"):
        rows[column] = pd.to_datetime(rows[column], unit="s")
    by = np.repeat([f"u{i:03}" for i in range(len(units))], [len(f) for f in units])
    lv = levels(rows[ITEMS])
    few, _, pattern = careless.patterns(lv)
    same = careless.straightline(few)[pattern]
    of = groups(by, len(rows))
    found = doubt_tests.evidence(rows, lv, few, pattern, same, of, doubt_tests.on_paper(rows))
    return doubt_tests.verdicts(
        found, np.bincount(of.codes, minlength=len(units)), np.ones(len(units), dtype=bool)
    )


def honest(
    random: np.random.Generator, count: int, share: np.ndarray, habit: str = "", stated: bool = False
) -> dict:
    """Judge honest units only."""
    asked, cities, kinds, fours = 0, 0, {}, []
    accused_cities = 0
    for start in range(0, count, CITY):
        units = [unit(random, share, habit, stated) for _ in range(min(CITY, count - start))]
        fours += [float((f[ITEMS] == 4).all(axis=1).mean()) for f in units]
        v = judge(units)
        asked += int(v.asked.sum())
        accused_cities += bool(v.asked.any())
        cities += 1
        for named in v.kinds:
            for kind in named:
                kinds[kind] = kinds.get(kind, 0) + 1
    return {
        "units": count, "accused": asked, "share": round(asked / count, 4), "by_kind": kinds,
        "cities": cities, "cities_with_an_accused_unit": accused_cities,
        "all_fours_share": {"median": round(float(np.median(fours)), 3), "largest": round(max(fours), 3)},
    }  # fmt: skip


def detection(random: np.random.Generator, count: int, share: np.ndarray, name: str, part: float) -> dict:
    """Put manipulated units into cities of honest ones and count how many are found."""
    found = others = innocent = total = 0
    kinds: dict[str, int] = {}
    while total < count:
        made = [
            MANIPULATIONS[name](random, unit(random, share, AS_GIVEN.get(name, "")), part)
            for _ in range(min(MANIPULATED, count - total))
        ]
        v = judge([*made, *(unit(random, share) for _ in range(CITY - len(made)))])
        found += int(v.asked[: len(made)].sum())
        innocent += int(v.asked[len(made) :].sum())
        others += CITY - len(made)
        total += len(made)
        for named in v.kinds[: len(made)]:
            for kind in named:
                kinds[kind] = kinds.get(kind, 0) + 1
    return {
        "units": total, "found": found, "share": round(found / total, 4), "by_kind": kinds,
        "honest_units_beside_them": others, "of_those_accused": innocent,
    }  # fmt: skip


def run(units: int = 1000) -> dict:
    """Simulate honest cities, then each manipulation at 10, 25 and 50 per cent of the rows."""
    random = np.random.default_rng(SEED)
    share = ceiling()
    out: dict = {
        "seed": SEED, "units_per_city": CITY, "manipulated_per_city": MANIPULATED, "level": doubt_tests.LEVEL,
        "answers_per_unit": [30, 400], "honest": honest(random, units, share), "found": {},
    }  # fmt: skip
    out["honest_by_habit"] = {
        habit: honest(random, max(CITY, units // 10), share, habit) for habit in (*HABITS, "mixed_one_batch")
    }
    out["honest_by_habit"]["mixed_one_batch_stated_as_paper"] = honest(
        np.random.default_rng(SEED + 1), max(CITY, units // 10), share, "mixed_one_batch", stated=True
    )
    for at, name in enumerate(MANIPULATIONS):
        out["found"][name] = {}
        for part, many in ((0.10, 1), (0.25, 2), (0.50, 1)):
            random = np.random.default_rng([SEED, at, round(100 * part)])
            count = max(MANIPULATED, units * many * 3 // 40)
            out["found"][name][f"{part:.0%}"] = detection(random, count, share, name, part)
    return out


def exact_limits(hits: int, tried: int) -> tuple[float, float]:
    """Exact binomial limits (Clopper and Pearson, 95 %).

    Examples
    --------
    >>> [round(x, 4) for x in exact_limits(0, 300)]
    [0.0, 0.0122]
    """
    low = 0.0 if hits == 0 else float(beta.ppf(0.025, hits, tried - hits + 1))
    return low, 1.0 if hits == tried else float(beta.ppf(0.975, hits + 1, tried - hits))


def limits(found: dict) -> str:
    """Exact limits of a share that was found, in brackets."""
    low, high = exact_limits(found["found"], found["units"])
    return f"({low:.0%} to {high:.0%})"


ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- tables: written by benchmarks/integrity.py -->", "<!-- end of tables -->"


def tables(found: dict) -> str:
    """Markdown tables of the results, for docs/integrity.md."""
    whole = found["honest"]
    lines = [
        f"Honest units: {whole['accused']} of {whole['units']} asked ({whole['share']:.1%}), in"
        f" {whole['cities_with_an_accused_unit']} of {whole['cities']} cities. Share of all-fours in these"
        f" units: median {whole['all_fours_share']['median']:.0%}, largest {whole['all_fours_share']['largest']:.0%}.",
        "",
        "| honest habit of every unit | units | asked |",
        "|---|---|---|",
        *(
            f"| {h.replace('_', ' ')} | {v['units']} | {v['accused']} |"
            for h, v in found["honest_by_habit"].items()
        ),
        "",
        "| manipulation | 10 % of rows | 25 % of rows | 50 % of rows | units at 25 % |",
        "|---|---|---|---|---|",
    ]
    beside = asked = 0
    for name, kinds in found["found"].items():
        cells = " | ".join(
            f"{kinds[part]['share']:.1%} {limits(kinds[part])}" for part in ("10%", "25%", "50%")
        )
        lines.append(f"| {name.replace('_', ' ')} | {cells} | {kinds['25%']['units']} |")
        beside += sum(k["honest_units_beside_them"] for k in kinds.values())
        asked += sum(k["of_those_accused"] for k in kinds.values())
    lines += [
        "",
        f"Honest units beside the manipulated ones: {asked} of {beside} asked ({asked / beside:.2%}).",
    ]
    return "\n".join(lines)


def main(units: int) -> None:
    """Simulate and write both files."""
    found = run(units)
    (ROOT / "benchmarks" / "integrity.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    page = ROOT / "docs" / "integrity.md"
    text = page.read_text(encoding="utf-8")
    before, after = text[: text.index(BEGIN)], text[text.index(END) :]
    page.write_text(f"{before}{BEGIN}\n\n{tables(found)}\n\n{after}", encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
