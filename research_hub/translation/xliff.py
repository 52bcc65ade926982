"""Texts in an XLIFF file, 1.2 or 2.0, with lxml.

translate-toolkit reads these files in the tests, but does not write them: its 2.0 has notes and `xml:space` where the
schema allows none, its 1.2 calls itself 1.1. Nor does it read what returns: it passes over tags within a text, reads a
text cut into sentences as several, and tells no lines.
"""

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from lxml import etree
from lxml.builder import ElementMaker

from .package import ExchangeError, Found, Languages, Unit, languages_of, primary, wrong_letters

NAMESPACE1, NAMESPACE2 = "urn:oasis:names:tc:xliff:document:1.2", "urn:oasis:names:tc:xliff:document:2.0"
XML = "{http://www.w3.org/XML/1998/namespace}"
PRESERVE = {f"{XML}space": "preserve"}
STATES1 = {
    "unverified": "needs-review-translation", "suspicious": "needs-review-translation",
    "in_review": "translated", "current": "final", "not_needed": "final",
}  # fmt: skip
STATES2 = {"in_review": "translated", "current": "final", "not_needed": "final"}
MARKS = {"mrk", "sm", "em"}  # what tools put around sentences and words without changing the text
WRONG_LETTERS = {etree.ErrorTypes.ERR_INVALID_ENCODING, etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING}

Element = etree._Element
Part = tuple[Element | None, Element | None]  # the original and the translation, of a text or of a sentence in it


# Writing


def document1(units: Iterable[Unit], source_language: str, target_language: str) -> bytes:
    make = ElementMaker(namespace=NAMESPACE1, nsmap={None: NAMESPACE1})
    body = make.body()
    for unit in units:
        state = STATES1.get(unit.state, "needs-translation")
        targets = [make.target(unit.target, state=state)] if unit.target else []
        about = {
            "id": unit.name,
            "resname": unit.name,
            "datatype": "html" if unit.is_rich else "plaintext",
            "approved": "yes" if unit.state == "current" else "no",
            **PRESERVE,
        }
        body.append(make("trans-unit", make.source(unit.source), *targets, *map(make.note, unit.notes), about))
    languages = {"source-language": source_language, "target-language": target_language}
    file = make.file(body, languages, original="research-hub", datatype="plaintext")
    return serialized(make.xliff(file, version="1.2"))


def document2(units: Iterable[Unit], source_language: str, target_language: str) -> bytes:
    make = ElementMaker(namespace=NAMESPACE2, nsmap={None: NAMESPACE2})
    file = make.file(id="research-hub")
    for unit in units:
        states = {"state": STATES2.get(unit.state, "initial") if unit.target else "initial"}
        if unit.state:
            states["subState"] = f"research-hub:{unit.state}"
        targets = [make.target(unit.target)] if unit.target else []
        notes = [make.notes(*map(make.note, unit.notes))] if unit.notes else []
        segment = make.segment(make.source(unit.source), *targets, states)
        file.append(make.unit(*notes, segment, PRESERVE, id=unit.name.replace("/", "."), name=unit.name))
    return serialized(make.xliff(file, version="2.0", srcLang=source_language, trgLang=target_language))


def serialized(root: Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


# Reading


def contents(data: bytes) -> tuple[Languages, Iterator[Found]]:
    root = parsed(data)
    version = root.get("version", "")
    if etree.QName(root).localname != "xliff":
        raise ExchangeError((root.sourceline, _("This XML is not XLIFF. Choose the file that your tool saved.")))
    if version.startswith("1."):
        return contents1(root)
    if version.startswith("2."):
        return contents2(root)
    raise ExchangeError((root.sourceline, _("This version of XLIFF is not known. Save the file as XLIFF 1.2 or 2.0.")))


def parsed(data: bytes) -> Element:
    """Without a DOCTYPE, so that nothing is fetched or multiplied; `collect_ids=False` would have lxml fetch it."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if error.code in WRONG_LETTERS:
            raise wrong_letters(error.lineno) from None
        message = _("The file is damaged or was cut off here. Save it again or download it anew.")
        raise ExchangeError((error.lineno, message)) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise ExchangeError((None, _("The file has a DOCTYPE, which may hide something. Save it without.")))
    return root


def contents1(root: Element) -> tuple[Languages, Iterator[Found]]:
    files = list(root.iterchildren("{*}file"))
    pairs = [languages_of(file.get("source-language"), file.get("target-language"), file.sourceline) for file in files]
    for file, pair in zip(files, pairs, strict=True):
        if pair != pairs[0]:
            raise ExchangeError((file.sourceline, _("The languages change here. Send a file for each direction.")))
    languages = pairs[0] if pairs else ("", "")
    units = (unit for file in files for unit in file.iter("{*}trans-unit"))
    return languages, (found(unit, [part(unit)], languages) for unit in units)


def contents2(root: Element) -> tuple[Languages, Iterator[Found]]:
    languages = languages_of(root.get("srcLang"), root.get("trgLang"), root.sourceline)
    units = ((unit, unit.iterchildren("{*}segment", "{*}ignorable")) for unit in root.iter("{*}unit"))
    return languages, (found(unit, [*map(part, sentences)], languages) for unit, sentences in units)


def part(element: Element) -> Part:
    """The original and the translation; of what 2.0 calls ignorable, such as the space between sentences, the same."""
    source, target = element.find("{*}source"), element.find("{*}target")
    is_ignorable = etree.QName(element).localname == "ignorable"
    return source, source if target is None and is_ignorable else target


def found(unit: Element, parts: list[Part], languages: Languages) -> Found:
    names = [unit.get(key) for key in ("id", "resname", "name")]  # some tools give ids of their own
    source = "".join(text_of(source) for source, _target in parts)
    return Found(unit.sourceline, names, source, translation(parts), fault_in(parts, languages))


def translation(parts: list[Part]) -> str:
    """The sentences in the order that the translation has; nothing unless each of them is translated."""
    if any(text_of(source).strip() and not is_whole(target) for source, target in parts):
        return ""
    numbered = sorted(enumerate(parts, start=1), key=lambda numbered: order(numbered[1][1]) or numbered[0])
    return "".join(text_of(target) for _number, (_source, target) in numbered)


def is_whole(target: Element | None) -> bool:
    """Whether there is a translation, and no sentence that a tool marked in a 1.2 is left empty."""
    if target is None:
        return False
    return all(text_of(piece).strip() for piece in (target, *target.iterfind(".//{*}mrk[@mtype='seg']")))


def order(target: Element | None) -> int | None:
    number = "" if target is None else target.get("order", "")
    return int(number) if re.fullmatch("[0-9]{1,4}", number) else None


def text_of(element: Element | None) -> str:
    return "" if element is None else "".join(element.itertext())


def fault_in(parts: list[Part], languages: Languages) -> str:
    elements = [element for pair in parts for element in pair if element is not None]
    tags = {etree.QName(tag).localname for element in elements for tag in element.iterdescendants()} - MARKS
    if tags:
        message = _("The text here holds tags of a tool (%s). Have them saved as text, or take them out.")
        return message % ", ".join(sorted(tags))
    expected = dict(zip(("source", "target"), languages, strict=True))
    for element in elements:
        language = expected[etree.QName(element).localname]
        if primary(element.get(f"{XML}lang", language)) != language:
            return _("The text here says that it is in another language than the file does. Set its language.")
    return ""
