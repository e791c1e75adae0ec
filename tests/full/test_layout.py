"""The layout gate: every printed page of the small city."""

from __future__ import annotations

import pytest

from tests.layout import printed

pytestmark = pytest.mark.full


def test_no_printed_page_is_half_empty_has_a_lonely_heading_or_text_too_small_to_read(small_city):
    files = sorted(
        path for path in (small_city / "public").rglob("*.pdf") if not path.name.startswith("poster")
    )
    assert files
    assert [f"{path.parent.name}: {said}" for path in files for said in printed.wrong(path)] == []
