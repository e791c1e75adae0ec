"""A thousand invented identities, each of its own, in every place of a survey's raw files that holds text.

Nobody in here exists: names are made of syllables behind a title, or begin with a word of the list of names.
Each identity stands at one place only, so that what is found says which form and which place let it through.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.plants import texts


@dataclass(frozen=True)
class Planted:
    """One identity: how it was written, where, and what of it must not be found."""

    form: str
    place: str
    said: str
    #: Digits that must not be found, or letters and digits without what stands between them.
    key: str


_HEADS = "kerta wira suro mangku tirto joyo harjo jaga sastra prawi danu reksa".split()  # noqa: SIM905
_MIDDLES = "bram dwip glon kluw mbor nyam prig sleg trum wrek zaq fyon".split()  # noqa: SIM905
_TAILS = "andika ekso oqira unggal iwangsa arjuno ombo ulyadi ekti asmoro".split()  # noqa: SIM905
_LISTED = "siti agus slamet wayan sitorus asep yohanes nurhayati fatimah".split()  # noqa: SIM905


class _Source:
    """Invents one identity after the other; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.given: set[str] = set()

    def once(self, make: object) -> str:
        """Return something that was not given before."""
        while True:
            made: str = make()  # type: ignore[operator]
            if made not in self.given:
                self.given.add(made)
                return made

    def word(self) -> str:
        """Return a word that is no word and no listed name."""
        choose = self.random.choice
        return self.once(lambda: choose(_HEADS) + choose(_MIDDLES) + choose(_TAILS))

    def digits(self, count: int, first: str = "") -> str:
        """Return digits that do not repeat one another."""
        rest = count - len(first)
        return self.once(lambda: first + "".join(self.random.choice("2345679") for _ in range(rest)))

    def nik(self) -> str:
        """Return sixteen digits that can be an identity number."""
        return self.once(
            lambda: (
                f"3374{self.random.randint(10, 99)}{self.random.randint(41, 68)}"
                f"{self.random.randint(1, 12):02d}{self.random.randint(50, 99)}{self.random.randint(1, 9999):04d}"
            )
        )

    def nip(self) -> str:
        """Return eighteen digits that can be a civil servant's number."""
        n = self.random.randint
        return self.once(
            lambda: (
                f"{n(1960, 1990)}{n(1, 12):02d}{n(1, 28):02d}{n(2005, 2015)}{n(1, 12):02d}{n(1, 2)}{n(1, 999):03d}"
            )
        )


def _forms(made: _Source) -> dict[str, tuple[str, str]]:
    """Return one new identity of every form: how it is written, and what must be gone."""
    pick = made.random.choice
    phone = [made.digits(12, "08") for _ in range(9)]
    p = lambda n: (phone[n][:4], phone[n][4:8], phone[n][8:])  # noqa: E731
    nik, nik2, nip = made.nik(), made.nik(), made.nip()
    name = [made.word() for _ in range(20)]
    listed = pick(_LISTED)
    plate = [made.digits(4) for _ in range(4)]
    end = ["".join(pick("QXZ") for _ in range(2)) for _ in range(4)]
    other = made.digits(9, "7")
    day, year = f"{made.random.randint(10, 28)}", made.random.randint(1950, 1989)
    return {
        "phone": (f"{'-'.join(p(0))}", phone[0][1:]),
        "phone +62": (f"+62 {phone[1][1:4]} {phone[1][4:8]} {phone[1][8:]}", phone[1][1:]),
        "phone dots": (".".join(p(2)), phone[2][1:]),
        "phone underscores": ("_".join(p(3)), phone[3][1:]),
        "phone look-alikes": (f"O8{phone[4][2:]}", phone[4][1:]),
        "phone spread": (" ".join(phone[5]), phone[5][1:]),
        "phone full width": (phone[6].translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"}), phone[6][1:]),
        "phone zero width": ("\u200b".join(p(7)), phone[7][1:]),
        "phone stars": ("+".join(p(8)), phone[8][1:]),
        "nik": (nik, nik), "nik groups": (f"{nik2[:6]} {nik2[6:12]} {nik2[12:]}", nik2),
        "nip": (f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}", nip),
        "account number": (f"rek {other[:4]}-{other[4:]}", other),
        "e-mail": (f"{name[0]}@contoh.co.id", name[0]), "e-mail said": (f"{name[1]} at gmail titik com", name[1]),
        "e-mail brackets": (f"{name[2]}(at)yahoo(dot)com", name[2]),
        "e-mail without at": (f"{name[3]} gmail.com", name[3]), "handle": (f"@{name[4]}", name[4]),
        "wa.me": (f"wa.me/62{phone[0][1:6]}{other[:6]}", f"{phone[0][1:6]}{other[:6]}"),
        "t.me": (f"t.me/{name[5]}", name[5]), "instagram": (f"ig: {name[6]}", name[6]),
        "plate": (f"H {plate[0]} {end[0]}", f"h{plate[0]}{end[0].lower()}"),
        "plate small": (f"ad {plate[1]} {end[1].lower()}", f"ad{plate[1]}{end[1].lower()}"),
        "plate dots": (f"K.{plate[2]}.{end[2]}", f"k{plate[2]}{end[2].lower()}"),
        "plate close": (f"b{plate[3]}{end[3].lower()}", f"b{plate[3]}{end[3].lower()}"),
        "street": (f"Jl. {name[7].title()} No. 12", name[7]), "street small": (f"jl {name[8]} no 7", name[8]),
        "lane": (f"Gg. {name[9].title()} No 3 RT 02", name[9]),
        "estate": (f"Perum {name[10].title()} Blok C5", name[10]),
        "hamlet": (f"dusun {name[11].title()} RT 03", name[11]), "passport": (f"paspor C{other[2:]}", f"c{other[2:]}"),
        "medical record": (f"rm {other[1:3]}-{other[3:5]}-{other[5:7]}-{other[7:]}", other[1:]),
        "born": (f"lahir {day}-03-{year}", f"{day}03{year}"),
        "born in words": (f"lahir {day} Maret {year}", f"{day}maret{year}"),
        "Pak": (f"Pak {name[12].title()}", name[12]), "pak": (f"pak {name[13]}", name[13]),
        "BU": (f"BU {name[14].upper()}", name[14]), "dr.": (f"dr. {name[15].title()}", name[15]),
        "mbak": (f"mbak {name[16]}", name[16]), "Hj.": (f"Hj. {name[17].title()}", name[17]),
        "listed name": (f"{listed.title()} {name[18].title()}", name[18]),
        "listed small": (f"{listed} {name[19]}", name[19]),
    }  # fmt: skip


#: Where a text may stand. A name of a file or a sheet cannot hold every character.
PLACES = (
    "suggestion", "option", "sex", "age", "education", "occupation", "disability", "date", "service", "interviewer",
    "executor", "unit", "weight", "respondent", "extra column", "header", "item header", "second header row",
    "title row", "sheet name", "file name", "comment", "long respondent", "long answer", "long suggestion",
    "long service", "lookup text", "lookup option", "sav label", "sav value", "semicolon file",
    "web page", "sql dump",
)  # fmt: skip


def planted(most: int = 10_000, seed: int = 2017) -> list[Planted]:
    """Return identities, every form at every place in turn; fewer where ``most`` says so."""
    made = _Source(seed)
    out: list[Planted] = []
    for place in PLACES:
        out += [Planted(form, place, said, key) for form, (said, key) in _forms(made).items()]
    if len(out) <= most:
        return out
    # Every form and every place, in as few as were asked for.
    width = len(out) // len(PLACES)
    order = [p * width + (p * 7 + turn) % width for turn in range(width) for p in range(len(PLACES))]
    return [out[i] for i in order[:most]]


#: No digit of another number stands before: decimals of results hold any six digits.
_BEFORE = r"(?<![0-9.])(?:\+?62|0)?[^0-9a-z\n]{0,3}"
_LOOKALIKE = str.maketrans("oil", "011")


class Search:
    """Looks for identities in texts, however these are written there."""

    def __init__(self, wanted: Iterable[Planted]) -> None:
        self.digits = [(p, p.key) for p in wanted if p.key.isdigit()]
        self.words = [(p, p.key) for p in wanted if not p.key.isdigit()]

    def in_text(self, text: str) -> Iterator[Planted]:
        """Yield what is in a text: digits with at most three characters between, words with none or more."""
        plain = unicodedata.normalize("NFKC", text).casefold()
        plain = "".join(c for c in plain if unicodedata.category(c) != "Cf") if not plain.isascii() else plain
        close = re.sub(r"[^a-z0-9]", "", plain)
        for one, key in self.words:
            if key in close:
                yield one
        looks = plain.translate(_LOOKALIKE)
        numbers = re.sub(r"[^0-9]", "", looks)
        for one, key in self.digits:
            if key in numbers and re.search(_BEFORE + r"[^0-9a-z\n]{0,3}".join(key) + r"(?!\d)", looks):
                yield one

    def in_folders(self, *folders: Path) -> dict[Planted, set[str]]:
        """Return what is found in any byte below some folders, and in which files."""
        found: dict[Planted, set[str]] = {}
        for folder in folders:
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                for text in texts(path):
                    for one in self.in_text(text):
                        found.setdefault(one, set()).add(path.relative_to(folder).as_posix())
        return found
