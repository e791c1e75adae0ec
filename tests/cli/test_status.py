"""``skm status`` as it is called: filters, a page, JSON, and one sentence where the definition is broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.cli.commands import main
from pipeline.words import Words
from tests.support.raw_surveys import make

UNITS = (
    "id,name,type,deadline\ndinas-a,Dinas A,dinas,2024-11-01\ndinas-b,Dinas <b>B</b>,dinas,2024-12-24\n"
    "kel-a,Kelurahan A,kelurahan,2024-11-01\n"
)
PLAN = "unit,unsur,action,due\ndinas-a,U3,Tambah loket,2024-06-01\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    survey = make(tmp_path, {"follow-up.csv": PLAN}, "languages: [id, en]\n", units=UNITS)
    survey.processed.mkdir(parents=True)
    read = [
        {"id": unit, "slug": unit, "name": unit, "n": n, "required": 30}
        for unit, n in (("dinas-a", 12), ("dinas-b", 40), ("kel-a", 0))
    ]
    (survey.processed / "units.json").write_text(json.dumps(read))
    for unit in ("dinas-a", "dinas-b"):
        page = survey.public / "units" / unit / "report.html"
        page.parent.mkdir(parents=True)
        page.write_text("x")
    return tmp_path


def skm(capsys: pytest.CaptureFixture[str], *arguments: object, ends: int = 0) -> tuple[str, str]:
    with pytest.raises(SystemExit) as end:
        main([str(argument) for argument in arguments])
    assert int(end.value.code or 0) == ends
    out, wrong = capsys.readouterr()
    return out, wrong


def test_units_are_chosen_by_name_and_by_type(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask = ("status", "2024", "--json", "--on", "2024-11-20", "--root", root)
    all_of_them = json.loads(skm(capsys, *ask)[0])
    assert [row["unit"] for row in all_of_them["units"]] == ["kel-a", "dinas-a", "dinas-b"]
    kind = json.loads(skm(capsys, *ask, "--type", "kelurahan")[0])
    assert [row["unit"] for row in kind["units"]] == ["kel-a"]
    assert {unit for cause in kind["causes"] for unit in cause["units"]} == {"kel-a"}
    named = json.loads(skm(capsys, *ask, "--only", "Dinas A")[0])
    assert [row["causes"] for row in named["units"]] == [["few-passed", "late-plan"]]


def test_a_wrong_type_names_those_there_are(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, wrong = skm(capsys, "status", "2024", "--type", "rsud", "--root", root, ends=2)
    assert 'no type "rsud"' in wrong
    assert "dinas, kelurahan" in wrong


@pytest.mark.parametrize("pair", [("--html", "--json"), ("--json", "--units"), ("--html", "--units")])
def test_two_ways_to_say_it_are_refused_before_one_of_them_is_dropped(
    root: Path, capsys: pytest.CaptureFixture[str], pair: tuple[str, str]
) -> None:
    out, wrong = skm(capsys, "status", "2024", *pair, "--root", root, ends=2)
    assert (out, wrong.strip()) == (
        "",
        f"skm status: {' and '.join(pair)} are ways to say the same; give one of them",
    )


def test_late_alone_shows_deadlines_and_actions(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = skm(capsys, "status", "2024", "--late", "--on", "2024-11-20", "--root", root)
    assert "Follow-up actions are late: 1 unit" in out
    assert "Too few answers, and the deadline has passed: 1 unit" in out
    assert "report" not in out.split("Answers")[0].lower()


def test_a_broken_definition_is_one_sentence(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / "data" / "raw" / "2024" / "survey.yml"
    path.write_text("title: Uji\nordr: form\nsampel: x\n")
    out, wrong = skm(capsys, "status", "2024", "--root", root, ends=2)
    assert out == ""
    assert len(wrong.strip().splitlines()) == 1
    assert 'line 2, key "ordr": there is no such key' in wrong
    assert "(and 1 more: skm check 2024)" in wrong


def test_the_page_says_in_each_language_what_the_screen_says(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = skm(capsys, "status", "2024", "--html", "--on", "2024-11-20", "--root", root)
    found = json.loads(skm(capsys, "status", "2024", "--json", "--on", "2024-11-20", "--root", root)[0])
    pages = [Path(line) for line in out.splitlines()]
    assert [page.name for page in pages] == ["status.html", "status.en.html"]
    for page, lang in zip(pages, ("id", "en"), strict=True):
        text, w = page.read_text(encoding="utf-8"), Words(lang)
        for cause in found["causes"]:
            assert w(f"status.cause.{cause['cause']}.what") in text
        assert 'href="../public/units/dinas-a/report.html"' in text
        assert "<b>B</b>" not in text
        assert w.date("2024-11-20") in text


def test_colour_is_never_needed(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, _ = skm(capsys, "status", "2024", "--on", "2024-11-20", "--root", root)
    assert "\x1b" not in plain  # no terminal
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    marked, _ = skm(capsys, "status", "2024", "--on", "2024-11-20", "--root", root)
    assert marked.replace("\x1b[1m", "").replace("\x1b[0m", "") == plain != marked
    monkeypatch.setenv("NO_COLOR", "1")
    assert skm(capsys, "status", "2024", "--on", "2024-11-20", "--root", root)[0] == plain
