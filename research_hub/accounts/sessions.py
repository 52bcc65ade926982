"""Sessions in the database, which know whose they are.

Each ends when nobody uses it, and at the latest some hours after the log-in; whoever it belongs to sees it, and can end
it.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as Stored
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone

from research_hub.editorial.proxies import client_address

SEEN_AGAIN = timedelta(minutes=1)  # that somebody is still there is written down no more often
SINCE, ADDRESS, BROWSER = "_since", "_address", "_browser"


class StaffSessionQuerySet(models.QuerySet):
    def alive(self):
        now = timezone.now()
        idle = now - timedelta(seconds=settings.SESSION_IDLE_SECONDS)
        return self.filter(expire_date__gt=now, seen_at__gt=idle)

    def of(self, user):
        return self.filter(user_id=user.pk)

    def newest_first(self):
        return self.order_by("-seen_at", "session_key")


# What a browser says of itself, the first that is found: most name others before themselves.
MAKES = [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")]
MACHINES = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
]


class StaffSession(AbstractBaseSession):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=300, blank=True)

    objects = BaseSessionManager.from_queryset(StaffSessionQuerySet)()

    class Meta(AbstractBaseSession.Meta):
        default_permissions = []

    @classmethod
    def get_session_store_class(cls):
        return SessionStore

    @property
    def browser_in_short(self) -> str:
        """Its make and that of the machine, as people know them; whole, where it is none of these."""
        told = [next((name for mark, name in names if mark in self.browser), "") for names in (MAKES, MACHINES)]
        return " · ".join(filter(None, told)) or self.browser

    @property
    def name(self) -> str:
        """What a page may call it: whoever knows the key itself has the session."""
        return sha256(self.session_key.encode()).hexdigest()[:16]


class SessionStore(Stored):
    @classmethod
    def get_model_class(cls):
        return StaffSession

    def _validate_session_key(self, key):
        """A cookie can have any character in quotes, and PostgreSQL does not look for a NUL."""
        return super()._validate_session_key(key) and "\0" not in key

    def _get_session_from_db(self):
        found = self.model.objects.alive().filter(session_key=self.session_key).first()
        if found is None:
            self._session_key = None
        elif timezone.now() - found.seen_at > SEEN_AGAIN:
            self.model.objects.filter(pk=found.pk).update(seen_at=timezone.now())
        return found

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.address, row.browser = data.get(ADDRESS), data.get(BROWSER, "")
        if SINCE in data:
            row.started_at = datetime.fromtimestamp(data[SINCE], UTC)
            row.expire_date = row.started_at + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        return row


def begun(sender, request, user, **kwargs):
    """What a session keeps of its log-in; the hours run from here, whatever is saved later."""
    request.session[SINCE] = timezone.now().timestamp()
    request.session[ADDRESS] = client_address(request)
    request.session[BROWSER] = request.META.get("HTTP_USER_AGENT", "")[:300]


def end_sessions(user, but: str | None = None) -> int:
    """All of somebody's, but for the one with this key; returns how many there were."""
    return StaffSession.objects.of(user).exclude(session_key=but).delete()[0]
