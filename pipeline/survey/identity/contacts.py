"""What leads to a person besides a name: numbers, mail, accounts, plates, addresses, dates of birth.

People write them in many ways: in full-width or look-alike characters, with an O for a nought, with "at" and
"titik", without capitals. `plain` brings a text to one form; the patterns here are written for that form.
"""

from __future__ import annotations

import re
import unicodedata

from pipeline.survey.identity.ordinary import is_ordinary
from pipeline.survey.identity.wordlists import listed


def is_nik(digits: str) -> bool:
    """Whether 16 digits can be a NIK: province, day (women plus 40), month, serial.

    Examples
    --------
    >>> is_nik("3374065205900001"), is_nik("3374069905900001"), is_nik("1234567890123456")
    (True, False, False)
    """
    if len(digits) != 16 or not digits.isascii() or not digits.isdigit():
        return False
    province, district = int(digits[:2]), int(digits[2:4])
    day, month = int(digits[6:8]) % 40, int(digits[8:10])
    inside = int(digits[6:8]) <= 71 and 1 <= day <= 31 and 1 <= month <= 12
    return 11 <= province <= 97 and district >= 1 and inside and digits[12:] != "0000"


def is_nip(digits: str) -> bool:
    """Whether 18 digits can be a NIP: birth, year and month of appointment, sex, serial.

    Examples
    --------
    >>> is_nip("198504122010011003"), is_nip("123456789012345678")
    (True, False)
    """
    if len(digits) != 18 or not digits.isascii() or not digits.isdigit():
        return False
    born, began = int(digits[:4]), int(digits[8:12])
    dates = 1 <= int(digits[4:6]) <= 12 and 1 <= int(digits[6:8]) <= 31 and 1 <= int(digits[12:14]) <= 12
    return 1920 <= born <= 2020 and born < began <= 2100 and dates and digits[14] in "12"


_DASHES = dict.fromkeys(
    map(ord, "\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u02d7\u30fc\ufe58\ufe63\uff0d"), "-"
)
_QUOTES = {ord("\u2019"): "'", ord("\u2018"): "'", ord("\u02bc"): "'"}
_LOOKALIKE = str.maketrans("oOlI|", "00111")
#: Letters that stand for digits within a number: 08I2-345O.
_WITHIN = re.compile(
    r"(?<=\d)(?:[ .\-]?[oOlI|])+(?=[ .\-]?\d)|\b[oO](?=[ .\-]?8[\doOlI])|(?<=\d{3})[oOlI](?!\w)"
)


def plain(text: str) -> str:
    """Bring a text to the one form the patterns are written for.

    NFKC (full-width and styled letters), no invisible characters, one dash, one blank, and digits where a
    letter that looks like one stands within a number.

    Examples
    --------
    >>> plain("０８１２\\u200b–34 O5"), plain("Loket 3 \\u2013 ramah")
    ('0812-34 05', 'Loket 3 - ramah')
    """
    if text.isascii():
        return _WITHIN.sub(_digits, text) if _DIGIT.search(text) else text
    text = unicodedata.normalize("NFKC", text).translate(_DASHES).translate(_QUOTES)
    kept = [" " if c.isspace() and c not in "\n\r" else c for c in text if unicodedata.category(c) != "Cf"]
    return _WITHIN.sub(_digits, "".join(kept))


def _digits(match: re.Match[str]) -> str:
    return match[0].translate(_LOOKALIKE)


_LINKS = (
    r"wa\.me|t\.me|bit\.ly|s\.id|linktr\.ee|(?:www\.|m\.)?(?:instagram|facebook|fb|tiktok|twitter|x|telegram|linkedin)"
    r"\.com"
)
URL = re.compile(rf"\b(?:https?://|www\.|(?:{_LINKS})/)\S+|\b(?:wa|t)\s?\.\s?me\s?[/ ]\s?[\w.+-]{{3,}}", re.I)
_AT = r"(?:@|\(\s?at\s?\)|\[\s?at\s?\]|\{\s?at\s?\})"
_DOT = r"(?:\s?\.\s?|\s?[(\[]\s?(?:dot|titik)\s?[)\]]\s?|\s(?:dot|titik)\s)"
_HOSTS = r"(?:gmail|g-?mail|yahoo|ymail|rocketmail|hotmail|outlook|icloud|live|proton(?:mail)?)"
_ENDS = r"(?:com|co|id|net|org|go|ac|sch|or|web|my|gov|edu|info|biz|email)"
EMAIL = re.compile(
    rf"[\w.+-]{{1,64}}\s?{_AT}\s?[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,5}}"
    r"|\b(?:[\w.+-]{2,64}\s[\w.]{1,2}|[\w.+-]{2,64})\s(?:at|et|ad|a t)\s"
    rf"(?:{_HOSTS}\b(?:{_DOT}{_ENDS}\b|\s{_ENDS}\b){{0,3}}|[\w-]{{2,63}}(?:{_DOT}{_ENDS}\b){{1,3}})"
    rf"|\b[\w.+-]{{2,64}}\s?{_AT}?\s?{_HOSTS}{_DOT}{_ENDS}\b(?:{_DOT}{_ENDS}\b)?|\b[\w.+-]{{2,64}}@[\w-]{{2,63}}",
    re.I,
)
HANDLE = re.compile(r"(?<![\w@])@[A-Za-z_][\w.]+")
_SERVICES = r"(?:ig|instagram|insta|fb|facebook|telegram|tele|tiktok|twitter|line id|id line|akun (?:ig|fb))(?:nya|ku)?"
#: An account of a service, named: "ig: nama", "instagram saya nama_1", "ig nama_1".
ACCOUNT = re.compile(
    rf"\b({_SERVICES}(?:\s?[:=]\s?|\s(?:saya|sy|aku|ku|nya|adalah|di|atas nama|gue|gw)\b\s?[:=]?\s?|\s{{1,3}}))"
    r"(?![:=])([\w.]{3,}(?:(?-i:\s[A-Z][\w.]{2,})){0,2})",
    re.I,
)


def account(match: re.Match[str]) -> str:
    """Mask what stands behind the name of a service, unless it is an ordinary word."""
    said = match[2].split()[0].strip("._").casefold()
    office = said in listed("places") or said in listed("offices") or is_ordinary(said)
    return match[0] if office else f"{match[1]}<account>"


_MONTHS = (
    r"(?:jan(?:uari)?|feb(?:ruari)?|mar(?:et)?|apr(?:il)?|mei|juni?|juli?|agu(?:stus)?|agt|sep(?:t(?:ember)?)?"
    r"|okt(?:ober)?|nov(?:ember)?|des(?:ember)?)"
)
_DIGIT_WORD = r"(?:nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan)"
#: Digits said in words, some or all of them: seven words, or nine digits of which some are words.
SPOKEN = re.compile(
    rf"\b{_DIGIT_WORD}(?:[ ,.-]{{1,2}}{_DIGIT_WORD}){{6,}}\b"
    rf"|(?<!\w)(?=(?:[\d ,.-]*{_DIGIT_WORD}){{2}})(?:(?:\d|{_DIGIT_WORD}\b)[ ,.-]{{0,2}}){{8,20}}"
    rf"(?:\d|{_DIGIT_WORD})\b",
    re.I,
)
_COUNT = (
    r"(?:seratus|seribu|sepuluh|sebelas"
    r"|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|belas|puluh|ratus|ribu)"
)
#: A date behind a word of birth, in digits or in words.
BORN = re.compile(
    rf"\b(?<!akta )(?<!surat )((?:lahir|kelahiran|ttl|tgl\.? lahir|dob|born)\b[^.;\n\d]{{0,40}}?)"
    rf"(?:\d{{1,2}}\W{{1,3}}(?:\d{{1,2}}|{_MONTHS})\W{{1,3}}\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|(?<=tahun )(?:19|20)\d\d\b(?:[^.;\n\d]{{0,20}}\d{{1,2}}\b)?"
    rf"|{_COUNT}(?:\s{_COUNT})*\s{_MONTHS}(?:\s(?:tahun\s)?(?:{_COUNT}(?:\s{_COUNT})*|\d{{2,4}}))?)",
    re.I,
)
#: Numbers of documents that are named: passport, medical record, insurance, driving licence, account.
DOCUMENT = re.compile(
    r"\b((?:no(?:mor|\.)?\s?)?(?:paspor|passport|r\.?m\.?|rekam medi[sk]|bpjs|kis|jkn|sim|npwp"
    r"|rekening|rek|kk|ktp|nik)(?:\s?(?:saya|no|nomor|pasien))?\s?[.:=#]{0,2}\s?)"
    r"((?=[A-Za-z0-9 .\-/]{0,6}\d)[A-Za-z]{0,3}[ ]?\d[\d .\-/]{3,}\d)",
    re.I,
)
PASSPORT = re.compile(r"(?<![\w/.-])[A-Z]{1,2} ?\d{6,7}(?![\w/]|[.-]\d)")

_DATE = r"(?!\d{1,2}([-./ ])\d{1,2}\1\d{2,4}(?!\d))(?!\d{4}-\d{2}-\d{2})"
RUN = re.compile(rf"(?<![\d.,]){_DATE}(?:\d[ .\-]?){{12,17}}\d(?!\d)")
_HOURS = r"(?!\d{1,2}[.:]\d{2}\s?(?:-|s/d|sd)\s?\d{1,2}[.:]\d{2}(?!\d))"
PHONE = re.compile(
    rf"(?<![\d]){_DATE}{_HOURS}\(?(?:\+?\s?62|0)\)?[ .\-()/_]{{0,3}}[2-9](?:[ .\-()/_]{{0,3}}\d){{6,11}}(?!\d)"
)
LONG = re.compile(r"(?<!\d)\d{9,}(?!\d)")
#: Nine digits and more with short separators, whatever they are; thousands of rupiah and dates are decided later.
SPREAD = re.compile(r"(?<![\d.,])\d(?:[^\w\n]{0,3}\d){8,}(?!\d)")
_MONEY = re.compile(r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{2})?")
_STAMP = re.compile(
    r"\d{4}\W\d{1,2}\W\d{1,2}(?:\W{1,3}\d{1,2}(?:\W\d{2}){0,2})?|\d{1,2}\W\d{1,2}\W\d{2,4}(?:\W{1,3}\d{1,2}(?:\W\d{2}){0,2})?"
    r"(?:\W{1,3}\d{1,2}\W\d{1,2}\W\d{2,4})?"
)


def number(match: re.Match[str]) -> str:
    """Say what a long number is; one grouped like thousands or like a telephone number is decided later."""
    text = match[0]
    digits = "".join(c for c in text if c.isdigit())
    if is_nik(digits):
        return "<nik>"
    if is_nip(digits):
        return "<nip>"
    if len(digits) < 13 or re.fullmatch(r"\d{1,3}(?:\.\d{3})+", text) or PHONE.fullmatch(text):
        return text
    return "<number>"


def spread(match: re.Match[str]) -> str:
    """Mask digits with separators, unless they are an amount of money or a date."""
    text = match[0]
    if _MONEY.fullmatch(text) or _STAMP.fullmatch(text):
        return text
    parts = re.findall(r"\d+", text)
    # "12, 15, 20, 30" and "2022, 2023, 2024": a list of short numbers set apart by a comma and a blank is no number.
    short = all(len(part) <= 3 or re.fullmatch(r"(?:19|20)\d\d", part) for part in parts)
    if short and re.search(r"[,;] |[-/] ", text):
        return text
    return "<number>"


#: Codes of vehicle plates by region, and words that stand where the last letters would.
_REGIONS = r"(?:a[abdeg]|b[abdeghklmnp]|d[abcdeghklmnprstw]|e[abd]|k[bhtu]|p[abgy]|[abdefghklmnprstwz])"
_NO_PLATE = (
    r"(?!\s?(?:dan|di|ke|ini|itu|yg|org|jam|km|rb|jt|wib|x|kg|m|cm|hr|bln|thn|th|pns|asn|no|rt|rw|sd|s|d|ya|ga|gk"
    r"|tdk|tp)\b)"
)
PLATE = re.compile(rf"\b(?i:{_REGIONS})(?<=[A-Z])[ .-]{{0,2}}\d{{1,4}}[ .-]{{0,2}}[A-Z]{{2,3}}\b")
PLATE_SMALL = re.compile(
    rf"(?<![\w.])(?:{_REGIONS}[ .-]{{0,2}}\d{{3,4}}{_NO_PLATE}[ .-]{{0,2}}[a-z]{{1,3}}"
    rf"|{_REGIONS}\d{{2}}{_NO_PLATE}[a-z]{{2,3}}|{_REGIONS}[ .-]\d{{2}}[ .-]{_NO_PLATE}[a-z]{{2}})(?!\w)",
    re.I,
)
_STREET = (
    r"(?:jl|jln|gg|gang|perum|perumahan|perumnas|komplek|kompleks|komp|dusun|dsn|dukuh|dkh|dk"
    r"|kampung|kp|kpg|lingk|lingkungan|griya)"
)
_NUMBERED = (
    r"(?:no|nomor|nmr|rt|rw|blok|blk|kav)\.?\s?[:.]?\s?(?:\d+[A-Za-z]?|[A-Z]\d*)(?:\s?/\s?\d{1,4}[A-Za-z]?)?"
)
_TOWN = r"[\w.']+(?:\s[\w.']+){0,4}?"
ADDRESS = re.compile(
    rf"\b(?i:{_STREET}\.?|jalan)\s?{_TOWN}[\s,]*(?i:{_NUMBERED})(?:[\s,/]*(?i:{_NUMBERED}))*"
    r"|\b(?i:jl|jln|gg|gang|perum)\.?\s(?:[^\W\d]\w{2,}\s){1,3}\d+[A-Za-z]?\b"
    r"|\b(?i:blok|blk)\.?\s[A-Za-z]{1,2}[ -]?\d{1,3}\b(?:[\s,/]*(?i:no\.?\s?)?\d+\b)?"
    r"|\b(?i:blok|blk)\.?\s[A-Z]{1,2}[\s,/]*(?i:no\.?\s?)?\d+\b"
    r"|\bjalan\s(?:[A-Z][\w']+\s){1,3}\d+[A-Za-z]?\b(?!\s?(?i:km|m|meter|jam|hari|menit|tahun|bulan|kali|x|titik)\b)"
    r"|\b(?i:no(?:mor)?\.?\s?rumah)\s\d+[A-Za-z]?\b"
    r"|\b(?i:perum|perumahan|perumnas|dusun|dsn|dukuh|dkh)\.?\s[A-Z][\w']+(?:\s[A-Z][\w']+){0,2}"
)
#: A lane or a hamlet by its name alone, in small letters.
LANE = re.compile(
    r"\b((?:gang|gg|dusun|dsn|dukuh|dkh|perum|perumahan|perumnas)\.?)\s([a-z]{4,})\b((?:\s[ivx]{1,4})?\s?/\s?\d{1,3}\b)?",
    re.I,
)


def lane(match: re.Match[str]) -> str:
    """Mask what a lane is called, unless it is an ordinary word."""
    said = match[2].casefold()
    plain = not match[3] and (is_ordinary(said) or said in listed("also words"))
    return match[0] if plain else f"{match[1]} <address>"


RT = re.compile(
    r"\brt\.?\s?:?\s?0*\d+\b(?:\s?[/,.]?\s?(?:rw\.?\s?:?)?\s?0*\d+\b)?|\brw\.?\s?:?\s?0*\d+\b", re.I
)


_HOST_WORDS, _SERVICE_WORDS = listed("hosts"), listed("services")
_BIRTH_WORDS, _STREET_WORDS = listed("births"), listed("streets")
#: Of the digits said in words one of these is there: "satu dua tiga" is how anybody counts.
_FAR, _NEAR = listed("far numbers"), listed("near numbers")

#: Words of which at least one stands in a text of words alone that `mask` changes.
TRIGGERS = listed("leads") | _FAR | _SERVICE_WORDS | _BIRTH_WORDS
#: What else holds one, in texts with a digit or a mark: a plate, a mail, an address of the web, "a.n.".
SUSPECT = (
    r"(?i:[a-z])[ .-]{0,2}[0-9]{1,4}[ .-]{0,2}(?i:[a-z])|(?i:[(\[{] ?at ?[)\]}])|[.](?i:com|co|id|net|org|go|ac|sch|ee)"
    r"|(?i:a[.]? ?n)[.]? *[:=]|(?i:rumah) [0-9]|(?i:a/n|an[.])"
)

_WORD = re.compile(r"[a-z]+")
_DIGIT = re.compile(r"[0-9]")
_NEAR_LETTERS = re.compile(r"[A-Za-z][ .-]{0,2}[0-9]{1,4}[ .-]{0,2}[A-Za-z]")


def spoken(match: re.Match[str]) -> str:
    """Mask digits said in words, unless somebody counts to five."""
    said = set(_WORD.findall(match[0].lower()))
    return "<phone>" if said & _FAR or _DIGIT.search(match[0]) else match[0]


def mask(text: str, codes: bool = False) -> str:
    """Replace every number, mail, account, plate, address and date of birth in a text that is `plain`.

    Parameters
    ----------
    text : str
    codes : bool
        Short codes written as one (``Q7ART``, ``B12AB``) are no plates: for headers.

    Examples
    --------
    >>> mask("surat ke budi at gmail titik com"), mask("plat h.1234.xy di jl melati no 5")
    ('surat ke <email>', 'plat <plate> di <address>')
    >>> mask("wa nol delapan dua satu tiga empat lima enam"), mask("ig kopi_senja, ig dinas aktif")
    ('wa <phone>', 'ig <account>, ig dinas aktif')
    """
    # Each pattern is asked only where its words are: most of them are in few texts.
    words = set(_WORD.findall(text.lower()))
    if "/" in text or "www" in words or "me" in words:
        text = URL.sub("<url>", text)
    if "@" in text or not words.isdisjoint(_HOST_WORDS):
        text = EMAIL.sub("<email>", text)
    if "@" in text:
        text = HANDLE.sub("<account>", text)
    if not words.isdisjoint(_SERVICE_WORDS):
        text = ACCOUNT.sub(account, text)
    if not words.isdisjoint(_BIRTH_WORDS):
        text = BORN.sub(r"\1<date>", text)
    digits = len(_DIGIT.findall(text))
    if not words.isdisjoint(_FAR) or (digits >= 5 and not words.isdisjoint(_NEAR)):
        text = SPOKEN.sub(spoken, text)
    if digits:
        text = _numbers(text, digits, codes)
    if not words.isdisjoint(_STREET_WORDS):
        text = LANE.sub(lane, ADDRESS.sub("<address>", text))
    return RT.sub("<address>", text) if digits and ("rt" in words or "rw" in words) else text


def _numbers(text: str, digits: int, codes: bool) -> str:
    """Replace numbers of people and plates of cars; so many digits are there."""
    if digits >= 8:
        text = RUN.sub(number, text)
        text = PHONE.sub("<phone>", text)
        text = LONG.sub("<number>", text)
        text = SPREAD.sub(spread, text)
    if digits >= 4:
        text = DOCUMENT.sub(r"\1<number>", text)
    if digits >= 6:
        text = PASSPORT.sub("<number>", text)
    if not _NEAR_LETTERS.search(text):
        return text

    def plate(match: re.Match[str]) -> str:
        return match[0] if codes and _CODE.fullmatch(match[0]) else "<plate>"

    return PLATE_SMALL.sub(plate, PLATE.sub(plate, text))


#: A header like this is a code: a plate that is written as one word has four digits.
_CODE = re.compile(r"[A-Za-z]{1,2}\d{1,3}[A-Za-z]{1,3}")
