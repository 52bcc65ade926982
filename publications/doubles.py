"""Authors who may be one and the same: found by their names in one pass, however many there are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.utils.text import slugify

from .models import Author

MOST_OF_A_GROUP = 12
Parts = tuple[str, ...]


def likely_doubles() -> list[list[int]]:
    """Groups of their keys: the same words in any order, or initials that fit; never two ORCIDs in one group."""
    orcids: dict[int, str] = {}
    bearers: dict[Parts, list[int]] = defaultdict(list)
    rows = Author.objects.order_by("sort_name", "pk").values_list("pk", "name", "variants", "orcid")
    for pk, name, variants, orcid in rows.iterator():
        orcids[pk] = orcid
        for parts in dict.fromkeys(parts_of(words) for words in [name, *map(str, variants)]):
            if len(parts) > 1:
                bearers[parts].append(pk)
    groups: dict[int, set[int]] = {}
    for found in matches(bearers):
        if len(found) > 1:  # one alone may have a shorter form of the own name among the other spellings
            join(groups, found)
    distinct = {id(group): group for group in groups.values()}.values()
    return [sorted(group)[:MOST_OF_A_GROUP] for group in distinct if len({orcids[pk] for pk in group} - {""}) < 2]


def parts_of(name: str) -> Parts:
    """Its words in order of the alphabet: the same for “García, Ana”, “Ana García” and “Garcia Ana”."""
    return tuple(sorted(slugify(name).split("-")))


def matches(bearers: dict[Parts, list[int]]) -> Iterator[set[int]]:
    """Who bears the same name, and who one that the initials of another shorten, where only one such name is there."""
    for pks in bearers.values():
        if len(set(pks)) > 1:
            yield set(pks)
    short = {parts for parts in bearers if is_short(parts)}
    keys = {key for parts in short for key in keys_of_short(parts)}
    full: dict[tuple[str, str], list[Parts]] = defaultdict(list)
    for parts in bearers.keys() - short:
        for key in keys_of_full(parts):
            if key in keys:
                full[key].append(parts)
    for parts in short:
        fewest: list[Parts] = min((full.get(key, []) for key in keys_of_short(parts)), key=len)
        fitting = [other for other in fewest if shortens(parts, other)]
        if len(fitting) == 1:
            yield {*bearers[parts], *bearers[fitting[0]]}


def is_short(parts: Parts) -> bool:
    return any(len(part) == 1 for part in parts) and any(len(part) > 1 for part in parts)


def keys_of_short(parts: Parts) -> set[tuple[str, str]]:
    return {(word, initial) for word in parts if len(word) > 1 for initial in parts if len(initial) == 1}


def keys_of_full(parts: Parts) -> set[tuple[str, str]]:
    return {(word, part[0]) for word in parts for part in parts if part is not word}


def shortens(short: Parts, full: Parts) -> bool:
    """Whether each word of the short name is in the full one, and each initial begins another of its words."""
    rest = list(full)
    for word in (part for part in short if len(part) > 1):
        if word not in rest:
            return False
        rest.remove(word)
    return sorted(part for part in short if len(part) == 1) == sorted(part[0] for part in rest)


def join(groups: dict[int, set[int]], found: Iterable[int]) -> None:
    """Put these together, with whomever each was together with before; the smaller group into the larger."""
    largest: set[int] = set()
    for pk in found:
        one = groups.get(pk, {pk})
        if len(one) > len(largest):
            one, largest = largest, one
        largest |= one
        for moved in one:
            groups[moved] = largest
    for pk in found:
        groups[pk] = largest
