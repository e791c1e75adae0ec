"""The sixteen points of the availability standard: each fails on a package that does not meet it."""

from __future__ import annotations

import json

import pytest

from pipeline.archive import standard
from pipeline.archive.crate import FILE as CRATE
from pipeline.archive.standard import AUTHOR, FAIL, PASS

README, BOOK, RUN = "README.md", "results/public/codebook.csv", "survey/reports/2024/run.json"


def verdict(files, number: int) -> str:
    """What one point says, without the other fifteen."""
    return standard.POINTS[number - 1][1](files)[0]


def test_a_package_meets_what_a_program_can_test_and_leaves_the_rest_to_its_author(package):
    points = standard.check(package.files)
    assert len(points) == 16
    assert [p.number for p in points if p.verdict == AUTHOR] == [1, 11, 12, 14]
    assert [p for p in points if p.verdict == FAIL] == []
    assert standard.lines(points)[-1] == "12 pass, 0 fail, 4 only an author can say"


def changed(files, name, change) -> dict[str, bytes]:
    made = dict(files)
    new = change(made[name])
    if new is None:
        del made[name]
    else:
        made[name] = new
    return made


def without_line(start: str):
    return lambda content: b"\n".join(
        line for line in content.split(b"\n") if not line.startswith(start.encode())
    )


def wheel_of(files) -> str:
    return next(name for name in files if name.endswith(".whl"))


BROKEN = {
    1: (README, lambda c: c.replace(b"How to get the raw answers", b"")),
    2: (RUN, lambda c: json.dumps({**json.loads(c), "raw": {"not-named.xlsx": "0"}}).encode()),
    3: ("survey/data/processed/2024/index.parquet", lambda c: b"no table"),
    5: (BOOK, lambda c: c.replace(b"numerator", b"another")),
    6: ("CITATION.cff", lambda c: None),
    10: (BOOK, lambda c: c.replace(b"pertanyaan", b"x").replace(b"Pertanyaan", b"x")),
    13: (README, lambda c: c.replace(b"## Dataset list", b"## Data")),
    15: ("LICENSE.txt", lambda c: b"TO DECIDE"),
    16: (README, lambda c: c.replace(b"## Omissions", b"## Other")),
}  # fmt: skip


@pytest.mark.parametrize("number", BROKEN)
def test_a_point_fails_where_what_it_asks_for_is_taken_away(package, number):
    name, change = BROKEN[number]
    assert verdict(package.files, number) in (PASS, AUTHOR)
    assert verdict(changed(package.files, name, change), number) == FAIL


@pytest.mark.parametrize("number", [7, 8, 9])
def test_the_points_about_code_fail_without_the_wheel(package, number):
    assert verdict(changed(package.files, wheel_of(package.files), lambda c: None), number) == FAIL


def test_a_data_file_that_only_one_program_reads_fails_the_point_on_formats(package):
    assert verdict({**package.files, "survey/data/processed/2024/answers.sas7bdat": b""}, 4) == FAIL


def test_a_file_that_was_changed_after_packing_fails_the_point_on_documentation(package):
    assert verdict(changed(package.files, "Makefile", lambda c: c + b"#"), 13) == FAIL


def test_how_respondents_were_chosen_is_the_authors_where_the_definition_does_not_say(package):
    said = changed(
        package.files, README, lambda c: c.replace(b"- Sampling: Setiap", b"- Sampling: TO DECIDE")
    )
    assert verdict(said, 10) == AUTHOR


def test_a_licence_that_the_crate_does_not_state_fails(package):
    def bare(content: bytes) -> bytes:
        made = json.loads(content)
        for entity in made["@graph"]:
            entity.pop("license", None)
        return json.dumps(made).encode()

    assert verdict(changed(package.files, CRATE, bare), 15) == FAIL
