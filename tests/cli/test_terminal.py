"""Every command ends in words on every terminal, whatever files and units are called."""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import intake
from pipeline.cli import terminal
from pipeline.results import store
from pipeline.results.matching import matching
from pipeline.run.files import EnvironmentFault, machine
from tests.support.raw_surveys import THREES, make, wide

ASCII = {"PYTHONIOENCODING": "ascii"}
POSIX = {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
LATIN = {"PYTHONIOENCODING": "latin-1", "LC_ALL": "C"}


def skm(
    root: Path, *arguments: str, environment: dict[str, str] = ASCII, **options
) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *arguments, "--root", str(root)],
        capture_output=True, env={**os.environ, **environment}, cwd=Path(__file__).parents[2], **options,
    )  # fmt: skip


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "data" / "raw" / "2024"
    folder.mkdir(parents=True)
    (folder / "survey.yml").write_text("title: “Médis” – 日\ncity: Kota Uji\n", encoding="utf-8")
    (folder / "units.csv").write_text("id,name\nmédis,Puskesmas “Mélati” – 日本\nb,B\n", encoding="utf-8")
    return tmp_path


COMMANDS = [
    ("status", "é–中"), ("run", "2024", "--only", "zz–é"), ("why", "2024", "zz–é"), ("open", "2024", "médis"),
    ("run", "2024", "--stage", "é"), ("status", "2024"), ("verify", "2024"), ("run", "2024", "--dry-run"),
    ("new", "2025", "--from-file", "tak–adé.csv"), ("new", "2025", "--from", "é"),
]  # fmt: skip


@pytest.mark.parametrize("environment", [ASCII, POSIX, pytest.param(LATIN, marks=pytest.mark.full)])
def test_a_command_says_what_it_says_on_a_terminal_that_knows_few_letters(root, environment):
    for arguments in COMMANDS:
        done = skm(root, *arguments, environment=environment)
        said = done.stdout + done.stderr
        assert b"Traceback" not in said, said.decode("latin-1")
        assert b"fault of skm-pipeline" not in said, said.decode("latin-1")
        assert said.strip()
        said.decode("latin-1" if environment is LATIN else "ascii")


def test_a_digest_too_short_to_say_anything_is_refused(root):
    done = skm(root, "verify", "2024", "--against", "3f2a")
    assert done.returncode == terminal.WRONG_USE
    assert done.stderr.decode().strip() == "--against: give at least 12 characters of the digest"


def test_json_loses_nothing_there(root):
    done = skm(root, "status", "2024", "--json")
    assert json.loads(done.stdout.decode("ascii"))["units"][0]["name"] == "Puskesmas “Mélati” – 日本"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Kepuasan “Médis” – 5 × 3 → 15 …", 'Kepuasan "Medis" - 5 x 3 -> 15 ...'), ("日本", "??"), ("ﬁ ½", "fi 1?2"),
        ("caf\udce9", "caf?"), ("a\u0301", "a"), ("", ""), ("plain", "plain"),
    ],
)  # fmt: skip
def test_what_a_terminal_has_no_letter_for_is_spelt_plainly(text, said):
    assert terminal.plain(text) == said


@pytest.mark.parametrize(
    "name", ["jawab[1].csv", "a*b.csv", "apa?.csv", "caf\udce9.csv", "caf\udcc3\udca9 [x].csv"]
)
def test_a_file_is_read_whatever_its_name_is_written_in(tmp_path, name):
    survey = make(tmp_path, {name: wide([1, "a", *THREES], [2, "b", *THREES])})
    made = intake.clean(survey)
    assert len(made.responses) == 2
    for table in (made.responses, made.counts, made.columns):
        assert table["source_file"].astype(str).str.encode("utf-8").notna().all()
    intake.write(made, survey)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EMFILE, "Too many open files"), "may not open more files"),
        (OSError(errno.ENOSPC, "No space left", "x.csv"), "the disk is full; free some space (x.csv)"),
        (MemoryError(), "too little memory"),
        (ImportError("libx.so: failed to map segment from shared object"), "too little memory"),
        (RuntimeError("can't start new thread"), "starts no more processes"),
        (OSError(errno.EIO, "Input/output error"), "the disk failed"),
    ],
)
def test_too_little_of_something_is_the_machine_and_not_the_data(error, said):
    found = machine(error)
    assert isinstance(found, EnvironmentFault)
    assert said in str(found)
    assert terminal.explain(error) == (str(found), terminal.ENVIRONMENT)
    assert machine(ValueError("U9")) is None


def failed(what) -> tuple[str, int]:
    """What is said of the error that a call ends in."""
    with pytest.raises(Exception) as caught:  # whichever the library raises
        what()
    found = terminal.explain(caught.value)
    assert found is not None, caught.value
    return found


def test_a_place_where_no_file_can_be_written_is_named_and_what_is_needed_there(tmp_path):
    folder, file = tmp_path / "folder", tmp_path / "file"
    folder.mkdir()
    file.touch()
    wanted = f"{file} is a file or lies below one; a folder is needed there"
    assert failed(lambda: store.write_text(file / "a.txt", "")) == (wanted, terminal.WRONG_USE)
    said = f"{folder} is a folder; give the name of a file"
    assert failed(lambda: store.write_text(folder, "")) == (said, terminal.WRONG_USE)
    assert failed((folder / "none").read_text) == (
        f"there is no file or folder {folder / 'none'}",
        terminal.WRONG_USE,
    )
    refused = PermissionError(errno.EACCES, "Permission denied", str(folder / ".8x.part"))
    sentence, code = terminal.explain(refused)
    assert (sentence.startswith(f"no permission: {folder};"), code) == (True, terminal.ENVIRONMENT)


def test_a_form_that_shall_be_written_into_a_file_is_refused_in_one_sentence(root, tmp_path):
    (tmp_path / "file").touch()
    done = skm(root, "form", "2024", "--out", str(tmp_path / "file"))
    assert done.returncode == terminal.WRONG_USE
    assert done.stderr.decode().count("\n") == 1


@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_a_stored_table_that_was_cut_off_is_damage_and_no_fault_of_the_program(tmp_path, share):
    import pandas as pd

    path = tmp_path / "t.parquet"
    pd.DataFrame({"unit": list("abc") * 400}).to_parquet(path)
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    sentence, code = failed(lambda: matching(path, [[("unit", "==", "a")]]))
    assert (sentence, code) == (terminal.DAMAGED, terminal.NOT_VERIFIED)


def test_a_stored_list_that_was_cut_off_is_damage_too(root):
    processed = root / "data" / "processed" / "2024"
    processed.mkdir(parents=True)
    (processed / "units.json").write_text("[{")
    done = skm(root, "status", "2024")
    assert (done.returncode, done.stderr.decode().strip()) == (terminal.NOT_VERIFIED, terminal.DAMAGED)


@pytest.mark.parametrize(("kind", "amount"), [("RLIMIT_NOFILE", 12), ("RLIMIT_FSIZE", 100)])
def test_a_run_for_which_there_is_too_little_ends_with_5_and_a_sentence(root, kind, amount):
    number = getattr(resource, kind)

    def limit() -> None:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(number, (amount, amount))

    (root / "data/raw/2024/a.csv").write_text(wide([1, "b", *THREES]))
    done = skm(root, "run", "2024", "--quiet", preexec_fn=limit)
    said = done.stderr.decode()
    assert done.returncode == terminal.ENVIRONMENT, said
    assert "Traceback" not in said
    assert said.strip()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this platform has no /dev/full")
def test_output_that_nobody_reads_or_can_store_is_no_traceback(root):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline.cli", "status", "2024", "--root", str(root)], stdout=full,
            stderr=subprocess.PIPE,
        )  # fmt: skip
    assert done.returncode == terminal.ENVIRONMENT
    assert done.stderr.decode().strip() == "the disk is full; free some space"
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "pipeline.cli", "status", "2024", "--root", str(root)]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_what_asks_a_process_to_end_interrupts_it_unless_it_is_ignored(name, monkeypatch, capsys):
    number = getattr(signal, name)
    monkeypatch.setattr(terminal, "_interrupted_by", [signal.SIGINT])
    before = signal.getsignal(number)
    try:
        signal.signal(number, signal.SIG_IGN)
        terminal.end_on_signals()
        signal.raise_signal(number)  # as under nohup
        signal.signal(number, signal.SIG_DFL)
        terminal.end_on_signals()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
    finally:
        signal.signal(number, before)
    with pytest.raises(SystemExit) as end:
        terminal.interrupted()
    assert end.value.code == 128 + number
    assert "interrupted" in capsys.readouterr().err


def test_a_terminal_that_is_gone_takes_what_is_said_in_silence(tmp_path, monkeypatch):
    class Gone:
        def __init__(self, file):
            self.file, self.fileno = file, file.fileno

        def write(self, _):
            raise OSError(errno.EIO, "Input/output error")

    with (tmp_path / "said").open("w") as file:
        monkeypatch.setattr(sys, "stderr", Gone(file))
        terminal.say("interrupted", error=True)
        os.write(file.fileno(), b"taken")
    assert (tmp_path / "said").read_text() == ""
