"""People as the tools write them, several in one text."""

import re
from collections.abc import Iterable

from ..records import Name
from .words import one_line

INITIALS = re.compile(r"\S.*\s(?:[A-ZÀ-Þ]{1,4}|(?:[A-ZÀ-Þ]\.[ -]?)+)\.?(?:\s(?:Jr|Sr|2nd|3rd|I{2,3}|IV)\.?)?")
ALONE = re.compile(r"(?:[A-ZÀ-Þ][. -]*){1,3}")
OTHERS = {"et al", "et al.", "others", "and others", "y otros"}


def names_in(text: str, role: str = "author") -> list[Name]:
    """Each person of a text that lists several."""
    return people((one_line(part) for part in parts(text)), role)


def people(names: Iterable[str], role: str = "author") -> list[Name]:
    """Each name once, without “et al.”."""
    kept = [name for name in dict.fromkeys(mended(names)) if name and name.casefold() not in OTHERS]
    return [Name(name, role) for name in kept]


def mended(names: Iterable[str]) -> list[str]:
    """EPPI-Reviewer tears “Dos Santos, H.B.” into two people: initials alone belong to the name before them."""
    whole: list[str] = []
    for name in names:
        if whole and ALONE.fullmatch(name) and not INITIALS.fullmatch(whole[-1]) and "," not in whole[-1]:
            whole[-1] += f", {name}"
        else:
            whole.append(name)
    return whole


def parts(text: str) -> list[str]:
    """Semicolons part people wherever there are any; “and” and commas only where what they part looks like names."""
    text = text.strip().rstrip(";")
    if ";" in text or "|" in text:
        return re.split(r"[;|]", text)
    if "\n" in text:
        return [part.strip().removeprefix("and ") for part in text.splitlines()]
    both = re.split(r"\s+and\s+", text)
    if len(both) > 1 and all("," in part for part in both):
        return both
    return between_commas(text)


def between_commas(text: str) -> list[str]:
    """“Griffin DK, Larkin DM.” are two people; “García Márquez, Gabriel José” is one."""
    pieces = [piece.strip() for piece in text.split(",") if piece.strip()]
    if len(pieces) > 1 and all(INITIALS.fullmatch(piece) for piece in pieces):
        return [*pieces[:-1], re.sub(r"(?<=[A-ZÀ-Þ]{2})\.$", "", pieces[-1])]
    if len(pieces) > 2 and all(" " in piece for piece in pieces):
        return pieces
    return [text]
