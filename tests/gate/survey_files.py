"""The pages and tables of one finished survey."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
import yaml

from pipeline.render import content, html
from pipeline.report import brief
from pipeline.report.data.city import open_city
from tests.gate.page import Page, parse, read


@dataclass(frozen=True)
class Finished:
    """A survey that was run: its root, its name."""

    root: Path
    survey: str

    @property
    def public(self) -> Path:
        """Folder of the published pages."""
        return self.root / "reports" / self.survey / "public"

    @property
    def processed(self) -> Path:
        """Folder of the result tables."""
        return self.root / "data" / "processed" / self.survey

    @cached_property
    def definition(self) -> dict:
        """The definition as it was written."""
        path = self.root / "data" / "raw" / self.survey / "survey.yml"
        return yaml.safe_load(path.read_text(encoding="utf-8"))

    @cached_property
    def given(self) -> dict:
        """What the office gives of publication and complaints, as it was written; nothing where it gives nothing."""
        path = self.root / "data" / "raw" / self.survey / "evidence.yml"
        return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}

    @cached_property
    def units(self) -> pd.DataFrame:
        """The listed units (id, name, slug, n, required), the unlisted rows last."""
        frame = pd.DataFrame(json.loads((self.processed / "units.json").read_text(encoding="utf-8")))
        listed = pd.read_csv(self.root / "data" / "raw" / self.survey / "units.csv", dtype=str)
        wanted = [c for c in ("id", "type", "population") if c in listed]
        return frame.merge(listed[wanted], on="id", how="left")

    @cached_property
    def tables(self) -> pd.DataFrame:
        """All result tables under one another, with their module."""
        frames = []
        for path in sorted(self.processed.glob("*.parquet")):
            frame = pd.read_parquet(path)
            if {"scope", "statistic", "estimate"} <= set(frame.columns):
                frames.append(frame.assign(module=path.stem))
        out = pd.concat([f.astype(object) for f in frames if len(f)], ignore_index=True)
        for column in (
            "estimate",
            "lower",
            "upper",
            "numerator",
            "denominator",
            "n",
            "df",
            "p",
            "p_adjusted",
        ):
            out[column] = pd.to_numeric(out[column], errors="coerce").astype(float)
        for column in ("scope", "unit", "service", "group", "item", "other", "statistic", "text", "method",
                       "reason"):  # fmt: skip
            out[column] = out[column].astype("string").fillna("")
        return out

    def raw(self, name: str) -> pd.DataFrame:
        """A processed table that is not of the tidy shape."""
        return pd.read_parquet(self.processed / f"{name}.parquet")

    def pages(self, langs: tuple[str, ...] = ("id", "en")) -> Iterator[Page]:
        """Every finished HTML page."""
        for lang in langs:
            more = "" if lang == self._first else f".{lang}"
            for name, kind in (("overview", "overview"), ("annex", "overview"), ("index", "portal")):
                path = self.public / f"{name}{more}.html"
                if path.is_file():
                    yield read(path, "portal" if name == "index" else name, kind, lang)
            yield from self.presented(lang, more)
            for folder in sorted((self.public / "units").glob("*")):
                if (folder / f"report{more}.html").is_file():
                    yield read(folder / f"report{more}.html", folder.name, "unit", lang)
            internal = self.root / "reports" / self.survey / "internal"
            for path in sorted(internal.glob(f"[0-9]-*{more}.html")):
                if path.stem.count(".") == bool(more):
                    yield read(path, path.stem, "stage", lang)
            yield from self._evidence(internal, more, lang)

    def _evidence(self, internal: Path, more: str, lang: str) -> Iterator[Page]:
        """The pages for evaluators, where they were made: they tell of a unit and of the city what its report does."""
        for path in sorted((internal / "evidence").glob(f"*{more}.html")):
            if path.stem.count(".") == bool(more):
                yield read(path, path.stem.partition(".")[0], "unit", lang)
        if (internal / f"evidence{more}.html").is_file():
            yield read(internal / f"evidence{more}.html", "evidence", "overview", lang)

    def presented(self, lang: str, more: str) -> Iterator[Page]:
        """The slides, and the two printed pages as HTML would say them: the gate then finds that in the PDF."""
        path = self.public / f"slides{more}.html"
        if path.is_file():
            yield read(path, "slides", "overview", lang)
        printed = self.public / f"brief{more}.pdf"
        if printed.is_file():
            report = content.of_blocks(brief.pages(open_city(self.survey, lang, self.root)))
            yield parse(html.write(report), "brief", "overview", lang, printed.with_suffix(".html"))

    @property
    def _first(self) -> str:
        languages = self.definition.get("languages") or ["id"]
        return [languages] if isinstance(languages, str) else languages[0]
