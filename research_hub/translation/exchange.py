"""Texts leave for a translator's own tool and return, as PO, XLIFF 1.2 or XLIFF 2.0.

Each carries its original, which tells on return whether that has changed since. Rich text travels as escaped HTML in
one unit: it returns letter by letter as it is stored, whatever a tool takes for a tag within a text.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib import import_module

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from . import po
from .package import ExchangeError, Package, Unit, sendable, units_of

MAX_BYTES = 20 * 1024 * 1024
BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"  # byte order marks, white space, and the zeros of UTF-16


@dataclass(frozen=True)
class Format:
    label: str
    suffix: str
    content_type: str
    document: Callable[[Iterable[Unit], str, str], bytes]


def xliff():
    """The module that knows XLIFF, with the parser that it takes along."""
    return import_module(".xliff", __package__)


FORMATS = {
    "po": Format("PO (gettext)", ".po", "text/x-gettext-translation", po.document),
    "xliff1": Format("XLIFF 1.2", ".xlf", "application/x-xliff+xml", lambda *asked: xliff().document1(*asked)),
    "xliff2": Format("XLIFF 2.0", ".xlf", "application/xliff+xml", lambda *asked: xliff().document2(*asked)),
}


def write(units: Iterable[Unit], format: str, source_language: str, target_language: str) -> bytes:
    """The file for a translator; what XML cannot hold is left out of the texts, in a PO too."""
    clean = (replace(unit, source=sendable(unit.source), target=sendable(unit.target)) for unit in units)
    return FORMATS[format].document(clean, source_language, target_language)


def read(data: bytes) -> Package:
    """What a translator sent, in whichever format, or an ExchangeError where any of it cannot be used.

    In what state a tool says a text is does not count.
    """
    if len(data) > MAX_BYTES:
        raise ExchangeError((None, _("The file is larger than %s. Send it in parts.") % filesizeformat(MAX_BYTES)))
    reader = xliff() if data.lstrip(BEFORE_XML).startswith(b"<") else po
    languages, found = reader.contents(data)
    units = units_of(found)
    translated = [unit for unit in units if unit.target.strip()]
    return Package(*languages, translated, len(units) - len(translated))
