"""Moments as staff read them: by the clocks of the site."""

from django.utils import formats, timezone
from django.utils.translation import gettext as _


def in_words(moment, form: str = "DATETIME_FORMAT") -> str:
    return formats.date_format(timezone.localtime(moment), form)


def in_short(moment) -> str:
    return in_words(moment, "SHORT_DATETIME_FORMAT")


def by_which_clock() -> str:
    """What is to be said wherever a moment is set or shown that is still to come."""
    return _("By the clocks of %(zone)s; it is %(now)s there now.") % {
        "zone": timezone.get_current_timezone_name(),
        "now": in_words(timezone.now()),
    }
