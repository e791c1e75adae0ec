"""Going through an SQL dump without reading it: over blanks, comments, texts, and whole statements."""

from __future__ import annotations

import re

from pipeline.intake.ground.problems import Refused

_MYSQL = re.compile(r"`|ENGINE\s*=|mysql|mariadb|phpmyadmin|sqlyog|heidisql|AUTO_INCREMENT|\\'", re.I)
_BLANK = re.compile(r"\s+")
_LINE_COMMENT = re.compile(r"(?:--[ \t\r]?|#)[^\n]*")
# Possessive: what has been read is never read again, however long an unclosed text is.
MYSQL_TEXT = re.compile(r"'[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+'", re.S)
PLAIN_TEXT = re.compile(r"'[^']*+(?:''[^']*+)*+'", re.S)
_DOLLAR = re.compile(r"\$(\w*)\$")
#: What a piece of a statement that is passed over may end at, or hold.
_PIECES = r"[;'\"`$]|--[ \t\r\n]|/\*|#|\[|^go\b"
_STOP = re.compile(_PIECES, re.M | re.I)
#: Scripts of SQL Server end a statement with the line.
_STOP_AT_LINE = re.compile(_PIECES + r"|^insert\b", re.M | re.I)
_ROUTINE = re.compile(r"create\s[^;('\"]{0,400}?\b(?:trigger|procedure|function|event|package)\b", re.I)
_BLOCK = re.compile(
    r"[;'\"`$]|--[ \t\r\n]|/\*|#|\bbegin\b|\bcase\b|\bend\b(?:\s+(?:if|loop|case|while|repeat|for)\b)?", re.I
)
_ITEM = re.compile(r"[(),'\"`;]|--[ \t\r\n]|/\*|#")


class Passer:
    """A place in the text of a dump, and how to get past what is no data."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        head = text[:200_000]
        postgres = "PostgreSQL database dump" in head or "standard_conforming_strings = on" in head
        #: Whether a backslash escapes: in MySQL it does, elsewhere it is a letter.
        self.escapes = not postgres and bool(_MYSQL.search(head))
        self._stop = _STOP_AT_LINE if re.search(r"^insert\s+(?:into\s+)?\[", head, re.I | re.M) else _STOP
        self._quoted = MYSQL_TEXT if self.escapes else PLAIN_TEXT
        self._counted = (0, 1)

    def line(self) -> int:
        """Return the number of the line of the next thing to be read."""
        self.skip_blank()
        before, line = self._counted
        line += self.text.count("\n", before, self.at)
        self._counted = (self.at, line)
        return line

    def skip_blank(self) -> None:
        """Go over blanks and comments."""
        text = self.text
        while self.at < len(text):
            char = text[self.at]
            if char.isspace():
                found = _BLANK.match(text, self.at)
                self.at = found.end() if found else self.at + 1
            elif char == "/" and text.startswith("/*", self.at):
                self._comment()
            elif (char == "-" and text.startswith("--", self.at)) or (char == "#" and self.escapes):
                found = _LINE_COMMENT.match(text, self.at)
                self.at = found.end() if found else len(text)
            else:
                return

    def _comment(self) -> None:
        end = self.text.find("*/", self.at + 2)
        if end < 0:
            raise Refused(
                "a comment is never closed", "is the dump whole? export it again", row=self._line_of(self.at)
            )
        self.at = end + 2

    def _line_of(self, at: int) -> int:
        return self.text.count("\n", 0, at) + 1

    def skip_item(self) -> str:
        """Go to the end of one part of a list in brackets; return the sign there."""
        depth = 0
        while found := _ITEM.search(self.text, self.at):
            self.at = found.start()
            sign = found[0]
            if sign in "'\"`" or sign.startswith(("--", "/*", "#")):
                self._over()
                continue
            if sign == ";":
                return ""
            self.at += 1
            if sign == "(":
                depth += 1
            elif depth == 0:
                return sign
            elif sign == ")":
                depth -= 1
        self.at = len(self.text)
        return ""

    def skip_statement(self) -> None:
        """Go behind the end of the statement, over texts and comments that may hold one."""
        if _ROUTINE.match(self.text, self.at):
            self._skip_routine()
            return
        began = self.at
        while found := self._stop.search(self.text, self.at):
            self.at = found.start()
            if found[0] == ";":
                self.at += 1
                return
            if found[0].lower() == "go":
                self.at += 2
                return
            if found[0].lower() == "insert":
                if self.at > began:
                    return
                self.at += 6
                continue
            self._over()
        self.at = len(self.text)

    def _skip_routine(self) -> None:
        """Go over a procedure or trigger whole: what is inserted within it is no data."""
        depth = 0
        while found := _BLOCK.search(self.text, self.at):
            self.at = found.start()
            word = " ".join(found[0].lower().split())
            if word == ";":
                self.at += 1
                if depth <= 0:
                    return
            elif word in ("begin", "case"):
                depth, self.at = depth + 1, found.end()
            elif word.startswith("end"):
                # "end if" and its like close what was not counted, "end case" what was.
                depth, self.at = depth - (word in ("end", "end case")), found.end()
            else:
                self._over()
        self.at = len(self.text)

    def _over(self) -> None:
        """Go over a text, a quoted name or a comment; anything else is one character."""
        char = self.text[self.at]
        if self.text.startswith("/*", self.at):
            self._comment()
        elif char in "-#":
            self.at += 1
            if char == "-" or self.escapes:
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
        elif char == "'":
            self._string_passed(self._quoted)
        elif char in '`"[':
            end = self.text.find({"[": "]"}.get(char, char), self.at + 1)
            self.at = self.at + 1 if end < 0 else end + 1
        elif char == "$" and (mark := _DOLLAR.match(self.text, self.at)) and not self.escapes:
            end = self.text.find(mark[0], mark.end())
            self.at = mark.end() if end < 0 else end + len(mark[0])
        else:
            self.at += 1

    def _string_passed(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise Refused(
                "a text is never closed", "is the dump whole? export it again", row=self._line_of(self.at)
            )
        self.at = found.end()

    def skip_delimited(self) -> None:
        """Go over what stands between DELIMITER lines: procedures and triggers, never data."""
        end = self.text.find("\n", self.at)
        mark = self.text[self.at : len(self.text) if end < 0 else end].split()[1:2]
        self.at = len(self.text) if end < 0 else end
        if mark and mark[0] != ";":
            back = re.compile(r"^[ \t]*delimiter[ \t]+;", re.I | re.M).search(self.text, self.at)
            self.at = back.end() if back else len(self.text)
