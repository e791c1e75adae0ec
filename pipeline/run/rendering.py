"""From a notebook and its parameters to finished files: execute, export, nothing decided."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.survey import Survey

from .plan import CITY, UNIT, Options
from .warmth import KernelChoice

if TYPE_CHECKING:
    from nbformat import NotebookNode

_exporters = threading.local()


def export(notebook: NotebookNode, name: str) -> bytes:
    """Export with an nbconvert exporter of ours; one exporter object per thread."""
    from nbconvert.exporters import get_exporter

    made: dict[str, Any] = _exporters.__dict__.setdefault("made", {})
    if name not in made:
        made[name] = get_exporter(name)()
    body, _ = made[name].from_notebook_node(notebook)
    return body if isinstance(body, bytes) else body.encode("utf-8")


class Renderer:
    """Executes a survey's notebooks and returns the bytes of their pages."""

    def __init__(self, survey: Survey, options: Options, folder: Path) -> None:
        self.survey, self.options, self.folder = survey, options, folder
        self.kernels = KernelChoice(options.kernel)
        self.give_up = threading.Event()
        self.retried: list[str] = []
        self.seconds: dict[str, float] = {}

    def notebook(self, name: str, **parameters: Any) -> NotebookNode:
        """Execute a notebook for this survey and return it."""
        from .execute import execute

        began = time.perf_counter()
        label = str(parameters.get("unit") or name)
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
        self, unit: Mapping[str, Any] | None, stems: list[tuple[str, str]]
    ) -> Iterator[tuple[str, bytes]]:
        """File name and bytes of each page of a unit's report, or of the overview (None)."""
        formats = [f for f in ("html", "pdf") if f in self.options.formats]
        for language, stem in stems:
            if unit is None:
                notebook = self.notebook(CITY, lang=language)
            else:
                notebook = self.notebook(UNIT, unit=unit["id"], lang=language)
            for form in formats:
                yield f"{stem}.{form}", export(notebook, f"skm_{form}")
