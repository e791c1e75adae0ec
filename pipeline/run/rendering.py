"""From a notebook and its parameters to finished files: execute, export, nothing decided."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.survey import Survey
from pipeline.survey.formats import PAGES

from . import addresses
from .plan import STEMS, TOLD, Options, Subject, notebook_of
from .warmth import KernelChoice

if TYPE_CHECKING:
    from nbformat import NotebookNode

_exporters = threading.local()
#: The exporters by their class: what an older installation knows of entry points does not matter.
_CLASSES = {
    f"skm_{form}": f"pipeline.render.exporters.Skm{name}Exporter"
    for form, name in (("html", "HTML"), ("pdf", "PDF"), ("docx", "Word"))
}


def export(notebook: NotebookNode, name: str, around: Mapping[str, Any] | None = None) -> bytes:
    """Export with an nbconvert exporter of ours; one exporter object per thread.

    Parameters
    ----------
    notebook
        Executed.
    name : str
        Of the exporter.
    around : mapping, optional
        What lies beside the page (`render.html.Around` as arguments); only HTML links to it.
    """
    from nbconvert.exporters import get_exporter

    made: dict[str, Any] = _exporters.__dict__.setdefault("made", {})
    if name not in made:
        made[name] = get_exporter(_CLASSES[name])()
    body, _ = made[name].from_notebook_node(notebook, {"skm": {"around": around}} if around else None)
    return body if isinstance(body, bytes) else body.encode("utf-8")


class Renderer:
    """Executes a survey's notebooks and returns the bytes of their pages."""

    def __init__(self, survey: Survey, options: Options, folder: Path) -> None:
        self.survey, self.options, self.folder = survey, options, folder
        self.kernels = KernelChoice(options.kernel, survey)
        self.give_up = threading.Event()
        self.retried: list[str] = []
        self.seconds: dict[str, float] = {}

    @contextmanager
    def no_waiting(self) -> Iterator[None]:
        """When interrupted, or the disk is full: do not wait for notebooks nobody will read."""
        try:
            yield
        except BaseException:
            self.give_up.set()
            from .kernels import kill_all  # late: with nothing to do no kernel is needed

            kill_all()
            raise

    def beside(self, work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Do this in a thread of its own: an interrupt then never lands inside the kernel's client."""
        with ThreadPoolExecutor(max_workers=1) as pool:
            with self.no_waiting():
                future = pool.submit(work, *arguments, **named)
                wait([future])
            return future.result()

    def notebook(self, name: str, **parameters: Any) -> NotebookNode:
        """Execute a notebook for this survey and return it."""
        from .execute import execute  # late: it imports nbformat, which a question needs not

        began = time.perf_counter()
        part = parameters.get("named_set")
        label = f"@{part}" if part else str(parameters.get("unit") or name)
        done = execute(
            self.folder / f"{name}.ipynb",
            {"survey": self.survey.name, "root": str(self.survey.root), **parameters},
            kernel=self.kernels.mode(),
            timeout=self.options.timeout,
            give_up=self.give_up,
        )
        if done.retried:
            self.retried.append(label)
        self.seconds[label] = round(self.seconds.get(label, 0) + time.perf_counter() - began, 3)
        return done.notebook

    def pages(
        self, unit: Subject, stems: list[tuple[str, str]], beside: addresses.Beside
    ) -> Iterator[tuple[str, bytes]]:
        """File name and bytes of each page of a unit's report, or of what is told of a set or the city (None)."""
        formats = [f for f in PAGES if f in self.options.formats]
        for language, stem in stems if formats else ():
            if isinstance(unit, Mapping):
                name = notebook_of(unit, self.survey.definition.template)
                notebook = self.notebook(name, unit=unit["id"], lang=language)
            else:
                name = next(name for name in TOLD if STEMS[name] == stem.partition(".")[0])
                part = {} if unit is None else {"named_set": unit.name}
                notebook = self.notebook(name, lang=language, **part)
            for form in formats:
                around = beside.of(stem) if form == "html" else None
                yield f"{stem}.{form}", export(notebook, f"skm_{form}", around)

    def files(
        self,
        unit: Subject,
        stems: list[tuple[str, str]],
        folder: Path,
        reported: Sequence[str] = (),
        known: Iterable[str] = (),
    ) -> list[tuple[str, bytes]]:
        """Everything that belongs to one report, by its name below ``reports/<survey>``.

        Nothing is put in place here: whoever asked writes the files, so that a report that
        another machine made twice, or too late, leaves no trace.

        Parameters
        ----------
        unit : mapping, NamedSet or None
            None is the city's overview.
        stems : list of (language, stem)
        folder : Path
            Where the pages go, under ``survey.reports``.
        reported : sequence of str
            Pages of units that there are, below ``survey.public``: what pages of a city link to.
        known : iterable of str
            What is known to lie beside a unit's pages though nothing of it is made now, below ``reports/<survey>``.
        """
        place = folder.relative_to(self.survey.reports).as_posix()
        extras = self.extras(unit) if isinstance(unit, Mapping) else {}
        beside = addresses.beside(self.survey, self.options, unit, place, [*extras, *known], reported)
        made = [(f"{place}/{name}", content) for name, content in self.pages(unit, stems, beside)]
        return [*made, *((name, extras[name]) for name in extras if name not in dict(made))]

    def extras(self, unit: Mapping[str, Any]) -> dict[str, bytes]:
        """What is made beside a unit's pages, by its name below ``reports/<survey>``; the pages link to it."""
        if not self.options.extras:
            return {}
        with tempfile.TemporaryDirectory(prefix="skm-extras-") as scratch:
            aside = self.survey.reported_in(Path(scratch))
            for language in self.options.languages:
                for extra in self.options.extras:
                    extra(aside, str(unit["id"]), language)
            written = sorted(p for p in aside.reports.rglob("*") if p.is_file())
            return {p.relative_to(aside.reports).as_posix(): p.read_bytes() for p in written}
