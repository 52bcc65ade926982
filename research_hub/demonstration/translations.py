"""The translation desk of the demonstration: most texts vouched for, some stale, some in hand."""

from datetime import timedelta

from django.utils import timezone

from research_hub.translation.models import Stage, State, Task, Term, Unit, Verdict
from research_hub.translation.states import sync_all_of
from research_hub.translation.work import hand_in, plan, save, settle, texts

LEFT_UNVERIFIED = 5  # one entry in so many
CHANGED_SINCE = " The figures were brought up to date."
TERMS = [
    ("unaccompanied child; unaccompanied minor", "niñez no acompañada; menor no acompañado", "Never “menores solos”."),
    ("policy brief", "nota de política", "The name of the series."),
    ("water right", "derecho de agua; derecho al agua", ""),
]
SPANISH = {"title": "Título provisional", "summary": "Un resumen provisional, para que lo lea otra persona."}


def put_translations_on_the_desk(users: dict) -> None:
    Term.objects.bulk_create(Term(term_en=english, term_es=spanish, note=note) for english, spanish, note in TERMS)
    vouch(users["translator"])
    let_some_grow_stale(users["publisher"])
    owe_some(users)
    hand_one_in(users["translator"])


def vouch(translator) -> None:
    """The translator has compared what stands in both languages, but for some entries."""
    compared = Task.objects.filter(stage=Stage.PUBLIC, units__state=State.UNVERIFIED).distinct().order_by("pk")
    entries = [task.get_entry() for place, task in enumerate(compared) if place % LEFT_UNVERIFIED]
    for entry in entries:
        vouch_for(entry, Task.objects.get(uid=entry.uid), translator)
    sync_all_of(entries)


def vouch_for(entry, task: Task, translator) -> None:
    found = texts(task, entry).values()
    about = Verdict.Kind.STILL_CORRECT
    Verdict.objects.bulk_create(
        Verdict.about(text.place, text.source, text.target, is_rich=text.is_rich, kind=about, by=translator)
        for text in found
        if text.unit.state == State.UNVERIFIED
    )


def let_some_grow_stale(publisher) -> None:
    """A sentence more in the English summary, which the Spanish one does not have."""
    units = Unit.objects.filter(field="summary", language="es", state=State.CURRENT).order_by("-pk")[:3]
    for task in Task.objects.filter(pk__in=[unit.task_id for unit in units]):
        entry = task.get_entry()
        entry.summary_en += CHANGED_SINCE
        entry.publish(by=publisher)


def owe_some(users: dict) -> None:
    today = timezone.localdate()
    for days, task in zip((-3, 2, 9), Task.objects.open().ready().order_by("pk"), strict=False):
        given = {"assigned_to": users["translator"], "due_on": today + timedelta(days=days)}
        plan(task, given, by=users["editor"])


def hand_one_in(translator) -> None:
    task = Task.objects.filter(stage=Stage.PUBLIC, language="es", units__state=State.MISSING).order_by("-pk").first()
    for field, words in SPANISH.items() if task else ():
        text = texts(task, task.get_entry())[field]
        save(text, words, by=translator)
        settle(text)
    if task:
        task = Task.objects.prefetch_related("units").get(pk=task.pk)
        hand_in([text for text in texts(task, task.get_entry()).values() if text.draft], by=translator)
