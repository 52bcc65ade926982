"""What other systems write, understood: dates of any wording, names in either order, the language of a text."""

import re
import unicodedata
from datetime import MAXYEAR, MINYEAR, date, datetime

from research_hub.activity.dates import UNDATED, DateError, PartialDate, parse_date

# Words that are frequent in one of the languages and rare in the other.
TELLING = {
    "en": re.compile(r"(?:the|of|and|to|in|for|with|on|from|by|at|is|are|an|as|how|what|this|that|our|its|their)"),
    "es": re.compile(r"(?:el|la|los|las|de|del|y|en|para|con|por|una?|al|es|son|que|sus?|cómo|qué|entre|sobre)"),
}
UNSURE_BELOW = 2  # telling words by which one language must be ahead

RIS_DATE = re.compile(r"(\d{4})/(\d{0,2})/(\d{0,2})(?:/.*)?")
MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ].*")
SEASON_OR_SPAN = re.compile(r"(?:[A-Za-z]+[-–/])?[A-Za-z]+\.? (\d{4})|(\d{4}) [A-Za-z]+[-–/ ][A-Za-z]+")
YEAR_FIRST = re.compile(r"(\d{4})[ ,]+([A-Za-z]{3,})\.?(?:[ ,]+(\d{1,2}))?")


def understood_date(raw: str, language: str = "en") -> PartialDate | None:
    """The date that is meant, no more precise than it is written; None where that cannot be told."""
    text = " ".join(raw.split()).strip(" .,;")
    if not text:
        return UNDATED
    if found := RIS_DATE.fullmatch(text):
        text = "-".join(part.zfill(2) for part in found.groups() if part.strip("0"))
    elif found := MOMENT.fullmatch(text):
        text = found[1]
    elif found := YEAR_FIRST.fullmatch(text):
        year, month, day = found.groups()
        text = f"{day} {month} {year}" if day else f"{month} {year}"
    for order in dict.fromkeys([language or "en", "en", "es"]):
        try:
            return parse_date(text, order)
        except DateError:
            continue
    found = SEASON_OR_SPAN.fullmatch(text)
    return understood_date(next(filter(None, found.groups()))) if found else None


def understood_moment(raw: str) -> date | datetime | None:
    """A day or a moment in ISO 8601; None where it is neither, or where another time zone has no such day."""
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            found = read(raw.strip())
        except ValueError:
            continue
        return found if MINYEAR < found.year < MAXYEAR else None
    return None


def guessed_language(*texts: str) -> str:
    """English or Spanish, by the small words of these texts; "" where they do not tell."""
    words = re.findall(r"[^\W\d_]+", " ".join(texts).lower())
    english, spanish = (sum(bool(small.fullmatch(word)) for word in words) for small in TELLING.values())
    spanish += sum(any(letter in "ñáéíóúü" for letter in word) for word in words)
    if abs(english - spanish) < UNSURE_BELOW:
        return ""
    return "en" if english > spanish else "es"


def printed_name(name: str) -> str:
    """As a byline prints it: “García, Ana” is Ana García."""
    family, comma, given = (part.strip() for part in " ".join(name.split()).partition(","))
    if not comma or not given:
        return family
    given, comma, suffix = (part.strip() for part in given.partition(","))
    return " ".join(part for part in (given, family, suffix) if part)


def sorted_name(name: str) -> str:
    """As a list of names is sorted, where the source says which name is the family's; else ""."""
    return " ".join(name.split()) if re.search(r",\s*\S", name) else ""


def folded(words: str) -> str:
    """What two spellings of the same have in common: no accents, case, punctuation or runs of spaces."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    return " ".join(re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c))))


def name_key(name: str) -> str:
    """The same for both orders of a name, and with or without accents and stops."""
    return folded(printed_name(name))
