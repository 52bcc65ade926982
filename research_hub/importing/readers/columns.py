"""What the columns of other tools mean: by their headers in English and Spanish, or as whoever imports says."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from .identity import folded
from .names import names_in
from .told import Told, split_topics

Mapping = dict[str, str]  # the header of a column: the field that it fills

# Headers as `folded` gives them, the most telling first: of two columns for one text the first one counts.
HEADERS = {
    "id": "key|id|uid|uuid|nid|identifier|accession number|central id|pmid|rayyan key|internal id|source id"
    "|citation key|eid|ut unique wos id|clave|identificador",
    "kind": "kind",
    "type": "item type|publication type|document type|doctype|type|subtype|reference type|content type|tipo"
    "|tipo de documento|tipo de publicacion",
    "language": "language|article language|language of original document|langcode|lang|idioma|lengua",
    "title": "title|article title|document title|titulo|nombre|name|event title|event name",
    "subtitle": "subtitle|sub title|subtitulo",
    "summary": "abstract|abstract note|summary|description|resumen|sumario|descripcion|teaser|original abstract",
    "body": "body|text|full text|content|cuerpo|texto|contenido|body html",
    "date": "date|date of publication|publication date|published|published on|pub date|publish date|fecha"
    "|fecha de publicacion|cover date",
    "year": "year|publication year|published year|ano|ano de publicacion|pub year",
    "month": "month|published month|publication month|mes",
    "day": "day|dia",
    "authors": "authors|author|author s|author names|author full names|autor|autores|autoras|autores as|autoria|byline"
    "|creator|creators",
    "editors": "editor|editors|book editors|editores",
    "translators": "translator|translators|traductor|traductores|traduccion",
    "contributors": "contributor|contributors|colaboradores",
    "speakers": "speaker|speakers|ponentes|panelistas",
    "topics": "topics|topic|author keywords|manual tags|automatic tags|keywords|index keywords|keywords plus|subjects"
    "|subject|tags|categories|category|emtree medical index terms major focus|emtree medical index terms|mesh|temas"
    "|tema|palabras clave|etiquetas|categorias|categoria|materias",
    "regions": "regions|region|countries|regiones|paises",
    "series": "series|series title|publication title|source title|journal|journal title|journal book|publication"
    "|parent title|serie|coleccion|revista",
    "number": "series number|report number|number|numero",
    "volume": "volume|volumen",
    "issue": "issue|ejemplar",
    "doi": "doi",
    "doi_or": "citation|notes|full text link|link attachments|extra",
    "isbn": "isbn",
    "url": "url|link|links|plink|web page|enlace|direccion|permalink",
    "path": "path|alias|url alias|path alias|ruta",
    "files": "file|files|pdf|document|documents|download|attachment|attachments|archivo|archivos|documento|adjuntos"
    "|pdf link|pdf url|link to pdf|enlace al pdf|enlace pdf",
    "pictures": "image|images|picture|photo|cover|cover image|imagen|imagenes|portada|foto",
    "media": "video|audio|video url|audio url|grabacion",
    "starts": "start|starts|starts at|start date|event date|event start|start time|inicio|fecha de inicio|comienza",
    "ends": "end|ends|ends at|end date|event end|end time|fin|fecha de fin|termina",
    "zone": "time zone|timezone|tz|zona horaria|huso horario",
    "venue": "venue|location|place|lugar|sede",
    "city": "city|ciudad",
    "country": "country|pais",
    "state": "event status|estado del evento",
    "translation_of": "translation of|tnid|traduccion de",
}  # fmt: skip
MEANINGS = {name: (field, rank) for field, names in HEADERS.items() for rank, name in enumerate(names.split("|"))}
IN_TWO_LANGUAGES = {"title", "subtitle", "summary", "body", "venue"}
LANGUAGE_OF = {"en": "en", "english": "en", "ingles": "en", "es": "es", "spanish": "es", "espanol": "es"}
PEOPLE = {
    "authors": "author", "editors": "editor", "translators": "translator", "contributors": "contributor",
    "speakers": "speaker",
}  # fmt: skip
EXCEL_TEXT = re.compile(r'="(.*)"', re.S)  # how some tools keep a spreadsheet from calculating
NEXT_TAG = re.compile(r"\s{3,}[A-Z][A-Z0-9]\s{2}-.*", re.S)  # RIS that a tool took for the rest of the text


def meaning(header: str) -> tuple[str, int] | None:
    """The field that a column of this name fills, and how telling the name is."""
    name = folded(header.replace("_", " ")).removeprefix("field ")
    if found := MEANINGS.get(name):
        return found
    stem, _space, last = name.rpartition(" ")
    found = MEANINGS.get(stem) or MEANINGS.get(stem.removesuffix(" in").removesuffix(" en"))
    if found and last in LANGUAGE_OF and (found[0] in IN_TWO_LANGUAGES or found[0] == "topics"):
        return (f"{found[0]}_{LANGUAGE_OF[last]}" if found[0] in IN_TWO_LANGUAGES else found[0]), found[1]
    return None


def guessed(headers: Iterable[str]) -> Mapping:
    return {header: found[0] for header in headers if (found := meaning(header))}


def likeness(cells: Iterable[str]) -> int:
    """How many of the cells are headers that we know, provided that one of them is of titles."""
    fields = [found[0] for cell in cells if (found := meaning(cell))]
    return len(set(fields)) if any(field.startswith("title") for field in fields) else 0


def told_of(cells: Iterable[tuple[str, str]], mapping: Mapping) -> Told:
    """One row: the header and the text of each cell."""
    told = Told()
    for header, cell in sorted(cells, key=lambda cell: (meaning(cell[0]) or ("", 0))[1]):
        value = cell_text(cell)
        if field := mapping.get(header, ""):
            fill(told, field, value)
        else:
            told.leave(header, value)
    return told


def cell_text(cell: str) -> str:
    found = EXCEL_TEXT.fullmatch(cell.strip())
    return NEXT_TAG.sub("", found[1] if found else cell.strip())


def fill(told: Told, field: str, value: str) -> None:
    if role := PEOPLE.get(field):
        told.people += names_in(value, role)
    elif field in ("topics", "regions"):
        told[field] += split_topics(value)
    elif field in ("files", "pictures", "media"):
        told[field] += [part for part in re.split(r"[;|\n]\s*", value) if part]
    elif field == "path":
        told.tell("path", urlsplit(value).path if "://" in value else value)
    else:
        told.tell(field, value)
