"""What stands around entries, gathered for many at once: row by row of each relation, and no manager for each entry."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Person(NamedTuple):
    """Somebody who wrote an entry or speaks there; `names` are all forms of the name."""

    list_number: int
    name: str
    names: list[str]
    role: str


class Subject(NamedTuple):
    """A topic or a region of an entry."""

    list_number: int
    parent_list_number: int | None
    name_en: str
    name_es: str


@dataclass
class Around:
    """What the lists show of an entry beside its own words, each in its order."""

    subjects: list[Subject] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    media: list[str] = field(default_factory=list)


def subjects_of(through, entry: str, subject: str, pks: list[int]) -> dict[int, list[Subject]]:
    """The subjects that rows of `through` link each of these entries to."""
    model = through._meta.get_field(subject).related_model
    columns = [f"{subject}_id", *(f"{subject}__{name}" for name in ("parent_id", "name_en", "name_es"))]
    rows = through.objects.filter(**{f"{entry}_id__in": pks}).order_by("pk").values_list(f"{entry}_id", *columns)
    return grouped(
        (pk, Subject(model.number_of_list(own), parent and model.number_of_list(parent), english or "", spanish or ""))
        for pk, own, parent, english, spanish in rows
    )


def grouped(pairs) -> dict[int, list[Any]]:
    groups = defaultdict(list)
    for pk, value in pairs:
        groups[pk].append(value)
    return groups
