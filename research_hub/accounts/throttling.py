"""Who guesses passwords is stopped for a while, and nobody else is.

Five wrong passwords for one name from one address shut that name out at that address. Beside this, what many machines
or many names would make of it: an address that tries a great many names, and a name that is tried from a great many
addresses, are shut out as well. Nothing done meanwhile makes it last longer.
"""

from datetime import timedelta

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from research_hub.editorial.audit import AuditEntry, record


def recent():
    return AccessAttempt.objects.filter(attempt_time__gte=timezone.now() - settings.AXES_COOLOFF_TIME)


class Guard(AxesDatabaseHandler):
    def is_locked(self, request, credentials=None):
        return super().is_locked(request, credentials) or self.is_swarm(request, credentials)

    def is_swarm(self, request, credentials) -> bool:
        """Many names from one address, or many addresses for one name."""
        name, address = get_client_username(request, credentials), request.axes_ip_address
        names = recent().filter(ip_address=address).values("username").distinct().count()
        if names >= settings.LOCK_OUT_NAMES:
            return True
        addresses = recent().filter(username=name).values("ip_address").distinct().count()
        return addresses >= settings.LOCK_OUT_ADDRESSES

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        if request is None:
            return
        was_locked = getattr(request, "axes_locked_out", False)
        super().user_login_failed(sender, credentials, request, **kwargs)
        if request.axes_locked_out and not was_locked:
            record(AuditEntry.Action.LOCKED_OUT, by=credentials.get("username") or "", request=request)


def is_locked_out(user) -> bool:
    """Whether this name is shut out anywhere."""
    attempts = recent().filter(username=user.get_username())
    return attempts.filter(failures_since_start__gte=settings.AXES_FAILURE_LIMIT).exists() or (
        attempts.values("ip_address").distinct().count() >= settings.LOCK_OUT_ADDRESSES
    )


def unlock(user) -> int:
    return AccessAttempt.objects.filter(username=user.get_username()).delete()[0]


def locked_out(request, response, credentials):
    """The page for whoever is shut out: until when, and what to do."""
    minutes = max(1, round(settings.AXES_COOLOFF_TIME / timedelta(minutes=1)))
    context = admin.site.each_context(request) | {"title": _("Too many attempts"), "minutes": minutes}
    page = render(request, "admin/accounts/locked_out.html", context, status=429)
    page["Retry-After"] = minutes * 60
    page["Cache-Control"] = "no-store, private"
    return page
