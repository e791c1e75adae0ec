"""Styles, lists and settings of the Word document, from the tokens of the theme."""

from __future__ import annotations

from pipeline.render.theme import theme

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
#: A typeface that offices have; the report's own is not on their machines.
FACE = "Calibri"
LOCALES = {"id": "id-ID", "en": "en-GB"}


def styles(lang: str) -> str:
    """Write `word/styles.xml`."""
    c = {name: value.lstrip("#") for name, value in theme()["light"].items()}
    locale = LOCALES.get(lang, LOCALES["id"])
    muted, ink, accent = c["muted"], c["ink"], c["accent"]
    fonts = f'<w:rFonts w:ascii="{FACE}" w:hAnsi="{FACE}" w:eastAsia="{FACE}" w:cs="Arial"/>'
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:color w:val="{ink}"/><w:sz w:val="21"/><w:szCs w:val="21"/>'
        f'<w:lang w:val="{locale}" w:eastAsia="{locale}" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
        "</w:docDefaults>"
    )
    keep = "<w:keepNext/><w:keepLines/>"
    made = [
        _style("Normal", "Normal", default=True),
        _style("Title", "Title", look=_look(44, bold=True, colour=accent), space='<w:spacing w:after="160"/>'),
        _style("Subtitle", "Subtitle", look=_look(22, colour=muted), space='<w:spacing w:after="160"/>'),
        *(
            _style(f"Heading{level}", f"heading {level}", look=_look(size, bold=True),
                   space=f'{keep}<w:spacing w:before="{before}" w:after="100"/><w:outlineLvl w:val="{level - 1}"/>')
            for level, size, before in ((1, 30, 400), (2, 24, 280), (3, 21, 220))
        ),
        _style("Caption", "caption", look=_look(18, colour=muted),
               space=f'{keep}<w:spacing w:before="200" w:after="80"/>'),
        _style("ListBullet", "List Bullet", space='<w:numPr><w:numId w:val="1"/></w:numPr><w:spacing w:after="60"/>'),
        _style("ListNumber", "List Number", space='<w:numPr><w:numId w:val="2"/></w:numPr><w:spacing w:after="60"/>'),
        _style("Quote", "Quote", look=_look(0, colour=muted), space='<w:ind w:left="360"/>'),
        _style("Kicker", "Kicker", look=_look(17, colour=muted), space='<w:spacing w:after="60"/>'),
        _style("Lead", "Lead", look=_look(0, colour=muted), space="<w:keepNext/>"),
        _style("Note", "Note", look=_look(17, colour=muted), space='<w:spacing w:before="60" w:after="200"/>'),
        _style("FigureTitle", "Figure Title", look=_look(22, bold=True), space=f'{keep}<w:spacing w:before="200"/>'),
        _style("Picture", "Picture", space='<w:spacing w:after="80" w:line="240" w:lineRule="auto"/>'),
        _style("Index", "Index Value", look=_look(88, bold=True, colour=accent),
               space='<w:keepNext/><w:spacing w:before="200" w:after="0" w:line="240" w:lineRule="auto"/>'),
        _style("Letter", "Letter", look=_look(28, bold=True), space='<w:keepNext/><w:spacing w:after="60"/>'),
        _style("Notice", "Notice", space=f'<w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="{c["warm"]}"/>'
               f'</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="{c["warm-wash"]}"/><w:ind w:left="200"/>'),
        _style("TableText", "Table Text", space='<w:spacing w:after="0" w:line="240" w:lineRule="auto"/>'),
        _style("TableHead", "Table Head", look=f'<w:b/><w:bCs/><w:color w:val="{muted}"/>',
               space='<w:keepNext/><w:spacing w:after="0" w:line="240" w:lineRule="auto"/>'),
        _style("TOC1", "toc 1", space='<w:spacing w:after="40"/>'),
        _style("Footer", "footer", look=_look(15, colour=muted),
               space='<w:tabs><w:tab w:val="right" w:pos="9638"/></w:tabs>'),
        '<w:style w:type="character" w:customStyle="1" w:styleId="Code"><w:name w:val="Code"/><w:rPr>'
        '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/></w:rPr></w:style>',
        f'<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
        f'<w:rPr><w:color w:val="{accent}"/></w:rPr></w:style>',
        _tables(c),
    ]  # fmt: skip
    return f"{HEAD}<w:styles {NAMESPACES}>{defaults}{''.join(made)}</w:styles>"


def _look(half_points: int, *, bold: bool = False, colour: str = "") -> str:
    size = f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>' if half_points else ""
    ink = f'<w:color w:val="{colour}"/>' if colour else ""
    return f"{'<w:b/><w:bCs/>' if bold else ''}{ink}{size}"


#: What Word knows by name; the others are ours.
_BUILT_IN = ("Normal", "Title", "Subtitle", "Caption", "ListBullet", "ListNumber", "Quote", "TOC1", "Footer")


def _style(id: str, name: str, *, look: str = "", space: str = "", default: bool = False) -> str:
    own = "" if id in _BUILT_IN or id.startswith("Heading") else ' w:customStyle="1"'
    based = "" if default else '<w:basedOn w:val="Normal"/>'
    after = '<w:next w:val="Normal"/>' if id.startswith(("Heading", "Title")) else ""
    usual = ' w:default="1"' if default else ""
    inside = f"<w:pPr>{space}</w:pPr>" if space else ""
    inside += f"<w:rPr>{look}</w:rPr>" if look else ""
    return (
        f'<w:style w:type="paragraph"{usual}{own} w:styleId="{id}"><w:name w:val="{name}"/>'
        f"{based}{after}<w:qFormat/>{inside}</w:style>"
    )


def _tables(c: dict[str, str]) -> str:
    def line(where: str, size: int, colour: str) -> str:
        return f'<w:{where} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'

    edges = line("top", 8, c["ink"]) + line("bottom", 8, c["ink"]) + line("insideH", 2, c["hairline"])
    margins = '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
    first = f"<w:tcPr><w:tcBorders>{line('bottom', 6, c['ink'])}</w:tcBorders></w:tcPr>"
    return (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr>'
        f'<w:tblInd w:w="0" w:type="dxa"/>{margins}</w:tblPr></w:style>'
        '<w:style w:type="table" w:customStyle="1" w:styleId="ReportTable"><w:name w:val="Report Table"/>'
        f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{edges}</w:tblBorders>{margins}</w:tblPr>'
        f'<w:tblStylePr w:type="firstRow">{first}</w:tblStylePr></w:style>'
    )


def numbering(ordered: int) -> str:
    """Write `word/numbering.xml`: bullets, and one numbered list for each that the report has."""

    def levels(kind: str, text: str) -> str:
        return "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="'
            f"{text.replace('1', str(level + 1))}"
            '"/><w:lvlJc w:val="left"/><w:pPr>'
            f'<w:ind w:left="{360 * (level + 1)}" '
            'w:hanging="280"/></w:pPr></w:lvl>'
            for level in range(3)
        )

    def abstract(number: int, inside: str) -> str:
        kind = '<w:multiLevelType w:val="multilevel"/>'
        return f'<w:abstractNum w:abstractNumId="{number}">{kind}{inside}</w:abstractNum>'

    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    nums = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    for number in range(ordered + 1):
        nums += f'<w:num w:numId="{number + 2}"><w:abstractNumId w:val="1"/>{restart}</w:num>'
    lists = abstract(0, levels("bullet", "–")) + abstract(1, levels("decimal", "%1."))
    return f"{HEAD}<w:numbering {NAMESPACES}>{lists}{nums}</w:numbering>"


def settings(lang: str) -> str:
    """Write `word/settings.xml`."""
    locale, point, comma = LOCALES.get(lang, LOCALES["id"]), *((",", ";") if lang == "id" else (".", ","))
    return (
        f'{HEAD}<w:settings {NAMESPACES}><w:defaultTabStop w:val="720"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        '<m:mathPr><m:mathFont m:val="Cambria Math"/><m:defJc m:val="left"/></m:mathPr>'
        f'<w:themeFontLang w:val="{locale}"/><w:decimalSymbol w:val="{point}"/>'
        f'<w:listSeparator w:val="{comma}"/></w:settings>'
    )
