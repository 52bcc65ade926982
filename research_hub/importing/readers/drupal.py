"""Nodes of Drupal: tables and lists of Views, answers of REST and JSON:API, translations, terms and aliases."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import gettempdir

from django.utils.translation import gettext as _

from ..records import Fault, FileRef, Found, Record
from . import sources, tables
from .columns import IN_TWO_LANGUAGES, cell_text, fill, meaning
from .identity import language_in
from .nodes import LISTS, Others, Value, fields_of, others_of
from .objects import objects
from .told import Told
from .translations import Waiting

Fields = dict[str, list[Value]]

# Beside the file, where an export keeps the terms apart and names them by number.
TERMS = [f"{stem}{suffix}" for stem in ("terms", "taxonomy_terms", "taxonomy_term") for suffix in (".csv", ".json")]
ID, LANGUAGE, TYPE = ("nid", "node id", "id de nodo"), ("langcode", "language", "idioma"), ("type", "tipo de contenido")
STATUS, ALIAS = ("status", "published", "estado"), ("path", "alias", "url alias", "ruta")
CREATED, OWNER = ("published at", "created", "authored on", "creado"), ("uid", "author", "authored by", "autor")
UNPUBLISHED = {"0", "false", "off", "no", "unpublished", "no publicado", "archived", "draft", "borrador"}
OF_NO_ENTRY = {
    "vid", "uuid", "changed", "promote", "sticky", "default langcode", "revision timestamp", "revision uid",
    "revision log", "revision translation affected", "revision default", "metatag", "comment", "tnid", "translate",
    "content translation source", "content translation outdated", "content translation created", "menu link",
    "rh action", "node type", "revision id", "moderation state", "isdefaultrevision", "body format",
    "node revision uid", "timestamp", "revisions", "data", "name",
}  # fmt: skip
REFERENCES = {"topics", "regions", "series"}  # which are no numbers
EVENTS = re.compile(r"event|evento|conference|webinar|seminar|seminario|conferencia", re.I)


def read(path: Path) -> Found:
    others, sizes = beside(path), Counter()
    for _place, fields in nodes(path, others):
        sizes[group_of(fields)] += 1
    waiting, seen = Waiting(sizes), set()
    for place, fields in nodes(path, others):
        nid = one(fields, *ID)
        if not nid and one(fields, "tid"):
            yield Fault(place, _("It is a term of a taxonomy, and no entry."))
            continue
        is_original = nid not in seen and one(fields, "default langcode") not in ("0", "false")
        seen.add(nid)
        record = record_of(fields, place, is_original)
        yield from waiting.came(group_of(fields), record, is_original and one(fields, "tnid") in ("", "0", nid))
    yield from waiting.rest()
    if not sizes:
        yield Fault("", _("There is no node in this file."))


def nodes(path: Path, others: Others) -> Iterator[tuple[str, Fields]]:
    start = sources.decoded(sources.head(path)).lstrip()
    if start.startswith(("{", "[")):
        for number, item in enumerate(objects(path, lists=LISTS), start=1):
            yield sources.record(number), normalized(fields_of(item, others))
    else:
        with tables.sheets_of(path) as sheets:
            for where, rows in sheets:
                yield from in_table(rows, where, others)


def in_table(rows: tables.Rows, where: tables.Where, others: Others) -> Iterator[tuple[str, Fields]]:
    _number, header = next(rows, (0, []))
    for number, row in rows:
        cells = zip(header, map(cell_text, row), strict=False)
        if any(row):
            yield where(number), normalized({name: known(cell, others) for name, cell in cells if cell})


def known(cell: str, others: Others) -> list[Value]:
    """Numbers of terms, “12|13”, become their names where these are known."""
    parts = re.split(r"\s*[|,;]\s*", cell)
    names = [others.name(part) for part in parts if part.isdigit()]
    return [(name, "") for name in names] if len(parts) == len(names) and all(names) else [(cell, "")]


def normalized(fields: Fields) -> Fields:
    return {re.sub(r"[_\s]+", " ", name.strip("\ufeff ").lower()).strip(): values for name, values in fields.items()}


def beside(path: Path) -> Others:
    others = others_of(path) if sources.decoded(sources.head(path)).lstrip().startswith(("{", "[")) else Others()
    folder = path.parent
    for terms in (folder / name for name in TERMS if folder != Path(gettempdir())):  # anybody may write in that one
        if terms.is_file() and terms != path:
            for _place, fields in nodes(terms, others):
                others.names[one(fields, "tid", "id", "term id")] = one(fields, "name", "nombre", "term")
    return others


def one(fields: Fields, *names: str) -> str:
    return next((text for name in names for text, _language in fields.get(name, ())), "")


def group_of(fields: Fields) -> str:
    """Drupal 7 has a node for each language, and names the set by its first; later ones have rows of one node."""
    tnid = one(fields, "tnid")
    return tnid if tnid not in ("", "0") else one(fields, *ID)


def record_of(fields: Fields, place: str, is_original: bool) -> Record:
    told = Told()
    nid, language, bundle = one(fields, *ID), language_in(one(fields, *LANGUAGE)), one(fields, *TYPE)
    told.tell("id", nid if is_original or not language else f"{nid}:{language}")
    told.tell("type", bundle)
    told.tell("language", language)
    told.tell("draft", "unpublished" if one(fields, *STATUS).lower() in UNPUBLISHED else "")
    paths(told, fields, nid, language if not is_original else "")
    for name, values in fields.items():
        if name not in {*ID, *LANGUAGE, *TYPE, *STATUS, *ALIAS, *CREATED, *OWNER, *OF_NO_ENTRY}:
            tell(told, name, values)
    is_event = bool(EVENTS.search(bundle) or told.first("starts"))
    when(told, fields, is_event)
    if not told.people and not one(fields, *OWNER).isdigit():
        fill(told, "authors", one(fields, *OWNER))
    record = told.record(place, "event" if is_event else "publication")
    describe(record.pictures, fields)
    return record


def tell(told: Told, name: str, values: list[Value]) -> None:
    """What one field says, or one part of it: “body:summary”, “event date:end”."""
    whole, _colon, part = name.partition(":")
    found = meaning(whole.removesuffix(" field"))
    target = found[0] if found else ""
    if part == "alt":
        return
    if part:
        target = {("body", "summary"): "summary", ("starts", "end"): "ends", ("date", "end"): "ends"}.get(
            (target, part), ""
        )
    for text, language in values:
        if not target or (target in REFERENCES and text.isdigit()):
            told.leave(name, text)
        else:
            fill(told, f"{target}_{language}" if language and target in IN_TWO_LANGUAGES else target, text)


def describe(pictures: list[FileRef], fields: Fields) -> None:
    """Each picture by what the same field says of it for those who cannot see it."""
    alts = {
        ref: alt
        for name in fields
        for (ref, _l), (alt, _m) in zip(fields[name], fields.get(f"{name}:alt", []), strict=False)
    }
    for picture in pictures:
        picture.alt = alts.get(picture.ref, "")


def when(told: Told, fields: Fields, is_event: bool) -> None:
    if is_event and not told["starts"]:
        told["starts"] = told.pop("date", [])
    for target in ("date", "starts", "ends"):
        told[target] = [moment(text) for text in told[target]]
    if not told.first("date") and not is_event:
        told.tell("date", moment(one(fields, *CREATED)))


def moment(text: str) -> str:
    """Drupal counts seconds since 1970 wherever it was not told to write a date."""
    if re.fullmatch(r"\d{9,10}", text):
        return datetime.fromtimestamp(int(text), UTC).isoformat()
    return text


def paths(told: Told, fields: Fields, nid: str, language: str) -> None:
    """Its alias, also as it stands below its language; and the address that every node has."""
    for alias, _language in [value for name in ALIAS for value in fields.get(name, ())]:
        fill(told, "path", alias)
    told["path"] = [path if path.startswith("/") else f"/{path}" for path in told["path"]]
    if nid:
        told.tell("path", f"/node/{nid}")
    if language:
        told["path"] = [f"/{language}{path}" for path in told["path"]]
