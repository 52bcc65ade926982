"""Records that translate one another become one: sources that keep languages apart give them one after another."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from research_hub.languages.text import LANGUAGES

from ..records import Record

TEXTS = ("title", "subtitle", "summary", "body", "venue")
LISTS = ("paths", "files", "pictures", "media", "not_taken")


class Waiting:
    """Each group is held until all its records have come; `sizes` says of how many it is."""

    def __init__(self, sizes: Counter):
        self.sizes = sizes
        self.groups: dict[str, list[Record]] = defaultdict(list)

    def came(self, group: str, record: Record, is_original: bool = False) -> Iterator[Record]:
        if self.sizes[group] < 2:
            yield record
            return
        self.groups[group].insert(0 if is_original else len(self.groups[group]), record)
        if len(self.groups[group]) == self.sizes[group]:
            yield from together(self.groups.pop(group))

    def rest(self) -> Iterator[Record]:
        for records in self.groups.values():
            yield from together(records)


def together(records: list[Record]) -> Iterator[Record]:
    """The first is the original; what is in a language that is there already, or in none of ours, stays by itself."""
    original, *others = records
    there, apart = {original.language}, []
    for record in others:
        if set(LANGUAGES) >= {record.language, original.language} and record.language not in there:
            there.add(record.language)
            add(original, record)
        else:
            record.translation_of = original.id
            apart.append(record)
    yield original
    yield from apart


def add(original: Record, translation: Record) -> None:
    for field in TEXTS:
        setattr(original, field, getattr(translation, field) | getattr(original, field))
    for field in ("topics", "regions", "people"):
        setattr(original, field, getattr(original, field) or getattr(translation, field))
    for field in LISTS:
        have = getattr(original, field)
        have += [item for item in getattr(translation, field) if item not in have]
    original.draft = original.draft or translation.draft  # else one of them would be shown that nobody was to see
