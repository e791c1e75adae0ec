"""``evidence.yml``: what it may say, one sentence for each thing that it may not, and what depends on it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline import rules
from pipeline import survey as surveys
from pipeline.cli.evidence import usable
from pipeline.run.hashes import Hashes
from pipeline.run.keys import Keys
from pipeline.run.plan import Options, notebook_folder
from pipeline.survey import evidence, renew
from tests.support.raw_surveys import make

DEFINITION = "fieldwork: {start: 2024-02-01, end: 2024-03-29}\n"
UNITS = "id,name,sets\na,Dinas A,uji\nb,Dinas B,\n"
GOOD = """publication:
  - {medium: website, date: 2024-04-30, address: "https://kota.contoh.invalid/skm", shows: [method, process, result]}
  - {medium: print, date: 2024-05-02, photo: papan.jpg, alt: Papan pengumuman, units: ["@uji"]}
complaints:
  - {channel: {id: Loket, en: Counter}, place: Lantai 1}
execution:
  - {what: Laporan pelaksanaan, units: [b]}
ombudsman: {score: "84,2", source: Ombudsman}
stated: {principles: Petugas survei bukan petugas loket.}
"""


#: What begins and ends as a photo.
PHOTO = b"\xff\xd8\xff x \xff\xd9"


def survey_of(root: Path, text: str | None) -> surveys.Survey:
    files: dict[str, str | bytes] = {} if text is None else {"evidence.yml": text}
    files["evidence/papan.jpg"] = PHOTO
    files["evidence/teks.jpg"], files["evidence/separuh.jpg"] = b"teks", PHOTO[:-1]
    return make(root, files, DEFINITION, units=UNITS)


def test_entries_are_of_the_units_they_name_and_else_of_all(tmp_path: Path) -> None:
    given = evidence.read(survey_of(tmp_path, GOOD))
    assert [one.medium for one in given.publication("a")] == ["website", "print"]
    assert [one.medium for one in given.publication("b")] == ["website"]
    assert (len(given.execution("a")), len(given.execution("b")), len(given.complaints("a"))) == (0, 1, 1)
    assert given.said.ombudsman is not None
    assert given.said.ombudsman.score == 84.2
    assert [one.documented for one in given.publication()] == [True, True]


def test_publications_are_told_by_date_and_those_without_one_last(tmp_path: Path) -> None:
    days = ("2024-05-02", "", "2024-04-30")
    text = "".join(
        f"- {{medium: print, what: x, date: {day}}}\n" if day else "- {medium: app}\n" for day in days
    )
    told = [
        str(one.date or "")
        for one in evidence.read(survey_of(tmp_path, f"publication:\n{text}")).publication()
    ]
    assert told == ["2024-04-30", "2024-05-02", ""]


def test_without_the_file_nothing_is_stated_which_is_not_the_same_as_nothing(tmp_path: Path) -> None:
    assert not evidence.read(survey_of(tmp_path, None)).states_publication
    assert evidence.read(survey_of(tmp_path, "publication: []\n")).states_publication
    assert not evidence.read(survey_of(tmp_path, "complaints: []\n")).states_publication


@pytest.mark.parametrize(("text", "line", "says"), [
    ("publikasi: []", 1, "there is no such key"),
    ("publication:\n- {medium: radio}", 2, "is not one of"),
    ("publication:\n- {medium: website, address: 'javascript:alert(1)'}", 2, "is no web address"),
    ("publication:\n- {medium: website, address: 'https://a b'}", 2, "is no web address"),
    ("publication:\n- {medium: website, date: 2024-03-01}", 2, "before the survey ended"),
    ("publication:\n- {medium: print, photo: papan.jpg}", 2, "the photo needs alt"),
    ("publication:\n- {medium: print, photo: x.jpg, alt: x}", 2, "is not there"),
    ("publication:\n- {medium: print, photo: ../survey.yml, alt: x}", 2, ""),
    ("publication:\n- {medium: print, photo: teks.jpg, alt: x}", 2, "is no JPEG or PNG that can be opened"),
    ("publication:\n- {medium: print, photo: separuh.jpg, alt: x}", 2, "breaks off before its end"),
    ("publication:\n- {medium: print, units: [c]}", 2, 'there is no unit "c"'),
    ("publication:\n- {medium: website, shows: [everything]}", 2, "is not one of"),
    ("complaints:\n- {place: x}", 2, "is required and not given"),
    ("ombudsman: {score: 184, source: x}", 1, "no score from 0 to 100"),
    ("ombudsman: {score: 84}", 1, "is required and not given"),
    ("stated: {prinsip: x}", 1, "there is no duty 'prinsip'"),
    ("stated: {principles: ''}", 1, "is empty"),
    ("- a", None, "must be a list of keys"),
])  # fmt: skip
def test_what_it_may_not_say_is_told_with_its_line(
    tmp_path: Path, text: str, line: int | None, says: str
) -> None:
    with pytest.raises(surveys.SurveyError) as error:
        evidence.read(survey_of(tmp_path, text))
    (problem,) = error.value.problems
    assert says in problem.what
    assert problem.line == line
    assert problem.file == "data/raw/2024/evidence.yml"


def test_to_note_a_publication_makes_nothing_anew(tmp_path: Path) -> None:
    survey = survey_of(tmp_path, None)

    def keys() -> Keys:
        return Keys(surveys.load(tmp_path, "2024"), Options(), notebook_folder(), Hashes(tmp_path))

    before = keys()
    raw, digest = before.raw(), before.survey.digest
    (survey.raw / "evidence.yml").write_text(GOOD)
    (survey.raw / "evidence" / "lain.jpg").write_text("y")
    after = keys()
    assert (after.raw(), after.survey.digest) == (raw, digest)
    assert not any("evidence" in name for name in raw)


DOC = Path(__file__).parents[2] / "docs" / "evidence.md"


def test_the_example_of_the_document_is_a_file_that_is_read_and_names_every_key(tmp_path: Path) -> None:
    text = re.search(r"```yaml\n(.*?)```", DOC.read_text(encoding="utf-8"), re.S)
    assert text
    units = "id,name,sets\ndinas-kesehatan,Dinas Kesehatan,uji-2025\npuskesmas-a,Puskesmas A,\n"
    survey = make(tmp_path, {"evidence.yml": text[1], "evidence/papan.jpg": PHOTO}, units=units)
    said = evidence.read(survey).said
    assert said.model_fields_set == set(evidence.Evidence.model_fields)
    used = {name for one in evidence.entries(said) for name in one.model_fields_set}
    assert used >= set(evidence.Publication.model_fields)
    listed = re.findall(r"`([a-z]+)`[,.]", DOC.read_text(encoding="utf-8").rpartition("Duties are:")[2])
    assert listed == [duty.id for duty in rules.duties()]


def renewed(root: Path, text: str) -> dict[str, str]:
    """What a survey made from this one has of evidence, by file."""
    made = renew.renew(survey_of(root, text), "2025")
    folder = root / "data" / "raw" / "2025"
    names = [path.relative_to(folder).as_posix() for path in made]
    assert len(set(names)) == len(names)
    return {
        name: (folder / name).read_text(encoding="latin-1") for name in names if name.startswith("evidence")
    }


def test_the_next_year_keeps_ways_to_complain_and_says_anew_what_was_published(tmp_path: Path) -> None:
    channel = "  - {channel: {id: Loket, en: Counter}, place: Lantai 1"
    found = renewed(tmp_path, GOOD.replace(channel, f"{channel}, photo: papan.jpg, alt: Kotak"))
    assert found["evidence/papan.jpg"] == PHOTO.decode("latin-1")
    text = found["evidence.yml"]
    assert (
        "# of the old period, to be said anew:\n# publication:\n#   - {medium: website, date: 2024-04-30"
        in text
    )
    given = evidence.read(surveys.load(tmp_path, "2025"))
    assert [one.place for one in given.complaints()] == ["Lantai 1"]
    assert given.said.model_fields_set == {"complaints"}
    assert not given.states_publication


@pytest.mark.parametrize("text", [
    "publication: []\n",  # nothing holds
    "complaints: [{place: x}]\n",  # no channel: skm check says so
    '{"publication": [], "complaints": [{channel: Loket}]}\n',  # in one piece, which is not taken apart
    '"publication": []\ncomplaints: [{channel: Loket}]\n',
])  # fmt: skip
def test_evidence_that_nothing_holds_of_is_not_begun_for_the_next_year(tmp_path: Path, text: str) -> None:
    assert renewed(tmp_path, text) == {}
    assert not (tmp_path / "data" / "raw" / "2025" / "evidence.yml").exists()


def test_check_says_what_is_wrong_with_evidence_and_is_silent_where_nothing_is(
    tmp_path: Path, capsys
) -> None:
    survey = survey_of(tmp_path, "publication:\n- {medium: radio}\nstated: {prinsip: x}\n")
    assert not usable(survey)
    said = capsys.readouterr().err
    assert "data/raw/2024/evidence.yml, line 2" in said
    assert "there is no duty 'prinsip'; did you mean \"principles\"?" in said
    (survey.raw / "evidence.yml").write_text(GOOD)
    assert usable(survey)
    (survey.raw / "evidence.yml").unlink()
    assert usable(survey)
    assert capsys.readouterr().err == ""
