"""The words, names and values of an SQL dump, one after the other; nothing nests and nothing is carried out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.intake.files.sqlskip import MYSQL_TEXT, PLAIN_TEXT, Passer
from pipeline.intake.ground.problems import Refused

MAX_CELL = 1_000_000
_NAME = re.compile(r"[^\W\d][\w$]*")
_WORD = re.compile(r"[A-Za-z_][\w$]*")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_HEX = re.compile(r"(?:0x([0-9a-fA-F]*)|[xX]'([0-9a-fA-F]*)')")
_BITS = re.compile(r"(?:[bB]'([01]*)'|0b([01]+))")
_PREFIX = re.compile(r"(?:_[a-z0-9]+\s*|[NnEe])(?=')")
_DOUBLE_TEXT = re.compile(r'"[^"\\]*+(?:(?:\\.|"")[^"\\]*+)*+"', re.S)
_ESCAPE = re.compile(r"\\(.)", re.S)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "0": "", "Z": "", "b": ""}
_CAST = re.compile(r"\s*::\s*[\w ]+(?:\(\d+(?:,\d+)?\))?")
#: Functions that dumps put around a text: its value is the text.
_AROUND = {
    "to_date",
    "to_timestamp",
    "str_to_date",
    "cast",
    "convert",
    "date",
    "timestamp",
    "datetime",
    "time",
}
_COPY = re.compile(r"\s*from\s+stdin\b[^;\n]*;[ \t]*\r?\n", re.I)


class Scanner(Passer):
    """What can be read at a place of a dump: words, names, values, lines of values."""

    def peek(self) -> str:
        """Return the next character; empty at the end."""
        self.skip_blank()
        return self.text[self.at : self.at + 1]

    def to_statement(self) -> bool:
        """Go to the next statement; False at the end."""
        while self.peek() == ";":
            self.at += 1
        return self.at < len(self.text)

    def word(self, wanted: str) -> bool:
        """Go over a word, if it is the next thing."""
        self.skip_blank()
        found = _WORD.match(self.text, self.at)
        if found is None or found[0].lower() != wanted:
            return False
        self.at = found.end()
        return True

    def words(self, *wanted: str) -> bool:
        """Go over several words, if they are all next."""
        began = self.at
        for word in wanted:
            if not self.word(word):
                self.at = began
                return False
        return True

    def sign(self, wanted: str) -> bool:
        """Go over a sign, if it is the next thing."""
        if self.peek() != wanted:
            return False
        self.at += 1
        return True

    def name(self, dotted: bool = True) -> str:
        """Return a name, quoted or not; of ``schema.table`` the table."""
        found = ""
        while True:
            char = self.peek()
            close = {"`": "`", '"': '"', "[": "]"}.get(char)
            if close:
                end = self.text.find(close, self.at + 1)
                if end < 0 or end - self.at > 300:
                    return ""
                found, self.at = self.text[self.at + 1 : end], end + 1
            else:
                match = _NAME.match(self.text, self.at)
                if match is None:
                    return ""
                found, self.at = match[0], match.end()
            if not dotted or self.text[self.at : self.at + 1] != ".":
                return " ".join(found.split())
            self.at += 1

    def names(self) -> list[str]:
        """Return the names in brackets."""
        found: list[str] = []
        self.sign("(")
        while name := self.name():
            found.append(name)
            if not self.sign(","):
                break
        self.sign(")")
        return found

    def values(self, keep: bool) -> list[str] | None:
        """Return the values in brackets; None where there are none."""
        if not self.sign("("):
            return None
        made: list[str] = []
        while True:
            value = self._value()
            if keep:
                made.append(value)
            char = self.peek()
            self.at += 1
            if char == ")":
                return made
            if char != ",":
                raise self._odd()

    def _odd(self) -> Refused:
        if self.at >= len(self.text):
            return Refused(
                "breaks off within a row", "is the dump whole? export it again", row=self._line_of(self.at)
            )
        return Refused(
            "holds something in a row that is no value",
            "export the tables again with plain values, or each of them as CSV",
            row=self._line_of(self.at),
        )

    def _value(self) -> str:
        """Return one value as text: a text, a number, NULL (empty), true or false, bits, bytes."""
        self.skip_blank()
        text, at = self.text, self.at
        for pattern, read in ((_HEX, _bytes), (_BITS, _bits)):
            found = pattern.match(text, at)
            if found:
                self.at = found.end()
                return read(found[1] or found[2] or "")
        prefix = _PREFIX.match(text, at)
        if prefix:
            self.at = prefix.end()
            return self._string(MYSQL_TEXT if prefix[0] in "eE" else self._quoted)
        char = text[at : at + 1]
        if char == "'":
            return self._string(self._quoted)
        if char == '"' and self.escapes:
            return self._string(_DOUBLE_TEXT)
        found = _NUMBER.match(text, at)
        if found:
            self.at = found.end()
            return self._cast(found[0])
        return self._named()

    def _named(self) -> str:
        """Return what a word stands for: nothing, true, false, or the text inside a function."""
        found = _WORD.match(self.text, self.at)
        if found is None:
            raise self._odd()
        word = found[0].lower()
        self.at = found.end()
        if word in ("null", "default"):
            return self._cast("")
        if word in ("true", "false"):
            return word
        if word not in _AROUND:
            raise self._odd()
        inside = self.sign("(")
        value = self._value()
        while inside and self.peek() != ")":
            if self.peek() == ",":
                self.at += 1
                self._value()
            elif self.sign("("):
                while self.skip_item() == ",":
                    pass
            elif not (self.word("as") or self.name()):
                raise self._odd()
        self.at += inside
        return value

    def _cast(self, value: str) -> str:
        if not self.escapes and self.text.startswith("::", self.at):
            found = _CAST.match(self.text, self.at)
            self.at = found.end() if found else self.at
        return value

    def _string(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise Refused(
                "a text is never closed", "is the dump whole? export it again", row=self._line_of(self.at)
            )
        if found.end() - found.start() > MAX_CELL:
            raise Refused(
                f"a text is longer than {MAX_CELL:,} letters",
                "leave the columns of pictures and files out of the export",
                row=self._line_of(self.at),
            )
        quote = found[0][0]
        self.at = found.end()
        value = found[0][1:-1].replace(quote * 2, quote)
        if pattern is not PLAIN_TEXT and "\\" in value:
            value = _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), value)
        return self._cast(value)

    def copy_begins(self) -> bool:
        """Go over ``FROM stdin ...;`` to the first line of values; False where it is another COPY."""
        found = _COPY.match(self.text, self.at)
        if found is None:
            return False
        self.at = found.end()
        return True

    def copied(self) -> Iterator[tuple[int, list[str]]]:
        """Yield line and values of every row up to the line that ends them."""
        line = self._line_of(self.at)
        while self.at < len(self.text):
            end = self.text.find("\n", self.at)
            end = len(self.text) if end < 0 else end
            row = self.text[self.at : end].rstrip("\r")
            self.at = end + 1
            if row == "\\.":
                return
            if len(row) > MAX_CELL * 16:
                raise Refused(
                    "a row is too long", "leave the columns of pictures and files out of the export", row=line
                )
            yield line, [_unescaped(cell) for cell in row.split("\t")]
            line += 1
        raise Refused("breaks off within a row", "is the dump whole? export it again", row=line)


def _unescaped(cell: str) -> str:
    if cell == "\\N":
        return ""
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), cell) if "\\" in cell else cell


def _bytes(digits: str) -> str:
    """Return bytes as the text they are, or that they are none."""
    if len(digits) > MAX_CELL or len(digits) % 2:
        return "(binary)"
    try:
        text = bytes.fromhex(digits).decode("utf-8")
    except ValueError:
        return "(binary)"
    return text if text.isprintable() else "(binary)"


def _bits(digits: str) -> str:
    return str(int(digits, 2)) if digits and len(digits) <= 64 else ""
