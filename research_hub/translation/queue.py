"""The queue of translations: what it can be narrowed by, and how much there is of each state."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.forms import BoundField
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter, NumberFilter

from research_hub.activity.kinds import KINDS
from research_hub.editorial.models import Entry
from research_hub.editorial.notices import who_may
from research_hub.languages.text import Text, read

from .tasks import FIRST, OPEN, Stage, State, Tally, Task, Unit, texts_of
from .work import WRITE

SOON = timedelta(days=7)
TO_BE_WRITTEN = [State.MISSING, State.STALE, State.UNVERIFIED, State.SUSPICIOUS]

ORDERS = {
    "": (gettext_lazy("Most useful first"), None),
    "reads": (gettext_lazy("Most read first"), ["-reads", "-pk"]),
    "short": (gettext_lazy("Fewest words left first"), ["words_left", "-pk"]),
    "new": (gettext_lazy("Newest first"), ["-object_id", "-pk"]),
}
STAGES = {  # with the least that a stage has to be
    "": (gettext_lazy("Finished originals"), Stage.FINISHED),
    "public": (gettext_lazy("Public"), Stage.PUBLIC),
    "all": (gettext_lazy("All, drafts too"), Stage.BEING_WRITTEN),
}
USUAL = ("q", "state", "language", "assigned", "stage")  # what a translator always sees; the ways above use them
MOST_TITLED = 10_000  # entries that a word in the title may find
DEBTS = {
    "overdue": (gettext_lazy("Overdue"), lambda today: Q(due_on__lt=today)),
    "soon": (gettext_lazy("Within seven days"), lambda today: Q(due_on__range=(today, today + SOON))),
    "dated": (gettext_lazy("Owed by a date"), lambda today: Q(due_on__isnull=False)),
    "none": (gettext_lazy("Without a date"), lambda today: Q(due_on=None)),
}


def labels(table: dict) -> list[tuple]:
    return [(code, row[0]) for code, row in table.items() if code]


def translators():
    """Who can be given a translation."""
    return who_may(WRITE).order_by("username")


def text_names() -> dict[str, str]:
    """The texts of all kinds of entries, by what a form calls them."""
    named = {name: kind.model for kind in KINDS.values() for name in texts_of(kind.model)}
    order = [*(name for name in FIRST if name in named), *(name for name in named if name not in FIRST)]
    return {name: capfirst(str(named[name]._meta.get_field(name).verbose_name)) for name in order}


def type_choices() -> list[tuple[str, str]]:
    """Kinds of entries, and the types of those that have some."""
    choices = []
    for kind in KINDS.values():
        choices.append((kind.name, capfirst(str(kind.model._meta.verbose_name_plural))))
        choices += [(f"{kind.name}.{one.pk}", f"– {one}") for one in types_of(kind.model)]
    return choices


def types_of(model):
    field = {field.name: field for field in model._meta.concrete_fields}.get("type")
    return field.related_model.objects.order_by("position", "pk") if field else []


def topics(request):
    """Callable, so that they are named in the language of the page."""
    return topic_model().objects.all()


def topic_model():
    """That of every kind of entry."""
    return next(iter(KINDS.values())).model._meta.get_field("topics").related_model


def people(request=None) -> list[tuple[str, str]]:
    named = [(str(person.pk), str(person)) for person in translators()]
    return [("me", _("Me")), ("nobody", _("Nobody")), *named]


class QueueFilter(FilterSet):
    q = CharFilter(label=gettext_lazy("Title"), method="with_words")
    state = ChoiceFilter(label=gettext_lazy("State"), choices=State.choices, method="in_state")
    text = ChoiceFilter(label=gettext_lazy("Text"), choices=lambda: list(text_names().items()), method="of_text")
    language = ChoiceFilter(label=gettext_lazy("Target language"), choices=Entry.Language.choices)
    type = ChoiceFilter(label=gettext_lazy("Type"), choices=type_choices, method="of_type")
    topic = ModelChoiceFilter(label=gettext_lazy("Topic"), queryset=topics, method="on_topic")
    assigned = ChoiceFilter(label=gettext_lazy("Assigned to"), choices=people, method="with_translator")
    due = ChoiceFilter(label=gettext_lazy("Owed"), choices=labels(DEBTS), method="owed")
    words = NumberFilter(
        label=gettext_lazy("Words left at most"), field_name="words_left", lookup_expr="lte", min_value=0
    )
    stage = ChoiceFilter(
        label=gettext_lazy("Original"), choices=labels(STAGES), empty_label=STAGES[""][0], method="at_stage"
    )
    order = ChoiceFilter(
        label=gettext_lazy("Order"), choices=labels(ORDERS), empty_label=ORDERS[""][0], method="in_order"
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def with_words(self, tasks, name, words):
        """Whose title in either language has them, or that is the one of this permanent name."""
        found = Q(uid=words.strip())
        for kind in KINDS.values():
            titled = kind.model.objects.filter(Q(title_en__icontains=words) | Q(title_es__icontains=words))
            keys = titled.order_by("-pk").values_list("pk", flat=True)[:MOST_TITLED]
            found |= Q(kind=kind.code, object_id__in=list(keys))  # asked once, and used three times
        return tasks.filter(found)

    def in_state(self, tasks, name, state):
        return tasks

    of_text = in_state  # both at once, in `queue` below: a text in that state

    def of_type(self, tasks, name, choice):
        kind, _dot, type_number = choice.partition(".")
        tasks = tasks.filter(kind=KINDS[kind].code)
        return tasks.filter(type=int(type_number)) if type_number else tasks

    def on_topic(self, tasks, name, topic):
        found = Q()
        for kind in KINDS.values():
            through = kind.model.topics.through._base_manager.filter(topic=topic)
            found |= Q(kind=kind.code, object_id__in=through.values(f"{kind.model._meta.model_name}_id"))
        return tasks.filter(found)

    def with_translator(self, tasks, name, who):
        if who == "nobody":
            return tasks.filter(assigned_to=None)
        return tasks.filter(assigned_to=self.request.user if who == "me" else int(who))

    def owed(self, tasks, name, which):
        return tasks.filter(DEBTS[which][1](timezone.localdate()))

    def at_stage(self, tasks, name, stage):
        return tasks  # in `all_states`, as it narrows also where nothing is chosen

    def in_order(self, tasks, name, order):
        return tasks.order_by(*ORDERS[order][1])

    @property
    def usual(self) -> list[BoundField]:
        return [self.form[name] for name in USUAL]

    @property
    def others(self) -> list[BoundField]:
        """Those that are folded away until one is in use."""
        return [field for field in self.form if field.name not in USUAL]

    @property
    def uses_others(self) -> bool:
        return any(field.value() for field in self.others)

    @property
    def chosen(self) -> dict:
        """What was chosen and could be understood."""
        return self.form.cleaned_data if self.form.errors is not None else {}

    @property
    def all_states(self):
        """What the filter finds, whatever the states of its texts."""
        return self.qs.filter(stage__gte=self.least_stage)

    @property
    def least_stage(self) -> Stage:
        return STAGES[self.chosen.get("stage") or ""][1]

    @property
    def queue(self):
        """The translations with a text in the chosen state; with something left to do, where none is chosen."""
        state, text = self.chosen.get("state"), self.chosen.get("text")
        tasks = self.all_states
        if state or text:
            units = Unit.objects.filter(state__in=[state] if state else OPEN, **{"field": text} if text else {})
            tasks = tasks.filter(pk__in=units.values("task"))
        else:
            tasks = tasks.open()
        return tasks if self.chosen.get("order") else tasks.most_useful_first()

    def counts(self) -> dict[str, tuple[int, int]]:
        """Texts and words in each state, of what the filter finds; of all of them the tally knows."""
        chosen = {name for name, value in self.chosen.items() if value not in (None, "")}
        if chosen <= {"state", "stage", "language", "order"}:
            language = {"language": self.chosen["language"]} if "language" in chosen else {}
            tallied = Tally.objects.filter(stage__gte=self.least_stage, **language).values_list("state")
            rows = tallied.annotate(Sum("units"), Sum("words"))
        else:
            units = Unit.objects.filter(task__in=self.all_states.order_by())
            if "text" in chosen:
                units = units.filter(field=self.chosen["text"])
            rows = units.values_list("state").annotate(Count("pk"), Sum("words"))
        return {state: (texts, words) for state, texts, words in rows}


@dataclass(frozen=True)
class Row:
    """A translation in the queue, with its entry and a cell for each text that entries can have."""

    task: Task
    entry: Entry
    cells: list[Unit | None]

    @property
    def title(self) -> Text:
        return read(self.entry, "title")

    @property
    def kind(self) -> str:
        return capfirst(str(self.entry._meta.verbose_name))

    @property
    def url(self) -> str:
        return reverse("admin:translation_text", args=[self.task.uid])

    @property
    def is_overdue(self) -> bool:
        return bool(self.task.due_on and self.task.due_on < timezone.localdate())


SHOWN = ["uid", "title_en", "title_es", "source_language", "status"]


def rows_of(tasks: Iterable[Task]) -> list[Row]:
    """The rows of a page of the queue, in a fixed number of queries; tasks come with their units."""
    tasks, names = list(tasks), text_names()
    entries = {
        kind.code: kind.model.objects.only(*SHOWN).in_bulk([task.object_id for task in tasks if task.kind == kind.code])
        for kind in KINDS.values()
    }
    return [
        Row(task, entries[task.kind][task.object_id], [units.get(name) for name in names])
        for task in tasks
        if (units := {unit.field: unit for unit in task.units.all()}) and task.object_id in entries[task.kind]
    ]


def next_for(user, tasks, seen: list[str]) -> Task | None:
    """What is most useful to be done now, of what is theirs or nobody's and they have not just had."""
    units = Unit.objects.filter(task=OuterRef("pk"), state__in=TO_BE_WRITTEN)  # looked at in the order of the queue
    waiting = tasks.filter(Exists(units)).exclude(uid__in=seen)
    free = waiting.filter(Q(assigned_to=user) | Q(assigned_to=None))
    return free.filter(assigned_to=user).first() or free.first()
