"""An entry that waits for both languages is not published before they are there."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from research_hub.editorial.checklist import SOME_DAY, advisory, blocking

from .tasks import Task


@blocking(gettext_lazy("Translation"), dated=True)
def is_translated_before_it_is_public(entry, public_on):
    return "" if public_on == SOME_DAY else owed(entry)


@advisory(gettext_lazy("Translation"), dated=True)
def is_translated(entry, public_on):
    return owed(entry) if public_on == SOME_DAY else ""


def owed(entry) -> str:
    """What is still to be approved of an entry that is held; "" where it may go out with the translation owed."""
    left = Task.objects.open().filter(uid=entry.main.uid, is_held=True).values_list("units_left", flat=True).first()
    if not left:
        return ""
    words = ngettext("%(n)s text is not approved yet.", "%(n)s texts are not approved yet.", left) % {"n": left}
    return " ".join([_("It waits for both languages."), words])
