"""What of a printed report stays together on a page, where its contents stand, and which drawings may float."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pipeline.render.svg_print import height_mm
from pipeline.render.theme import theme

Block = dict[str, Any]

#: A paragraph this short may fill a single line; of small letters a line holds more.
ONE_LINE = 122
#: A drawing this high, with its title and what is said under it, may leave too much of a page blank.
HIGH_MM = 55.0
#: Less room than this is left blank rather than filled, in points.
BLANK_PT = 62 / 25.4 * 72
#: Pages of more drawings than this settle sooner when all are thought to float until places are known.
FEW = 4
#: What a heading of a level and a line under it take at least, in points.
_ABOVE_PT, _LINE_PT = {2: 36, 3: 28, 4: 22}, 14
_ANNOUNCED = ("formula", "bullets", "table", "figure", "listing", "quote", "facts")
_MARKED = ("prose", "bullets", "table", "figure")


def with_contents(blocks: list[Block]) -> list[Block]:
    """Put the table of contents after the first page unless a block says where it stands."""
    kinds = [b["type"] for b in blocks]
    headings = sum(b["type"] == "heading" and b["level"] == 2 for b in blocks)
    if "contents" in kinds or "pagebreak" not in kinds or headings < 4:
        return blocks
    at = kinds.index("pagebreak") + 1
    return [*blocks[:at], {"type": "contents", "title": "", "depth": 2}, *blocks[at:]]


def kept_together(blocks: list[Block]) -> list[Block]:
    """Mark what stays on the page of what follows, and the room that a heading needs below it.

    A paragraph stays where it ends in a colon, and a line alone under a heading: a heading with one line, whose
    table stands on the next page, would look like a section that says nothing. Of a list under a heading two lines
    at least stand on the heading's page.
    """
    out: list[Block] = []
    for block, after in zip(blocks, [*blocks[1:], {"type": ""}], strict=True):
        headed = bool(out) and out[-1]["type"] == "heading"
        # What stands below a drawing under a heading stands right under the heading where the drawing floats.
        under = headed or (len(out) > 1 and out[-1]["type"] == "figure" and out[-2]["type"] == "heading")
        parts = block["parts"] if block["type"] == "prose" else []
        leads = bool(parts) and parts[-1]["text"].rstrip().endswith(":")
        alone = under and 0 < _letters(block) < _one_line(block)
        sticks = (leads and after["type"] in _ANNOUNCED) or (alone and after["type"] not in ("pagebreak", ""))
        if headed and block["type"] == "bullets" and (room := _room(block)):
            out.append({"type": "room", "points": room})
        out.append({**block, "sticky": True} if sticks else block)
    return out


def floating(blocks: list[Block]) -> list[Block]:
    """Mark the end of what stands before each drawing that may float: a high one, with what must stay above it.

    A drawing floats from under a heading only where something is left to stand there. None overtakes another: one
    right behind floats too, and before one that cannot, with its heading, pages wait for those that do.
    """
    out: list[Block] = []
    before, waits = "", False
    for block, after in zip(blocks, [*blocks[1:], {"type": ""}], strict=True):
        out.append(block)
        if block["type"] not in ("figure", "photo"):
            continue
        at, high = len(out) - 1, height_mm(block["svg"]) if block["type"] == "figure" else 0.0
        while at and (out[at - 1]["type"] == "heading" or out[at - 1].get("sticky")):
            at -= 1
        headed = out[at]["type"] == "heading" and at == len(out) - 2
        left = not headed or after["type"] in ("prose", "table", "bullets")
        marked = bool(at) and out[at - 1]["type"] in _MARKED
        if block["type"] == "figure" and marked and left and (before or high >= HIGH_MM):
            above = sum(_ABOVE_PT.get(one.get("level", 0), _LINE_PT) for one in out[at:-1])
            out[at - 1] = {**out[at - 1], "end": f"before-{block['anchor']}"}
            out[-1] = {**block, "floats": True, "high": high, "above": above, "behind": before,
                       "along": bool(before) and at > 0 and out[at - 1].get("anchor") == before}  # fmt: skip
            before, waits = block["anchor"], True
        else:
            if waits:
                out.insert(at, {"type": "flush"})
            before, waits = "", False
    many = sum(bool(block.get("floats")) for block in out) > FEW
    return [{**block, "eager": many} if block.get("floats") else block for block in out]


def next_to_float(places: Sequence[Mapping[str, Any]], floats: Collection[str]) -> str | None:
    """Say which drawing is the first that must float, given those that do.

    What is decided about a drawing moves nothing before it: asked again and again, the answer comes to an end.

    Parameters
    ----------
    places : sequence of mapping
        In the report's order: ``anchor``, ``page`` and ``y`` of the drawing, the page ``after`` which it follows in
        the text, and the ``room`` that is left there, in points.
    floats : collection of str
        Anchors of those that float.

    Examples
    --------
    >>> fits = {"anchor": "a", "page": 1, "y": 90.0, "after": 1, "room": 500.0}
    >>> leaves_blank = {"anchor": "b", "page": 2, "y": 60.0, "after": 1, "room": 260.0}
    >>> next_to_float([fits, leaves_blank], []), next_to_float([fits, leaves_blank], ["b"])
    ('b', None)
    """
    farthest = (0, 0.0)
    for one in places:
        at, over = (one["page"], one["y"]), one["page"] - one["after"]
        # Where it passed over a whole page, one that floats stands there with nothing below it.
        blank = over > 1 or (over == 1 and one["room"] >= BLANK_PT)
        if one["anchor"] not in floats and (at < farthest or blank):
            return str(one["anchor"])
        farthest = max(farthest, at)
    return None


def _one_line(block: Block) -> float:
    size = theme()["size"]
    return ONE_LINE * float(size["text"] / size["note"]) if block.get("style") == "note" else ONE_LINE


def _letters(block: Block) -> int:
    """Length of what may be a line alone: a paragraph, or a list of one item."""
    if block["type"] == "prose":
        return sum(len(part["text"]) for part in block["parts"])
    if block["type"] == "bullets" and len(block["items"]) == 1 and not isinstance(block["items"][0], dict):
        return sum(len(part["text"]) for part in block["items"][0])
    return 0


def _room(block: Block) -> int:
    """Points that the first two items of a list need where the first is a line alone, up to five lines."""
    sizes = [
        sum(len(part["text"]) for part in (item["parts"] if isinstance(item, dict) else item))
        for item in block["items"][:2]
    ]
    if len(sizes) < 2 or sizes[0] >= ONE_LINE:
        return 0
    return 20 + 13 * min(1 + sizes[1] // (ONE_LINE - 20), 4)
