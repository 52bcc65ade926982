"""What the first page of the admin tells of translations."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from research_hub.editorial.desk import Group, Row, Section, due_words

from .queue import TO_BE_WRITTEN, rows_of
from .tasks import State, Task, Unit
from .work import REVIEW, WRITE, may_open

MOST = 10


def sections(user) -> list[Section]:
    if not may_open(user):
        return []
    today, groups = timezone.localdate(), []
    tasks = Task.objects.select_related("assigned_to").prefetch_related("units")
    if user.has_perm(WRITE):
        mine = tasks.filter(assigned_to=user, pk__in=in_state(*TO_BE_WRITTEN, State.DRAFT))
        groups.append(group(_("To translate"), mine, today, "?assigned=me&stage=all"))
    if user.has_perm(REVIEW):
        handed_in = tasks.filter(pk__in=in_state(State.IN_REVIEW))
        groups.append(group(_("Translations to review"), handed_in, today, "?state=in_review&stage=all"))
    overdue = tasks.overdue(today).exclude(assigned_to=user)
    groups.append(group(_("Overdue translations"), overdue, today, "?due=overdue&stage=all"))
    link = {"url": reverse("admin:translation"), "label": _("To the translation desk")}
    return [Section("translation", _("Translation"), _("No translation waits for you."), groups, link=link)]


def in_state(*states: State) -> QuerySet:
    return Unit.objects.filter(state__in=states).values("task")


def group(title: str, tasks: QuerySet, today, query: str) -> Group:
    found = list(tasks.most_useful_first()[: MOST + 1])
    more = [{"url": reverse("admin:translation") + query, "label": _("All of them")}] if len(found) > MOST else []
    return Group(title, [desk_row(row, today) for row in rows_of(found[:MOST])], more)


def desk_row(row, today) -> Row:
    task = row.task
    left = ngettext("%(n)s word left", "%(n)s words left", task.words_left) % {"n": task.words_left}
    who = _("with %(who)s") % {"who": task.assigned_to} if task.assigned_to else ""
    due = due_words(task.due_on, today) if task.due_on else ""
    is_late = bool(task.due_on and task.due_on < today)
    words = [word for word in (due if not is_late else "", left, who) if word]
    return Row(row.entry, words, due if is_late else "", row.url)
