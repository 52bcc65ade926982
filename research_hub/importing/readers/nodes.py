"""The fields of a Drupal node as plain texts, in whichever of its forms an export has them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from research_hub.languages.text import LANGUAGES

from .objects import Json, objects

# A text and the language it is in, "" where the field does not say.
Value = tuple[str, str]

UNDEFINED = {"und", "zxx"}
NAMED = ("name", "display_name", "title", "label", "filename")
PARTS = {"summary": "summary", "end_value": "end", "value2": "end", "alt": "alt"}
REFERRED = {"taxonomy_term", "user", "node"}  # of which an answer has the number alone
STREAMS = ("public://", "private://")
LISTS = ("", "data", "nodes", "items", "rows", "results")


@dataclass
class Others:
    """What nodes refer to: names of terms and people, addresses of files, by number and by uuid."""

    names: dict[str, str] = field(default_factory=dict)
    refers: dict[str, str] = field(default_factory=dict)  # of a medium: its file

    def learn(self, item: Json) -> None:
        attributes = item.get("attributes") if isinstance(item.get("attributes"), dict) else item
        name = next((text for key in NAMED for text, _language in values(attributes.get(key), self)), "")
        name = next((text for text, _language in values(attributes.get("uri"), self)), "") or name
        for key in ("id", "uuid", "tid", "fid", "uid", "drupal_internal__tid"):
            for own, _language in values(item.get(key) or attributes.get(key), self):
                self.names.setdefault(own, name)
                for _field, target in references(item):
                    self.refers.setdefault(own, target)

    def name(self, key: str) -> str:
        return self.names.get(self.refers.get(key, ""), "") or self.names.get(key, "")


def others_of(path: Path) -> Others:
    """From the same answer, where it includes them."""
    others = Others()
    for item in objects(path, lists=("included", "taxonomy_terms", "terms"), single=("included",)):
        others.learn(item)
    return others


def references(item: Json) -> Iterator[tuple[str, str]]:
    relationships = item.get("relationships")
    for name, value in relationships.items() if isinstance(relationships, dict) else ():
        data = value.get("data") if isinstance(value, dict) else None
        for target in data if isinstance(data, list) else [data]:
            if isinstance(target, dict) and target.get("id"):
                yield name, str(target["id"])


def fields_of(item: Json, others: Others) -> dict[str, list[Value]]:
    """Every field of the node, whether it stands by itself, under “node” or under “attributes”."""
    if isinstance(item.get("node"), dict):
        item = item["node"]
    if not isinstance(item.get("attributes"), dict):
        return {name: list(values(value, others)) for name, value in item.items()} | parts(item)
    attributes = item["attributes"]
    fields = {name.removeprefix("drupal_internal__"): list(values(value, others)) for name, value in attributes.items()}
    fields |= parts(attributes)
    for name, target in references(item):
        if known := others.name(target):
            fields.setdefault(name, []).append((known, ""))
    fields.setdefault("type", [(str(item.get("type", "")).removeprefix("node--"), "")])
    return fields


def parts(item: Json) -> dict[str, list[Value]]:
    """What a field says beside its value, under “body:summary”, “date:end”, “image:alt”."""
    found: dict[str, list[Value]] = {}
    for name, value in item.items():
        for single, language in flat(value):
            for key, part in PARTS.items() if isinstance(single, dict) else ():
                if isinstance(single.get(key), str) and single[key].strip():
                    found.setdefault(f"{name}:{part}", []).append((single[key], language))
    return found


def flat(value: Any, language: str = "") -> Iterator[tuple[Any, str]]:
    """The single values of a field; Drupal 7 keeps them by language."""
    if isinstance(value, list):
        for item in value:
            yield from flat(item, language)
    elif isinstance(value, dict) and value and all(is_language(key) for key in value) and is_listed(value):
        for key, items in value.items():
            yield from flat(items, "" if key in UNDEFINED else key)
    elif value is not None:
        yield value, language


def is_language(key: str) -> bool:
    return key in UNDEFINED or bool(re.fullmatch(r"[a-z]{2}(?:-[\w-]+)?", key))


def is_listed(value: Json) -> bool:
    return all(isinstance(items, list | dict) for items in value.values())


def values(value: Any, others: Others) -> Iterator[Value]:
    for single, language in flat(value):
        if text := text_of(single, others).strip():
            yield text, language if language in LANGUAGES else ""


def text_of(single: Any, others: Others) -> str:
    """A value as text: a term by its name, a file by its address."""
    if isinstance(single, bool):
        return "1" if single else "0"
    if not isinstance(single, dict):
        return str(single)
    for key in ("target_uuid", "target_id", "tid", "fid"):
        if known := others.name(str(single.get(key) or "")):
            return known
    if single.get("target_type") in REFERRED:
        return str(single.get("target_id", ""))
    for key in ("value", "processed", "url", "uri", "alias", "name", "title", "target_id", "tid", "fid"):
        inner = single.get(key)
        if inner in (None, "", [], {}) or (str(inner).startswith(STREAMS) and single.get("url")):
            continue
        return text_of(inner, others) if isinstance(inner, dict | bool) else str(inner)
    return ""
