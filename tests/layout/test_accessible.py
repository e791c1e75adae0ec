"""What the gate of accessible PDF sees: a report of ours has no fault, one that was robbed of its marks has each."""

from __future__ import annotations

import pytest
from pypdf import PdfWriter
from pypdf.generic import NameObject, NumberObject

from pipeline.render import to_pdf
from tests.layout import accessible
from tests.support.report_sample import sample


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("made") / "report.pdf"
    path.write_bytes(to_pdf(sample()))
    return path


def robbed(made, tmp_path, rob) -> str:
    writer = PdfWriter(clone_from=str(made))
    rob(writer)
    path = tmp_path / "robbed.pdf"
    writer.write(str(path))
    return " | ".join(accessible.wrong(path))


def elements(writer: PdfWriter, kind: str):
    found = [one.get_object() for one in writer._objects if one is not None]
    return [one for one in found if isinstance(one, dict) and one.get("/S") == kind]


def without_scope(writer: PdfWriter) -> None:
    for one in elements(writer, "/TH"):
        del one["/A"]


def deeper(writer: PdfWriter) -> None:
    for one in elements(writer, "/H2"):
        one[NameObject("/S")] = NameObject("/H5")


def without_fonts(writer: PdfWriter) -> None:
    for one in writer._objects:
        told = one.get_object() if one is not None else None
        if isinstance(told, dict):
            for name in ("/FontFile", "/FontFile2", "/FontFile3"):
                told.pop(NameObject(name), None)


def without_alt(writer: PdfWriter) -> None:
    for one in elements(writer, "/Figure"):
        del one["/Alt"]


def hidden_title(writer: PdfWriter) -> None:
    writer._root_object["/ViewerPreferences"].get_object()[NameObject("/DisplayDocTitle")] = NumberObject(0)


def test_a_report_of_ours_has_no_fault(made):
    assert list(accessible.wrong(made)) == []


@pytest.mark.parametrize(
    ("rob", "said"),
    [
        (lambda w: w._root_object.pop(NameObject("/Lang")), "no language"),
        (lambda w: w._root_object.pop(NameObject("/MarkInfo")), "not marked as tagged"),
        (lambda w: w._root_object.pop(NameObject("/StructTreeRoot")), "no structure tree"),
        (lambda w: w._root_object.pop(NameObject("/Metadata")), "no PDF/UA identifier"),
        (hidden_title, "title not displayed"),
        (without_alt, "a figure without alt text"),
        (without_scope, "a header cell without scope"),
        (deeper, "a heading of level 5 after level"),
        (without_fonts, "is not embedded"),
    ],
)
def test_each_mark_that_is_taken_away_is_missed(made, tmp_path, rob, said):
    assert said in robbed(made, tmp_path, rob)
