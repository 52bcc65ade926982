"""Where each text of each entry stands: worked out from what it says, and stored so that a database can be asked.

Whatever writes a text ends in `sync`, inside the transaction of the writing; `check_translations` proves that.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Sum
from django.utils import timezone

from research_hub.activity.kinds import KINDS, Kind, kind_of
from research_hub.activity.rows import add, insert
from research_hub.activity.sync import Progress, chunks, of_all_kinds, writing
from research_hub.editorial.models import Entry
from research_hub.languages.text import other

from . import memory
from .fingerprint import fingerprint, norm, print_of
from .remembered import ALL, keep_up, pairs_of
from .tasks import SETTLED, Draft, Place, Standing, State, Tally, Task, Unit, Verdict, stage_of, texts_of

Cell = tuple[str, int, str]  # of the tally: the language translated into, the stage of the original, the state
Said = set[tuple[str, str]]  # what verdicts are about: the fingerprints of an original and of its translation


class Wanted(NamedTuple):
    """What is true of an entry's translation now."""

    main: Entry
    task: Task
    units: list[Standing]


def state_of(source: str, target: str, draft: Draft | None, said: Said) -> State:
    """Where a text stands, by the fingerprints of both its languages."""
    if draft:
        return State.IN_REVIEW if draft.is_in_review else State.DRAFT
    if (source, target) in said:
        return State.CURRENT if target else State.NOT_NEEDED
    if not target:
        return State.MISSING
    if any(target == translated for _original, translated in said):
        return State.STALE
    return State.SUSPICIOUS if source == target else State.UNVERIFIED


def row_to_translate(main: Entry, field: str, is_held: bool) -> Entry:
    """The row whose text is translated: what readers have, but of an entry that waits for both languages the next
    version, where that says something else."""
    copy = getattr(main, "working_copy", None)
    if not is_held or copy is None:
        return main
    column, is_rich = f"{field}_{main.source_language}", texts_of(type(main))[field]
    prints = {fingerprint(getattr(row, column), is_rich) for row in (main, copy)}
    return copy if len(prints) > 1 else main


# Writing


def sync_all_of(entries: Iterable[Entry]) -> None:
    by_kind = defaultdict(set)
    for entry in entries:
        by_kind[kind_of(entry).name].add(entry.revises_id or entry.pk)
    for name, pks in by_kind.items():
        sync(KINDS[name], pks)


def sync(kind: Kind, pks: Iterable[int]) -> None:
    """Make the stored states of these entries, which are no working copies, what is true of them now."""
    with writing():
        for chunk in chunks(sorted(pks)):
            stored = stored_tasks(kind, chunk)
            store(derive(kind, chunk, stored), stored)


def stored_tasks(kind: Kind, pks: list[int]) -> dict[str, Task]:
    return {task.uid: task for task in Task.objects.filter(kind=kind.code, object_id__in=pks)}


def stored_units(tasks: Iterable[Task]) -> dict[Standing, int]:
    """With the key of each row."""
    units = Unit.objects.filter(task__in=[task.pk for task in tasks])
    return {Standing._make(row): pk for pk, *row in units.values_list("pk", "task__uid", *UNIT_COLUMNS)}


def derive(kind: Kind, pks: list[int], stored: dict[str, Task]) -> dict[str, Wanted]:
    mains = list(kind.model._base_manager.filter(pk__in=pks, revises=None).select_related("working_copy"))
    uids = [main.uid for main in mains]
    drafts = {(draft.uid, draft.field, draft.language): draft for draft in Draft.objects.filter(uid__in=uids)}
    said = said_of(uids)
    return {main.uid: wanted_of(main, stored.get(main.uid), drafts, said) for main in mains}


def said_of(uids: list[str]) -> dict[Place, Said]:
    """By the text and its language; two texts that say the same do so in either direction."""
    found: dict[Place, Said] = defaultdict(set)
    columns = ("uid", "field", "language", "source_print", "target_print")
    for uid, field, language, source, target in Verdict.objects.filter(uid__in=uids).values_list(*columns):
        found[uid, field, language].add((source, target))
        if source and target:
            found[uid, field, other(language)].add((target, source))
    return found


def wanted_of(main: Entry, stored: Task | None, drafts: dict[Place, Draft], said: dict[Place, Said]) -> Wanted:
    kind, task = kind_of(main), copied(stored) if stored else Task(uid=main.uid)
    task.kind, task.object_id, task.type = kind.code, main.pk, main.type_number
    task.language = other(main.source_language)
    task.status, task.stage = main.status, stage_of(main)
    units = []
    for field, is_rich in texts_of(kind.model).items() if not main.is_withdrawn else ():
        row, place = row_to_translate(main, field, task.is_held), (main.uid, field, task.language)
        source, target = (getattr(row, f"{field}_{code}") for code in (main.source_language, task.language))
        if words := norm(source, is_rich):
            prints = print_of(words), fingerprint(target, is_rich)
            state = state_of(*prints, drafts.get(place), said.get(place, set()))
            units.append(Standing(*place, int(task.stage), state.value, words.count(" ") + 1, *prints))
    left = [unit.words for unit in units if unit.state not in SETTLED]
    task.words, task.words_left, task.units_left = sum(unit.words for unit in units), sum(left), len(left)
    return Wanted(main, task, units)


def copied(task: Task) -> Task:
    """A second object of the same row, to be compared with the first."""
    fields = [field for field in Task._meta.concrete_fields if not field.generated]
    return Task(**{field.attname: getattr(task, field.attname) for field in fields})


TASK_COLUMNS = ["kind", "object_id", "type", "language", "status", "stage", "words", "words_left", "units_left"]
UNIT_COLUMNS = Standing._fields[1:]


def store(wanted: dict[str, Wanted], stored: dict[str, Task]) -> None:
    """Write what differs, and count it."""
    tasks = {uid: new.task for uid, new in wanted.items()}
    Task.objects.bulk_create([task for uid, task in tasks.items() if uid not in stored])
    changed = [uid for uid in tasks.keys() & stored.keys() if differ(tasks[uid], stored[uid])]
    Task.objects.bulk_update([tasks[uid] for uid in changed], TASK_COLUMNS)
    old, new = stored_units(stored.values()), {unit: one.task for one in wanted.values() for unit in one.units}
    gone, come = ([unit for unit in there if unit not in here] for there, here in ((old, new), (new, old)))
    Unit.objects.filter(pk__in=[old[unit] for unit in gone]).delete()
    insert("translation_unit", ("task_id", *UNIT_COLUMNS), [(new[unit].pk, *unit[1:]) for unit in come])
    Task.objects.filter(pk__in=[task.pk for uid, task in stored.items() if uid not in wanted]).delete()
    tally(gone, come)
    keep_up(gone, come, {uid: new.main for uid, new in wanted.items()})


def differ(one: Task, two: Task) -> bool:
    return any(getattr(one, name) != getattr(two, name) for name in TASK_COLUMNS)


def tally(gone: Iterable[Standing], come: Iterable[Standing]) -> None:
    change: dict[Cell, list[int]] = defaultdict(lambda: [0, 0])
    for units, sign in ((gone, -1), (come, 1)):
        for one in units:
            numbers = change[one.language, one.stage, one.state]
            numbers[0] += sign
            numbers[1] += sign * one.words
    add_to_tally({key: tuple(numbers) for key, numbers in change.items() if any(numbers)})


def add_to_tally(change: dict[Cell, tuple[int, ...]]) -> None:
    day = timezone.localdate()
    rows = [(day, *key, *numbers) for key, numbers in sorted(change.items())]
    add("translation_tally", ("day", "language", "stage", "state"), ("units", "words"), rows)


# Making anew, and proving


def rebuild(progress: Progress) -> int:
    """Make all states anew, with the fingerprints that they rest on; returns how many entries have some."""
    with writing():
        print_anew()
        Task.objects.exclude(kind__in=[kind.code for kind in KINDS.values()]).delete()
        for kind, pks in all_entries(progress):
            stored = stored_tasks(kind, pks)
            store(derive(kind, pks, stored), stored)
        for task in strays():
            store({}, {task.uid: task})
        add_to_tally(miscounts())
        return Task.objects.count()


def remember_anew(progress: Progress) -> None:
    """Fill the translation memory from all that is public in both languages, some entries at a time."""
    memory.forget_everything()
    for kind, pks in all_entries(progress):
        stored = stored_tasks(kind, pks)
        mains = {main.uid: main for main in kind.model._base_manager.filter(pk__in=pks)}
        memory.remember_many(pairs_of(stored_units(stored.values()), mains, ALL))


def print_anew() -> None:
    """The fingerprints of what verdicts are about, in case these are taken otherwise than they were."""
    rich = {name for kind in KINDS.values() for name, is_rich in texts_of(kind.model).items() if is_rich}
    for chunk in chunks(list(Verdict.objects.order_by("pk").values_list("pk", flat=True))):
        found = list(Verdict.objects.filter(pk__in=chunk))
        for verdict in found:
            is_rich = verdict.field in rich
            verdict.source_print = fingerprint(verdict.source, is_rich)
            verdict.target_print = fingerprint(verdict.target, is_rich)
        Verdict.objects.bulk_update(found, ["source_print", "target_print"])


def all_entries(progress: Progress) -> Iterator[tuple[Kind, list[int]]]:
    return of_all_kinds(lambda entries: entries.main(), progress)


def strays() -> Iterator[Task]:
    """Of entries that there are not."""
    for kind in KINDS.values():
        entry = kind.model._base_manager.filter(pk=OuterRef("object_id"), uid=OuterRef("uid"), revises=None)
        yield from Task.objects.filter(~Exists(entry), kind=kind.code)


def miscounts() -> dict[Cell, tuple[int, ...]]:
    """What is missing in the tally: texts and words."""
    there_are = totals(Unit, n=Count("pk"), words=Sum("words"))
    tallied = totals(Tally, n=Sum("units"), words=Sum("words"))
    missing = {key: tuple(a - b for a, b in zip(there_are.get(key, (0, 0)), tallied.get(key, (0, 0)), strict=True))
               for key in there_are.keys() | tallied.keys()}  # fmt: skip
    return {key: numbers for key, numbers in missing.items() if any(numbers)}


def totals(model, **sums) -> dict[Cell, tuple[int, int]]:
    named = {f"{name}_sum": how for name, how in sums.items()}
    rows = model.objects.values_list("language", "stage", "state").annotate(**named)
    return {(language, stage, state): (n, words) for language, stage, state, n, words in rows}


def drift(progress: Progress) -> list[str]:
    """Every way in which the stored states differ from what is true, as sentences."""
    with writing():
        return list(differences(progress))


def differences(progress: Progress) -> Iterator[str]:
    for kind, pks in all_entries(progress):
        stored, old = stored_tasks(kind, pks), defaultdict(set)
        for unit in stored_units(stored.values()):
            old[unit.uid].add(unit)
        for uid, new in derive(kind, pks, stored).items():
            if uid not in stored:
                yield f"{uid}: its translation is not known"
                continue
            if differ(new.task, stored[uid]):
                yield f"{uid}: its translation is out of date"
            wrong = set(new.units) ^ old[uid]
            yield from (f"{uid}: its {field} is out of date" for field in sorted({unit.field for unit in wrong}))
    yield from (f"{task.uid}: translated, but there is no such entry" for task in strays())
    for cell, numbers in miscounts().items():
        yield f"{' '.join(map(str, cell))}: tallied wrong by {numbers}"
