"""A reference as a file for reference managers: RIS, BibTeX, CSL-JSON."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .citing import Name, Reference

LANGUAGE_NAMES = {"en": "english", "es": "spanish"}  # as LaTeX's babel calls them
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

# The field in which a sort of entry names the institute, where that is not “publisher”.
INSTITUTE = {
    "article": "journal",
    "inbook": "booktitle",
    "incollection": "booktitle",
    "manual": "organization",
    "mastersthesis": "school",
    "misc": "howpublished",
    "phdthesis": "school",
    "techreport": "institution",
}

# BibTeX counts braces even behind a backslash: a title with a single one would spoil the file.
LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: f"\\{character}" for character in "&%$#_"},
    }
)


@dataclass(frozen=True)
class Export:
    """A format: what the page calls it, the end of its address, and who writes it."""

    label: str
    extension: str
    content_type: str
    write: Callable[[Reference], str]

    @property
    def file(self) -> str:
        """What stands after the publication's address."""
        return f"cite.{self.extension}"


# RIS


def ris(reference: Reference) -> str:
    """Tags as in the RIS specification and as Zotero reads them, each on a line that ends in CR and LF."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in ris_fields(reference) if value or tag == "ER")


def ris_fields(reference: Reference) -> Iterable[tuple[str, str]]:
    yield "TY", reference.type.ris
    yield "ID", reference.key
    # In a report or a book A2 is the editor of its series; ED is the editor of anything.
    for tag, people in (("AU", reference.authors), ("ED", reference.editors), ("A4", reference.translators)):
        yield from ((tag, name.inverted) for name in people)
    yield "TI", reference.title.words
    yield "T2", reference.publisher if reference.is_part else reference.series.words
    yield "T3", reference.series.words if reference.is_part else ""
    yield from ris_numbers(reference)
    yield "M3", reference.genre
    yield "PB", "" if reference.is_part else reference.publisher
    yield "PY", reference.year
    yield "DA", ris_date(reference)
    yield "LA", reference.language
    yield "DO", reference.doi
    yield "UR", reference.url
    yield "L1", reference.pdf
    yield "AB", reference.abstract
    yield "ER", ""


def ris_numbers(reference: Reference) -> list[tuple[str, str]]:
    """SN is the number of a report and the ISBN of anything else: a report's ISBN has no tag of its own."""
    if reference.type.ris == "RPRT":
        return [("SN", reference.number), ("N1", f"ISBN {reference.isbn}" if reference.isbn else "")]
    return [("M1", reference.number), ("SN", reference.isbn)]


def ris_date(reference: Reference) -> str:
    """Year, month and day, each followed by a slash, and what is not known left out: 2017/02//."""
    known = reference.known_date
    return "/".join(known) + "/" * (4 - len(known)) if known else ""


# BibTeX


def bibtex(reference: Reference) -> str:
    """One entry; months stand there by the names that BibTeX has for them, all else in braces."""
    fields = [(name, value if name == "month" else braced(value)) for name, value in bibtex_fields(reference) if value]
    lines = "".join(f"  {name} = {value},\n" for name, value in fields)
    return f"@{reference.type.bibtex}{{{reference.key},\n{lines}}}\n"


def bibtex_fields(reference: Reference) -> Iterable[tuple[str, str]]:
    # Titles stand in braces twice, or styles would take the capitals of names from them.
    yield "title", braced(latex(reference.title.words))
    yield "author", bibtex_names(reference.authors)
    yield "editor", bibtex_names(reference.editors)
    yield "translator", bibtex_names(reference.translators)
    yield from bibtex_date(reference)
    yield "type", latex(reference.genre)
    yield "series", braced(latex(reference.series.words)) if reference.series else ""
    yield "number", latex(reference.number)
    yield INSTITUTE.get(reference.type.bibtex, "publisher"), latex(reference.publisher)
    yield "doi", verbatim(reference.doi)
    yield "isbn", latex(reference.isbn)
    yield "url", verbatim(reference.url)
    yield "langid", LANGUAGE_NAMES[reference.language]
    yield "abstract", latex(reference.abstract)


def bibtex_names(names: list[Name]) -> str:
    return " and ".join(bibtex_name(name) for name in names)


def bibtex_name(name: Name) -> str:
    """Family, suffix, given; in braces what is not to be taken apart at its spaces or at “and”."""
    if not name.given:
        return braced(latex(name.family))
    parts = [latex(part) for part in (name.family, name.suffix, name.given) if part]
    return ", ".join(braced(part) if re.search(r"\band\b", part) else part for part in parts)


def bibtex_date(reference: Reference) -> list[tuple[str, str]]:
    day = reference.date.lo
    parts = [("year", str(day.year)), ("month", MONTHS[day.month - 1]), ("day", str(day.day))] if day else []
    return parts[: len(reference.known_date)]


def latex(text: str) -> str:
    return text.translate(LATEX)


def braced(text: str) -> str:
    return f"{{{text}}}"


def verbatim(address: str) -> str:
    """An address, which LaTeX does not read as text; only braces and backslashes would harm the file."""
    return re.sub(r"[{}\\]", lambda found: f"%{ord(found[0]):02X}", address)


# CSL-JSON


def csl_json(reference: Reference) -> str:
    return json.dumps([reference.csl()], ensure_ascii=False, indent=2) + "\n"


EXPORTS = [
    Export("RIS", "ris", "application/x-research-info-systems", ris),
    Export("BibTeX", "bib", "application/x-bibtex", bibtex),
    Export("CSL-JSON", "json", "application/vnd.citationstyles.csl+json", csl_json),
]
