"""Every sentence the intake can say has its Indonesian counterpart: read from the source, so that none is forgotten."""

from __future__ import annotations

import ast
import itertools
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from pipeline.words import problems
from pipeline.words.lookup import flat, load

PACKAGE = Path(problems.__file__).resolve().parents[1]
#: Sentences about raw files come from here; what pipeline/survey says of definitions ends a command at once.
SOURCES = sorted((PACKAGE / "intake").rglob("*.py"))
#: Functions whose results are such sentences, and where they are written.
CALLED = {
    "did_you_mean": "survey/errors.py", "sentence": "survey/near.py", "odd_kind": "survey/plainfile.py",
    "both_readings": "intake/columns/orders.py", "_advice": "intake/account/refusals.py",
    "_near": "intake/rows/sources.py",
    "_composite": "intake/rows/join_losses.py",
    "_signed": "intake/files/filekind.py",
}  # fmt: skip
#: Calls that pass a sentence on which was made elsewhere: told by module and what is passed on.
PASSED_ON = {
    ("problems.py", "self.what"), ("problems.py", "self.hint"), ("problems.py", "problems"),
    ("spss.py", "told['what']"), ("spss.py", "told['hint']"), ("spss.py", "what"), ("spss.py", "hint"),
    # What is said of a small file that cannot be opened, as of units.csv; and the unit that is near.
    ("read.py", "p.what"), ("read.py", "p.hint"),
    ("read.py", "hint"),
    ("proposal.py", "'; '.join(told) or 'holds no table of answers'"),
}  # fmt: skip
HOLE = "\0"


@cache
def tree(path: str) -> ast.Module:
    return ast.parse((PACKAGE / path).read_text(encoding="utf-8"))


@cache
def returned(name: str) -> tuple[ast.expr, ...]:
    made = [n for n in ast.walk(tree(CALLED[name])) if isinstance(n, ast.FunctionDef) and n.name == name]
    return tuple(n.value for f in made for n in ast.walk(f) if isinstance(n, ast.Return) and n.value)


def called(node: ast.expr) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def texts(node: ast.expr, scope: ast.AST, place: int = 0) -> list[str]:
    """Every template an expression can become: its fixed letters, and a hole for each value."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.JoinedStr):
        parts = [texts(value, scope) for value in node.values]
        return ["".join(combined) for combined in itertools.product(*parts)]
    if isinstance(node, ast.FormattedValue):
        found = texts(node.value, scope)
        # An argument or a loop's value is a hole; a choice between words of ours is each of them.
        return found if all(text.strip(HOLE) for text in found if text) and any(found) else [HOLE]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [a + b for a in texts(node.left, scope) for b in texts(node.right, scope)]
    if isinstance(node, ast.BoolOp):
        return [text for value in node.values for text in texts(value, scope)]
    if isinstance(node, ast.IfExp):
        return texts(node.body, scope) + texts(node.orelse, scope)
    if isinstance(node, ast.Tuple):
        return texts(node.elts[place], scope)
    if called(node) in CALLED:
        return [t for value in returned(called(node)) for t in texts(value, scope, place)]
    if isinstance(node, ast.Name):
        return assigned(node.id, scope) or [HOLE]
    return [HOLE]


def assigned(name: str, scope: ast.AST) -> list[str]:
    """What a name of a function becomes, with each of the endings that may be added."""
    made: list[str] = []
    perhaps = [inner for outer in ast.walk(scope) if isinstance(outer, ast.If) for inner in ast.walk(outer)]
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign) and [ast.unparse(t) for t in node.targets] == [name]:
            made += texts(node.value, ast.Module([], []))
        elif isinstance(node, ast.AugAssign) and ast.unparse(node.target) == name:
            endings = texts(node.value, ast.Module([], []))
            made = [a + b for a in made for b in (["", *endings] if node in perhaps else endings)]
        elif isinstance(node, ast.NamedExpr) and node.target.id == name:
            made += texts(node.value, ast.Module([], []))
    return made


def calls() -> Iterator[tuple[str, str, ast.expr, ast.AST, int]]:
    """Module, kind, expression, function around it, and its place in a pair of sentences."""
    for path in SOURCES:
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                if called(node) not in ("Problem", "Refused") if isinstance(node, ast.Call) else True:
                    continue
                if node.args and isinstance(node.args[0], ast.Starred):
                    yield path.name, "what", node.args[0].value, function, 0
                    yield path.name, "hint", node.args[0].value, function, 1
                    continue
                given = dict(zip(("what", "hint"), node.args))
                given |= {k.arg: k.value for k in node.keywords if k.arg in ("what", "hint")}
                for kind, value in given.items():
                    yield path.name, kind, value, function, 0


def pairs_of_near_names() -> list[tuple[str, str, str]]:
    """near_names.py loops over pairs of sentences that pipeline/survey/near.py makes."""
    return [
        ("near_names.py", kind, text)
        for place, kind in enumerate(("what", "hint"))
        for value in returned("sentence")
        for text in texts(value, ast.parse("if a:\n  times = '1 answer' if a else f'{b} answers'"), place)
    ]


@cache
def sentences() -> tuple[tuple[str, str, str], ...]:
    found = pairs_of_near_names()
    for module, kind, value, function, place in calls():
        made = [] if module == "near_names.py" else texts(value, function, place)
        passed_on = (module, ast.unparse(value)) in PASSED_ON
        found += [(module, kind, text) for text in made if text and not (passed_on and text == HOLE)]
    return tuple(dict.fromkeys(found))


def filled(text: str) -> tuple[str, list[str]]:
    """The sentence with a number of its own in every hole."""
    values = [str(1000 + 7 * n) for n in range(text.count(HOLE))]
    pieces = text.split(HOLE)
    return "".join(a + b for a, b in itertools.zip_longest(pieces, values, fillvalue="")), values


def test_the_sentences_of_the_source_are_found():
    assert len(sentences()) > 120
    assert {module for module, *_ in sentences()} >= {
        "workbook.py",
        "csvfile.py",
        "sources.py",
        "refusals.py",
        "clean.py",
    }
    assert ("rawfiles.py", "what", "is a folder, not a file") in sentences()
    assert (
        "headerrow.py",
        "what",
        f"no row looks like headers (row {HOLE} has {HOLE} filled cells)",
    ) in sentences()


def test_no_sentence_of_the_intake_lacks_an_indonesian_one_with_the_same_values():
    lacking = []
    for module, kind, text in sentences():
        sentence, values = filled(text)
        rendered = problems.said("id", kind, sentence)
        if text.strip(HOLE) == "" or not problems.key_of(kind, sentence) or rendered == sentence:
            lacking.append((module, kind, text))
        assert [v for v in values if rendered.count(v) != sentence.count(v)] == [], (
            module,
            sentence,
            rendered,
        )
    assert lacking == []


def test_no_template_is_left_over_that_no_sentence_is_made_by():
    used = {(kind, problems.key_of(kind, filled(text)[0])) for _, kind, text in sentences()}
    kept = {(kind, key) for kind in ("what", "hint") for key in load("en", "problems")[kind]}
    assert kept - used == set()


@pytest.mark.parametrize("text", [
    "<script>alert(1)</script>", "a {n} {0} {x!r} %s", '" (in 2 files)', "=cmd|'/c'!A1", "“x” dan \\1 \\g<n>", "",
])  # fmt: skip
def test_values_are_copied_as_they_stand_whatever_they_hold(text):
    said = problems.said("id", "what", f'has no sheet "{text}"')
    assert said == f"tidak mempunyai lembar “{text}”"


def test_the_list_of_answers_that_are_no_options_is_told_to_its_end():
    english = (
        '9 answers are no options of U6: "Biasa saja ah" (1), like "baik" = 3 or "bad" = 1; "Terserah" (1); '
        '"x or y" (2), like "baik" = 3; and 12 other texts. They are options of U7 (in 3 files)'
    )
    assert problems.said("id", "what", english) == (
        '9 jawaban bukan pilihan jawaban U6: "Biasa saja ah" (1), mirip "baik" = 3 atau "bad" = 1; "Terserah" (1); '
        '"x or y" (2), mirip "baik" = 3; dan 12 teks lain. Semuanya pilihan jawaban U7 (di 3 berkas)'
    )


def test_both_readings_of_a_bare_number_are_told():
    english = (
        "a bare number does not say which unsur is meant: "
        'order: form reads "8" = U8 (Penanganan pengaduan), "9" = U9 (Sarana); order: questionnaire'
        ' reads "8" = U9 (Sarana), "9" = U8 (Penanganan pengaduan)'
    )
    said = problems.said("id", "what", english)
    assert "reads" not in said
    assert said.count("menurut order: ") == 2


def test_an_unknown_sentence_and_an_english_page_keep_the_english_words():
    assert problems.said("id", "what", "has a new kind of fault") == "has a new kind of fault"
    assert problems.said("en", "what", "is empty") == "is empty"


def test_sentences_that_imitate_themselves_cost_no_more_than_their_length():
    hostile = 'the columns "' + '" (A) and "' * 20_000
    often = "5 answers are no options of U1: " + '"a" (1), like "b" = 1 or ' * 700
    began = time.process_time()
    for _ in range(5):
        problems.said("id", "what", hostile)
        problems.said("id", "what", often)
    assert time.process_time() - began < 2


def test_thousands_of_sentences_cost_little():
    text = filled(f'"{HOLE}" ({HOLE} answers) is not in units.csv and looks like "{HOLE}"')[0]
    problems.said("id", "what", text)
    began = time.process_time()
    for _ in range(5000):
        problems.said("id", "what", text)
    assert time.process_time() - began < 2


def test_the_words_hold_no_emphasis_marks():
    for lang in ("id", "en"):
        assert [key for key, text in flat(load(lang, "problems")).items() if "**" in text] == []
