"""What the command line prints, on any terminal, and how it ends: a sentence and an exit code, never a traceback."""

from __future__ import annotations

import codecs
import contextlib
import errno
import json
import os
import re
import signal
import sys
import unicodedata
from types import FrameType
from typing import Any, NoReturn, TextIO

DONE, SOME_FAILED, WRONG_USE, UNUSABLE_DATA, NOT_VERIFIED, ENVIRONMENT, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130

#: Signs that have no letter of ASCII in them, as a typewriter would put them.
_TYPED = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2010": "-", "\u2011": "-", "\u2013": "-",
        "\u2014": "-", "\u2212": "-", "\u2192": "->", "\u2190": "<-", "\u2264": "<=", "\u2265": ">=", "\u00d7": "x",
        "\u2026": "...", "\u2022": "*", "\u00b7": "*", "\u2501": "-", "\u2578": "-", "\u257a": "-",
        "\u00a0": " ", "\u00ab": '"', "\u00bb": '"', "\u00df": "ss", "\u00f8": "o", "\u00e6": "ae",
    }
)  # fmt: skip


class UsageError(Exception):
    """The command line asks for something that does not exist."""


def plain(text: str) -> str:
    """Text in ASCII: letters without their marks, signs as typed, ``?`` for what is left.

    Examples
    --------
    >>> plain("Puskesmas \u201cM\u00e9lati\u201d \u2013 \u65e5")
    'Puskesmas "Melati" - ?'
    """
    apart = unicodedata.normalize("NFKD", text.translate(_TYPED))
    kept = (char for char in apart if not unicodedata.combining(char))
    return "".join(char if char.isascii() else "?" for char in kept)


def _instead(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plain(error.object[error.start : error.end]), error.end


codecs.register_error("skm-plain", _instead)


#: The signal that interrupted this process, for its exit code: 128 and its number.
_interrupted_by = [signal.SIGINT]


def end_on_signals() -> None:
    """Let what asks a process to end interrupt it, so that no kernel and no file stays; what is ignored stays so.

    ``kill`` and a terminal that closes then do what Ctrl-C does.
    """
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _interrupt)


def _interrupt(number: int, _: FrameType | None) -> None:
    _interrupted_by[:] = [signal.Signals(number)]
    raise KeyboardInterrupt


def interrupted() -> NoReturn:
    """End as one who was interrupted."""
    say("interrupted; what was written stays, the next run does the rest", error=True)
    sys.exit(128 + _interrupted_by[-1])


def any_terminal() -> None:
    """Let output and errors be written on every terminal: what it has no sign for is spelt plainly."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="skm-plain")


def names_of_files_are_text() -> None:
    """Start again in Python's UTF-8 mode where the locale knows ASCII only: names of files would be no text.

    Everything that is started from here inherits it; what the terminal takes stays as it is.
    """
    if sys.platform.startswith("win") or codecs.lookup(sys.getfilesystemencoding()).name == "utf-8":
        return
    if os.environ.get("PYTHONUTF8") == "1":
        return  # it did not help
    os.environ.setdefault("PYTHONIOENCODING", getattr(sys.stdout, "encoding", None) or "ascii")
    os.environ["PYTHONUTF8"] = "1"
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - this very command


def say(text: str = "", *, error: bool = False) -> None:
    """Print a line for the person at the terminal; when nobody reads on (``| head``), go on without."""
    try:
        print(text, file=sys.stderr if error else sys.stdout, flush=True)
    except OSError as problem:
        if problem.errno not in (errno.EPIPE, errno.EIO):  # the second: its terminal is gone
            raise
        nobody_reads(sys.stderr if error else sys.stdout)


def nobody_reads(stream: TextIO) -> None:
    """Let a stream that cannot be written take the rest in silence, at the end of the interpreter too."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def end() -> None:
    """Write out what is still to be printed; a full disk has been told, or cannot be."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            nobody_reads(stream)


def explain(error: BaseException) -> tuple[str, int] | None:
    """Sentence and exit code of an error that a person can mend; None for a bug."""
    # late: `skm --help` does not wait for it
    from pipeline.run.files import EnvironmentFault, machine, place
    from pipeline.survey import SurveyError

    if isinstance(error, SurveyError):
        return str(error), WRONG_USE
    if isinstance(error, EnvironmentFault):
        return str(error), ENVIRONMENT
    if isinstance(error, UsageError):
        return str(error), WRONG_USE
    if isinstance(error, OSError) and (sentence := place(error)):
        return sentence, ENVIRONMENT if isinstance(error, PermissionError) else WRONG_USE
    if type(error).__module__.startswith("pyarrow") and _DAMAGED.search(str(error)):
        return DAMAGED, NOT_VERIFIED
    if isinstance(error, json.JSONDecodeError):
        return DAMAGED, NOT_VERIFIED
    found = machine(error)
    return (str(found), ENVIRONMENT) if found else None


#: What is said of a stored file that cannot be read: which, only a comparison of hashes tells.
DAMAGED = "a file below data/processed is damaged or was cut off; skm run makes it again, skm verify names it"
#: What pyarrow says of a file that is no table, or not a whole one; it does not say which.
_DAMAGED = re.compile(r"(?i)parquet|thrift|corrupt|unexpected end of stream|snappy|zstd")


def wants_plain() -> bool:
    """Whether output can only be ASCII: then JSON escapes the rest, which loses nothing."""
    encoding: Any = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        return not codecs.lookup(encoding).name.startswith("utf")
    except LookupError:
        return True
