from datetime import timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publications.models import PERSON_COLUMNS, Author, Publication, named
from research_hub.activity.dates import PartialDate, Precision
from research_hub.activity.models import LONGEST_DAYS
from research_hub.editorial.around import Person, grouped
from research_hub.editorial.corrections import Correction
from research_hub.media.models import Download, MediaLink
from research_hub.media.ordered import InOrder
from research_hub.translation.models import TranslatedEntry
from topics.models import Region, Topic


def validate_zone(name):
    if name not in available_timezones():
        raise ValidationError(_("There is no such time zone; write it as in America/Mexico_City."), code="zone")


class Event(TranslatedEntry):
    class Format(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        ONLINE = "online", _("Online")
        HYBRID = "hybrid", _("In person and online")

    class State(models.TextChoices):
        SCHEDULED = "scheduled", _("Scheduled")
        POSTPONED = "postponed", _("Postponed")
        CANCELLED = "cancelled", _("Cancelled")

    class Phase(models.TextChoices):
        """How the clock stands to it."""

        TO_COME = "to_come", _("Upcoming event")
        NOW = "now", _("Under way now")
        PAST = "past", _("Past event")

    starts_at = models.DateTimeField(
        _("starts"), null=True, blank=True, help_text=_("In the time zone given below, not in yours.")
    )
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=50,
        default="America/Mexico_City",
        validators=[validate_zone],
        help_text=_("Where it takes place, as in America/Mexico_City or Europe/Madrid."),
    )
    all_day = models.BooleanField(_("all day"), default=False, help_text=_("The hours are not shown."))
    format = models.CharField(_("format"), max_length=10, choices=Format, default=Format.IN_PERSON)
    venue = models.CharField(_("venue"), max_length=300, blank=True)
    city = models.CharField(_("city"), max_length=200, blank=True)
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        validators=[RegexValidator("^[A-Z]{2}$", _("Two capital letters, as in MX."))],
        help_text=_("The two letters of ISO 3166, as in MX."),
    )
    registration_url = models.URLField(_("registration"), max_length=1000, blank=True)
    join_url = models.URLField(
        _("online access"),
        max_length=1000,
        blank=True,
        help_text=_("Where anybody may join online. Readers see it until the event is over."),
    )
    state = models.CharField(
        _("takes place"),
        max_length=10,
        choices=State,
        default=State.SCHEDULED,
        help_text=_("A postponed or cancelled event stays on its page and in the lists, and says so."),
    )
    in_english = models.BooleanField(_("English is spoken"), default=False)
    in_spanish = models.BooleanField(_("Spanish is spoken"), default=False)
    topics = models.ManyToManyField(Topic, through="EventTopic", related_name="events", verbose_name=_("topics"))
    regions = models.ManyToManyField(Region, blank=True, related_name="events", verbose_name=_("regions"))
    people = models.ManyToManyField(Author, through="Speaker", related_name="events", verbose_name=_("speakers"))
    publications = models.ManyToManyField(
        Publication,
        blank=True,
        related_name="launched_at",
        limit_choices_to={"revises": None},
        verbose_name=_("publications"),
        help_text=_("Those that are presented at this event."),
    )

    url_name = "event_detail"
    shown_columns = (*TranslatedEntry.shown_columns, "state")
    type_number = 0

    class Meta(TranslatedEntry.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        permissions = [
            ("review_event", "May edit, send back and approve the events of others"),
            ("publish_event", "May publish, schedule and withdraw events"),
            ("override_event", "May do without a second pair of eyes for events"),
        ]
        constraints = [
            *TranslatedEntry.Meta.constraints,
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="event_ends_after_it_starts",
                violation_error_message=_("An event ends after it has started."),
            ),
        ]

    def tidy(self):
        super().tidy()
        if self.starts_at:
            self.date = PartialDate.days(*self.local_days())

    def clean(self):
        super().clean()
        if bool(self.starts_at) != bool(self.ends_at):
            missing = "ends_at" if self.starts_at else "starts_at"
            raise ValidationError({missing: _("Give both the start and the end, or neither.")})
        if self.starts_at and self.ends_at < self.starts_at:
            raise ValidationError({"ends_at": _("An event ends after it has started.")})
        if self.starts_at and self.ends_at - self.starts_at > timedelta(days=LONGEST_DAYS - 1):
            raise ValidationError({"ends_at": _("An event lasts a year at most.")})

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def local_days(self):
        """The first and the last day where it takes place; an end at midnight belongs to the day before."""
        start = self.starts_at.astimezone(self.zone)
        end = max(self.starts_at, self.ends_at - timedelta(seconds=1)).astimezone(self.zone)
        return start.date(), end.date()

    def phase(self, now=None) -> Phase | None:
        """By its hours, or by the days of its place where it has none; None where too little of its date is known."""
        now = now or timezone.now()
        if self.starts_at and not self.all_day:
            first, last, here = self.starts_at, self.ends_at, now
        else:
            first, last, here = self.date.lo, self.date.hi, now.astimezone(self.zone).date()
        if first is None:
            return None
        if here < first:
            return self.Phase.TO_COME
        if here > last:
            return self.Phase.PAST
        return self.Phase.NOW if self.date.precision == Precision.DAY else None

    def is_open(self, now=None) -> bool:
        """Whether somebody may still register: it takes place, and is not over."""
        return self.state == self.State.SCHEDULED and self.phase(now) != self.Phase.PAST

    def way_in(self, now=None) -> str:
        """The address at which anybody may join online; "" where there is none, or it is over."""
        return self.join_url if self.format != self.Format.IN_PERSON and self.is_open(now) else ""

    def type_name(self, language: str) -> str:
        return called(language)

    def people_with_accounts(self):
        return self.people.exclude(user=None)

    def byline_names(self) -> list[str]:
        return []

    @classmethod
    def people_of(cls, pks: list[int]) -> dict[int, list[Person]]:
        rows = Speaker.objects.in_order().filter(event_id__in=pks)
        return grouped(named(row) for row in rows.values_list("event_id", *PERSON_COLUMNS))

    def state_name(self, language: str | None = None) -> str:
        if self.state == self.State.SCHEDULED:
            return ""
        with translation.override(language or translation.get_language()):
            return str(self.State(self.state).label)


@lru_cache
def called(language: str) -> str:
    with translation.override(language):
        return gettext("Event")


class EventTopic(InOrder):
    event = models.ForeignKey(Event, models.CASCADE, related_name="event_topics")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="event_topics", verbose_name=_("topic"))

    same_by = [("topic",)]

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [models.UniqueConstraint(fields=["event", "topic"], name="event_has_a_topic_once")]

    def __str__(self):
        return str(self.topic)


class Speaker(InOrder):
    class Role(models.TextChoices):
        SPEAKER = "speaker", _("Speaker")
        MODERATOR = "moderator", _("Moderator")
        KEYNOTE = "keynote", _("Keynote speaker")

    event = models.ForeignKey(Event, models.CASCADE, related_name="speakers")
    author = models.ForeignKey(Author, models.PROTECT, related_name="speaking", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.SPEAKER)

    same_by = [("author",)]

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        constraints = [models.UniqueConstraint(fields=["event", "author"], name="event_has_a_speaker_once")]

    def __str__(self):
        return str(self.author)


class EventDownload(Download):
    event = models.ForeignKey(Event, models.CASCADE, related_name="downloads")


class EventMedia(MediaLink):
    event = models.ForeignKey(Event, models.CASCADE, related_name="media")


class EventCorrection(Correction):
    event = models.ForeignKey(Event, models.CASCADE, related_name="corrections")
