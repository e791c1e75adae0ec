"""The report exporters: functions for the pipeline, nbconvert classes for `jupyter nbconvert --to skm_html`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from nbconvert.exporters import Exporter
from traitlets import default

from pipeline.render import html, pdf
from pipeline.render.characters import Cleaner
from pipeline.render.content import read


def to_html(nb: Any, *, resources: dict[str, Any] | None = None) -> str:
    """Turn an executed notebook into one self-contained HTML page.

    Parameters
    ----------
    nb
        Executed notebook whose cells display blocks.
    resources
        May hold `skm.around`: what lies beside the page, as arguments of `html.Around`. Filled with `skm.removed`:
        characters taken out because no document may hold them.

    Raises
    ------
    RenderError
        Names the cell whose output is not a block.
    """
    cleaner = Cleaner(covered=False)
    around = (resources or {}).get("skm", {}).get("around") or {}
    text = html.write(read(nb), cleaner, html.Around(**around))
    if resources is not None:
        resources.setdefault("skm", {})["removed"] = cleaner.removed
    return text


def to_pdf(nb: Any, *, timestamp: dt.date | None = None, resources: dict[str, Any] | None = None) -> bytes:
    """Turn an executed notebook into a PDF that passes PDF/UA-1 and PDF/A-2a.

    Parameters
    ----------
    nb
        Executed notebook whose cells display blocks.
    timestamp
        Date of the document; defaults to the document block's.
    resources
        Filled with `skm.removed` and `skm.replaced`: characters taken out, and those no bundled font has.
    """
    made = pdf.compile_pdf(read(nb), timestamp)
    if resources is not None:
        resources.setdefault("skm", {}).update(removed=made.removed, replaced=made.replaced)
    return made.data


def to_docx(nb: Any, *, resources: dict[str, Any] | None = None) -> bytes:
    """Turn an executed notebook into a Word document with real styles, tables and captions.

    Parameters
    ----------
    nb
        Executed notebook whose cells display blocks.
    resources
        Filled with `skm.removed`: characters taken out because no document may hold them.
    """
    from pipeline.render import word  # late: few ask for it

    cleaner = Cleaner(covered=False)
    made = word.write(read(nb), cleaner)
    if resources is not None:
        resources.setdefault("skm", {})["removed"] = cleaner.removed
    return made


class _SkmExporter(Exporter):
    """What all share: a notebook is read, never changed, so nobody copies or validates it again.

    nbconvert's dozen of default preprocessors does nothing unless configured, and costs a validation
    of the whole notebook each. Those that a person configures (`Exporter.preprocessors`) still run.
    """

    #: How the names of its files end.
    ending = ""

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return self.ending

    @default("default_preprocessors")
    def _default_preprocessors_default(self) -> list[Any]:
        return []

    def prepared(self, nb: Any, resources: Any, **kwargs: Any) -> tuple[Any, dict[str, Any]]:
        """The notebook as preprocessors leave it, and nbconvert's resources."""
        if self._preprocessors:
            return super().from_notebook_node(nb, resources, **kwargs)
        return nb, self._init_resources(resources)

    def from_notebook_node(self, nb: Any, resources: Any = None, **kwargs: Any) -> Any:
        """Convert a notebook node."""
        nb, resources = self.prepared(nb, resources, **kwargs)
        return self.written(nb, resources), resources

    def written(self, nb: Any, resources: dict[str, Any]) -> Any:
        """Return the report as this exporter writes it."""
        raise NotImplementedError


class SkmHTMLExporter(_SkmExporter):
    """`skm_html`: the report as one HTML file."""

    export_from_notebook = "SKM report (HTML)"
    ending = ".html"
    output_mimetype = "text/html"

    def written(self, nb: Any, resources: dict[str, Any]) -> Any:
        """Return the HTML."""
        return to_html(nb, resources=resources)


class SkmPDFExporter(_SkmExporter):
    """`skm_pdf`: the report as an accessible, archivable PDF."""

    export_from_notebook = "SKM report (PDF)"
    ending = ".pdf"
    output_mimetype = "application/pdf"

    def written(self, nb: Any, resources: dict[str, Any]) -> Any:
        """Return the PDF."""
        return to_pdf(nb, resources=resources)


class SkmWordExporter(_SkmExporter):
    """`skm_docx`: the report as a Word document that can be edited."""

    export_from_notebook = "SKM report (Word)"
    ending = ".docx"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    def written(self, nb: Any, resources: dict[str, Any]) -> Any:
        """Return the Word document."""
        return to_docx(nb, resources=resources)
