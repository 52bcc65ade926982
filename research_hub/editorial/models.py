import re
from html import unescape

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField

from research_hub.activity.dates import UNDATED, PartialDate, Precision, print_date
from research_hub.activity.kinds import kind_of
from research_hub.activity.models import LANGUAGE_BITS, MEDIA_BITS, PublicRow
from research_hub.activity.sync import sync_entries, sync_entry, writing
from research_hub.languages.addresses import Addressable, AddressableQuerySet
from research_hub.languages.names import join_names
from research_hub.languages.slugs import new_uid, slug_is_taken
from research_hub.languages.text import LANGUAGES, clean_html, read
from research_hub.media.models import MediaLink

from .around import Around, grouped, subjects_of

PROSE = {
    "Bold": True, "Italic": True, "Underline": True, "Strike": True, "Subscript": True, "Superscript": True,
    "Link": True, "Heading": {"levels": [2, 3, 4]}, "Blockquote": True, "HardBreak": True, "HorizontalRule": True,
    "BulletList": True, "OrderedList": True, "ListItem": True,
    "Table": True, "TableRow": True, "TableHeader": True, "TableCell": True,
    "NoSpellCheck": False,
}  # fmt: skip

BLOCK = re.compile(r"<(?!/?(?:a|em|s|strong|sub|sup|u)\b)")


def prose(verbose_name, **options):
    """A rich text field that stores only what clean_html leaves."""
    return ProseEditorField(verbose_name, blank=True, extensions=PROSE, sanitize=clean_html, **options)


def plain_text(html: str) -> str:
    """The words of rich text; blocks are kept apart, and H<sub>2</sub>O is one word."""
    return unescape(strip_tags(BLOCK.sub(" <", html)))


class EntryQuerySet(AddressableQuerySet):
    def published(self):
        return self.filter(status=Entry.Status.PUBLISHED)

    def newest_first(self):
        return self.order_by(F("date_lo").desc(nulls_last=True), "date_precision", "-pk")

    def for_activity(self) -> list:
        """The entries, each knowing what is `around` it, in a fixed number of queries."""
        entries = list(self)
        self.model.gather(entries)
        return entries

    def update(self, **values):
        if "status" in values:
            raise TypeError("A status is changed by publish() and withdraw(), which keep the lists right.")
        return super().update(**values)

    def delete(self):
        with writing():
            entries = [(kind_of(entry), entry.pk) for entry in self.only("pk")]
            result = super().delete()
            sync_entries(entries)
        return result


class Entry(Addressable):
    """A publication or an event: what both are to an editor."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        SPANISH = "es", _("Spanish")

    uid = models.CharField(_("permanent name"), max_length=10, unique=True, default=new_uid, editable=False)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    source_language = models.CharField(
        _("written in"),
        max_length=2,
        choices=Language,
        default=Language.ENGLISH,
        help_text=_("The language of the original; the other one is the translation."),
    )
    title = models.CharField(
        _("title"), max_length=1200, blank=True, help_text=_("As on the cover, without a final stop.")
    )
    summary = models.TextField(
        _("summary"),
        blank=True,
        help_text=_("What lists show: two or three sentences, plain text, that make sense without the title."),
    )
    body = prose(_("text"), help_text=_("Paste from a word processor: only its structure is kept."))
    date_lo = models.DateField(_("date"), null=True, blank=True, editable=False)
    date_hi = models.DateField(_("last day"), null=True, blank=True, editable=False)
    date_precision = models.PositiveSmallIntegerField(
        _("precision"), choices=Precision, default=Precision.NONE, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("published by"),
    )

    named_by = "title"
    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["slug_en"], name="%(class)s_slug_en_is_its_own"),
            models.UniqueConstraint(fields=["slug_es"], name="%(class)s_slug_es_is_its_own"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published", "withdrawn"]), name="%(class)s_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(source_language__in=["en", "es"]), name="%(class)s_source_language_is_known"
            ),
            models.CheckConstraint(
                condition=Q(date_lo=None, date_hi=None, date_precision=Precision.NONE)
                | Q(date_lo__isnull=False, date_hi__gte=F("date_lo"), date_precision__lt=Precision.NONE),
                name="%(class)s_date_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="%(class)s_published_at_and_by",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="%(class)s_published_has_its_moment",
            ),
        ]

    def __str__(self):
        return str(read(self, "title")) or self.uid

    def save(self, *args, **kwargs):
        for language in LANGUAGES:
            body = getattr(self, f"body_{language}")
            setattr(self, f"body_{language}", clean_html(body) if body else body)
        with writing():  # before the row's own lock, so that two who publish many never wait for each other
            super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        errors = {}
        if not getattr(self, f"title_{self.source_language}"):
            errors[f"title_{self.source_language}"] = _("Give the title in the language this is written in.")
        for language in LANGUAGES:
            slug = getattr(self, f"slug_{language}")
            if slug and slug_is_taken(self, slug):
                errors[f"slug_{language}"] = _("Another page has this address; choose another.")
        if errors:
            raise ValidationError(errors)

    @property
    def date(self) -> PartialDate:
        if self.date_lo is None:
            return UNDATED
        return PartialDate(self.date_lo, self.date_hi, Precision(self.date_precision))

    @date.setter
    def date(self, date: PartialDate):
        self.date_lo, self.date_hi, self.date_precision = date.lo, date.hi, date.precision

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    def publish(self, *, by):
        """Make it public, now. Raises ValidationError where a reader would meet something broken."""
        with writing():
            self.full_clean()
            self.check_publishable()
            self.status, self.published_at, self.published_by = self.Status.PUBLISHED, timezone.now(), by
            self.save()
            sync_entry(self)

    def withdraw(self, *, by):
        """Take it from the public; the record and its address stay ours."""
        with writing():
            self.status, self.updated_by = self.Status.WITHDRAWN, by
            self.save()
            sync_entry(self)

    def check_publishable(self):
        """What must be true of a public entry, beyond what must be true of any."""
        language = self.source_language
        if not getattr(self, f"summary_{language}"):
            raise ValidationError({f"summary_{language}": _("Write the summary that lists show.")})

    @classmethod
    def gather(cls, entries: list) -> None:
        """Tell each entry what is around it."""
        name, pks = cls._meta.model_name, [entry.pk for entry in entries]
        topics = subjects_of(cls.topics.through, name, "topic", pks)
        regions = subjects_of(cls.regions.through, name, "region", pks)
        people = cls.people_of(pks)
        links = cls.media.rel.related_model.objects.in_order().filter(**{f"{name}_id__in": pks})
        media = grouped(links.values_list(f"{name}_id", "kind"))
        for entry in entries:
            pk = entry.pk
            entry.around = Around(topics[pk] + regions[pk], people[pk], media[pk])

    def as_activity(self) -> PublicRow:
        return PublicRow(
            uid=self.uid,
            date=self.date,
            type=self.type_number,
            languages=sum(LANGUAGE_BITS[language] for language in self.written_in),
            media=sum(MEDIA_BITS[kind] for kind in set(self.around.media)),
            cards={language: self.card(language) for language in LANGUAGES},
            lists=self.list_numbers(),
            words={language: self.words(language) for language in LANGUAGES},
            names=self.names(),
            changed_at=self.updated_at,
        )

    def card(self, language: str) -> dict:
        """What a list shows of it, in finished values."""
        with translation.override(language):
            title, summary = read(self, "title", language), read(self, "summary", language)
            return {
                "kind": kind_of(self).name,
                "url": self.get_absolute_url(language),
                "title": title.words,
                "lang": title.language if title.is_foreign else "",
                "summary": summary.words,
                "summary_lang": summary.language if summary.is_foreign else "",
                "badge": str(title.badge or summary.badge),
                "type": self.type_name(language),
                "date": print_date(self.date, language),
                "datetime": self.date.iso().partition("/")[0],
                "byline": join_names(self.byline_names(), language),
                "media": [str(MediaLink.Kind(kind).label) for kind in self.around.media],
                "state": self.state_name(),
            }

    def words(self, language: str) -> dict[str, list[str]]:
        """What search finds it by in this language, by how much it counts."""
        title, summary, body = (getattr(self, f"{field}_{language}") or "" for field in ("title", "summary", "body"))
        subjects = [getattr(subject, f"name_{language}") or "" for subject in self.subjects()]
        return {"title": [title], "summary": [summary, *subjects], "body": [plain_text(body)]}

    def names(self) -> list[str]:
        """The people it is found by, in all forms of their names."""
        return [name for person in self.around.people for name in person.names]

    def subjects(self) -> list:
        """The records whose names it is found by."""
        return list(self.around.subjects)

    def list_numbers(self) -> dict[int, bool]:
        """The lists of its topics and regions, of what those belong to, and of its people."""
        direct = self.around.subjects
        parents = {owner.parent_list_number: False for owner in direct if owner.parent_list_number}
        return parents | {thing.list_number: True for thing in [*direct, *self.around.people]}

    def state_name(self) -> str:
        return ""
