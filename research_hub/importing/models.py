"""What was taken in from elsewhere, so that the same source can be read again and everything can be taken back."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from publications.merging import KEPT_AS_DATA
from publications.models import Author, PublicationType, Series
from research_hub.media.models import own_name
from topics.models import Region, Topic


def meaning(model, verbose_name):
    """What the word is here, if it is one of these."""
    return models.ForeignKey(model, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=verbose_name)


def upload_name(batch, filename):
    return own_name("imports", filename)


def nothing() -> dict[str, list]:
    return {}


PUBLISHING = ["publications.override_publication", "events.override_event"]  # without review


class Batch(models.Model):
    """One file that was planned, and perhaps applied; its rows say what became of each record."""

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        PLANNED = "planned", _("Planned")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNDOING = "undoing", _("Being taken back")
        UNDONE = "undone", pgettext_lazy("import", "Taken back")

    source = models.CharField(
        _("source"), max_length=100, help_text=_("What it comes from, the same each time: old-site, zotero.")
    )
    file = models.CharField(_("file"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=State, editable=False, default=State.READING)
    upload = models.FileField(_("file"), upload_to=upload_name, blank=True)
    format = models.CharField(_("format"), max_length=30, blank=True)
    archive = models.FileField(
        _("files that come along"),
        upload_to=upload_name,
        blank=True,
        help_text=_("A ZIP archive with the PDFs and pictures that the records name. Nothing is fetched."),
    )
    folder = models.CharField(max_length=1000, blank=True, editable=False)  # or archive, named by the command
    columns = models.JSONField(null=True, editable=False)  # of a table: what each of its columns is
    headers = models.CharField(max_length=64, blank=True, editable=False, db_index=True)  # mapping.mark_of() these
    is_to_be_public = models.BooleanField(default=False, editable=False)
    takes_twins = models.BooleanField(
        _("take in what may be here already"),
        default=False,
        help_text=_("Records with the title and the date of an entry are refused otherwise."),
    )
    made_at = models.DateTimeField(_("planned at"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self):
        return f"{self.source}: {self.file}"

    @property
    def is_at_work(self) -> bool:
        """Whether something of it was begun and is not done."""
        return self.state in (self.State.READING, self.State.APPLYING, self.State.UNDOING)

    def may_be_moved_by(self, user) -> bool:
        """Readers see what is published without review, or taken back: only who may do the one may do the other."""
        return not self.is_to_be_public or user.has_perms(PUBLISHING)

    def counts(self) -> dict[str, int]:
        """How many of its records are to be created, updated, …, by the plan."""
        return dict(self.rows.order_by().values_list("action").annotate(n=Count("pk")))

    def standing(self) -> dict[str, int]:
        """How many of its records have been taken in, are waiting, …"""
        return dict(self.rows.order_by().values_list("state").annotate(n=Count("pk")))


class RowQuerySet(models.QuerySet):
    def write(self, rows: list, columns: list[str]) -> None:
        """Store these columns of rows that are there: an upsert, at a quarter of what `bulk_update` takes."""
        self.bulk_create(rows, update_conflicts=True, unique_fields=["pk"], update_fields=columns)


class Row(models.Model):
    """A record of a batch: what was found, what is to be done with it, and what became of it."""

    class Action(models.TextChoices):
        CREATE = "create", _("Create")
        UPDATE = "update", _("Update")
        SAME = "same", _("Nothing to do")
        REFUSED = "refused", _("Refused")
        NOTE = "note", _("Note")
        PART = "part", _("Part of another")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Taken in")
        LEFT = "left", _("Left alone")
        UNDONE = "undone", pgettext_lazy("import", "Taken back")
        KEPT = "kept", _("Could not be taken back")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("number"))
    place = models.CharField(_("place"), max_length=100)
    source_id = models.CharField(_("name in the source"), max_length=500, blank=True)
    title = models.CharField(_("title"), max_length=1200, blank=True)
    action = models.CharField(_("action"), max_length=10, choices=Action)
    reason = models.TextField(_("reason"), blank=True)
    remarks = models.JSONField(_("remarks"), default=list, blank=True)
    record = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    uid = models.CharField(_("entry"), max_length=10, blank=True)
    revision = models.PositiveIntegerField(null=True)  # the number of the version that it wrote
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)  # the origin's snapshot that it replaced
    revision_before = models.PositiveIntegerField(null=True)  # and that one's version
    language = models.CharField(max_length=2, blank=True)  # of the original, where it is in one of ours alone
    likeness = models.CharField(max_length=40, blank=True)  # what it has in common with its translation
    part_of = models.ForeignKey("self", models.CASCADE, null=True, related_name="parts")  # what it translates
    added = models.JSONField(default=nothing)  # files, images and addresses that came with it

    objects = RowQuerySet.as_manager()

    class Meta:
        verbose_name = _("record of an import")
        verbose_name_plural = _("records of an import")
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="a_batch_has_a_row_once")]
        indexes = [models.Index(fields=["batch", "state", "number"], name="import_rows_in_order")]

    def __str__(self):
        return f"{self.place}: {self.title}"

    def first_state(self) -> str:
        return self.State.WAITING if self.action in (self.Action.CREATE, self.Action.UPDATE) else self.State.LEFT


class Finding(models.Model):
    """Something in a record of a batch that had better be looked at; quality.py finds it, and says what to do."""

    class What(models.TextChoices):
        TWIN = "twin", _("May be here already")
        TITLE_TWICE = "title_twice", _("The same title twice in the file")
        DATE = "date", _("Date not understood")
        UNDATED = "undated", _("No date given")
        ENDS_FIRST = "ends_first", _("Ends before it starts")
        ZONE = "zone", _("Unknown time zone")
        LONG = "long", _("Too long for its field")
        BROKEN = "broken", _("Letters in a wrong encoding")
        APOSTROPHE = "apostrophe", _("A question mark within a word")
        EQUAL = "equal", _("The same in both languages")
        HALF = "half", _("Translated in part")
        ALT = "alt", _("The name of a file as alternative text")
        SHOUTED = "shouted", _("Title in capitals")
        ONE_LANGUAGE = "one_language", _("In one language only")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="findings")
    row = models.ForeignKey(Row, models.CASCADE, related_name="findings")
    what = models.CharField(max_length=20, choices=What)
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("finding in an import")
        verbose_name_plural = _("findings in an import")
        constraints = [models.UniqueConstraint(fields=["row", "what"], name="a_row_has_a_finding_once")]
        indexes = [models.Index(fields=["batch", "what"], name="findings_of_a_batch")]

    def __str__(self):
        return f"{self.get_what_display()}: {self.detail}"


class Origin(models.Model):
    """Where an entry came from, and what was taken over: read again, only what changed there since is changed here."""

    source = models.CharField(max_length=100)
    source_id = models.CharField(max_length=500)
    model = models.CharField(max_length=100)
    uid = models.CharField(max_length=10, db_index=True)
    snapshot = models.JSONField(encoder=DjangoJSONEncoder)  # as the source had it
    revision = models.PositiveIntegerField()  # the number of the version that it became

    class Meta:
        verbose_name = _("origin")
        verbose_name_plural = _("origins")
        constraints = [models.UniqueConstraint(fields=["source", "source_id"], name="a_record_is_taken_in_once")]

    def __str__(self):
        return f"{self.source}: {self.source_id}"


class Equivalent(models.Model):
    """What a word of a source is called here; remembered, so that it is asked once."""

    class What(models.TextChoices):
        TOPIC = "topic", _("Topic")
        REGION = "region", _("Region")
        SERIES = "series", _("Series")
        TYPE = "type", _("Type")
        AUTHOR = "author", _("Author")

    source = models.CharField(_("source"), max_length=100, help_text=_("As it was named when its file was planned."))
    what = models.CharField(_("kind"), max_length=10, choices=What, help_text=_("What the word stands for there."))
    word = models.CharField(_("word of the source"), max_length=300)
    topic = meaning(Topic, _("topic"))
    region = meaning(Region, _("region"))
    series = meaning(Series, _("series"))
    type = meaning(PublicationType, _("publication type"))
    author = meaning(Author, _("author"))

    class Meta:
        verbose_name = _("word of a source")
        verbose_name_plural = _("words of sources")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "what", "word"],
                name="a_word_of_a_source_means_one",
                violation_error_message=_("What this word means is said already."),
            )
        ]

    def __str__(self):
        return f"{self.source}, {self.get_what_display()}: {self.word}"

    def clean(self):
        others = [what for what in self.What.values if what != self.what and getattr(self, f"{what}_id")]
        if others:
            raise ValidationError({what: _("The word stands for something else: leave this empty.") for what in others})

    @property
    def record(self) -> int | None:
        """The key of what it means; None where it is left out on purpose."""
        return getattr(self, f"{self.what}_id")


KEPT_AS_DATA.update({Origin: "snapshot", Row: "before"})
