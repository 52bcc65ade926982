"""What leaves for a translator's own tool and returns, and what is wrong with a file that is to bring it back."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from research_hub.languages.text import LANGUAGES

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NAME = re.compile(r"([0-9a-z]{10})[/.]([a-z_]+)")  # an id in XLIFF 2.0 may hold no slash

MAX_FAULTS = 100  # that are told of a file

Fault = tuple[int | None, str]  # in which line, and what to do about it
Languages = tuple[str, str]  # of the originals, of the translations


@dataclass(frozen=True)
class Unit:
    """A text on its way, known by "uid/field". Of one that returns only name, both texts and line are told."""

    uid: str
    field: str
    source: str
    target: str = ""
    is_rich: bool = False
    title: str = ""
    label: str = ""
    url: str = ""
    state: str = ""
    line: int = 0

    @property
    def name(self) -> str:
        return f"{self.uid}/{self.field}"

    @property
    def notes(self) -> list[str]:
        """What people read beside the text in their tool, a line each."""
        tags = _("HTML: translate the words and keep the tags.") if self.is_rich else ""
        return [" ".join(sendable(note).split()) for note in (self.title, self.label, tags, self.url) if note]


@dataclass(frozen=True)
class Package:
    """What returned: the texts that have a translation, and how many have none."""

    source_language: str
    target_language: str
    units: list[Unit]
    untranslated: int


@dataclass(frozen=True)
class Found:
    """What stands in a file where a text may stand, by what it is called there; `fault` says why it is of no use."""

    line: int
    names: list[str | None]
    source: str
    target: str
    fault: str = ""

    @property
    def name(self) -> tuple[str, str] | None:
        matches = (NAME.fullmatch(name or "") for name in self.names)
        return next(((match[1], match[2]) for match in matches if match), None)


class ExchangeError(Exception):
    """A file of which nothing is taken in; the first of its faults is also its message."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = list(faults)
        self.line, self.message = faults[0]
        super().__init__(self.message)


def sendable(text: str) -> str:
    """The text without what XML cannot hold, such as control characters: so it returns if nobody touches it."""
    return NOT_IN_XML.sub("", text)


def units_of(found: Iterable[Found]) -> list[Unit]:
    """The texts of this site, where nothing else is there and each of them is there once and of use."""
    units: dict[tuple[str, str] | None, Unit] = {}
    faults: list[Fault] = []
    is_ours = False
    for row in found:
        is_ours = is_ours or row.name is not None
        if not (fault := fault_of(row, units.get(row.name))):
            units[row.name] = Unit(*row.name, row.source, row.target, line=row.line)
        elif len(faults) < MAX_FAULTS:
            faults.append((row.line, fault))
    if not is_ours:
        raise ExchangeError((None, _("The file holds no text of this site. Choose one that was downloaded here.")))
    if faults:
        raise ExchangeError(*faults)
    return list(units.values())


def fault_of(row: Found, earlier: Unit | None) -> str:
    if not row.name:
        called = next(filter(None, [*row.names, row.source]), "")
        return _("“%s” is no text of this site. Take it out of the file.") % Truncator(called).chars(60)
    if earlier:
        message = _("“%(name)s” is in the file twice, first in line %(line)s. Keep one of the two.")
        return message % {"name": earlier.name, "line": earlier.line}
    if NOT_IN_XML.search(row.source + row.target):
        return _("The text here holds a control character, which nobody can see. Type that passage anew.")
    return row.fault


def languages_of(source: str | None, target: str | None, line: int | None = None) -> Languages:
    """One of the site's languages and the other, of whichever country."""
    languages = primary(source), primary(target)
    if set(languages) != set(LANGUAGES):
        message = _("The file has to say whether it goes from English to Spanish or from Spanish to English. Set that.")
        raise ExchangeError((line, message))
    return languages


def primary(code: str | None) -> str:
    return re.split("[-_]", code or "")[0].lower()


def wrong_letters(line: int) -> ExchangeError:
    return ExchangeError((line, _("The letters here are not in UTF-8. Save the file again with that encoding.")))
