"""Translations that are owed and late: who has them is told once, and who plans where nobody has them."""

from datetime import date

from research_hub.activity.sync import writing
from research_hub.editorial import notices

from .tasks import Task
from .work import PLAN, page_of, people


def remind(today: date) -> int:
    """Tell of each debt that fell due since the last time; returns how many there were."""
    with writing():
        late = list(Task.objects.overdue(today).filter(reminded_on=None))
        for task in late:
            told = people(task.assigned_to_id) if task.assigned_to_id else notices.who_may(PLAN)
            notices.tell("translation_overdue", task.get_entry(), by=None, people=told, page=page_of(task))
        Task.objects.filter(pk__in=[task.pk for task in late]).update(reminded_on=today)
    return len(late)
