from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from research_hub.activity.models import Activity
from research_hub.activity.owners import ListOwner
from research_hub.editorial.prose import prose
from research_hub.languages.addresses import Addressable, AddressableQuerySet
from research_hub.languages.text import read
from research_hub.media.models import Image


class SubjectQuerySet(AddressableQuerySet):
    def in_order(self):
        return self.order_by("position", "pk")

    def delete(self):
        """One by one, so that each takes its entries off its list."""
        for subject in self:
            subject.delete()


class Subject(ListOwner, Addressable):
    """Something entries are about: it has a page, a list, and at most one level below it."""

    name = models.CharField(_("name"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0, help_text=_("Lower numbers come first."))

    shown_by_entries = ("parent_id", "name_en", "name_es")
    objects = SubjectQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["slug_en"], name="%(class)s_slug_en_is_its_own"),
            models.UniqueConstraint(fields=["slug_es"], name="%(class)s_slug_es_is_its_own"),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="%(class)s_is_not_its_own_parent"
            ),
        ]

    def __str__(self):
        return str(read(self, "name"))

    def clean(self):
        super().clean()
        if not self.name_en and not self.name_es:
            raise ValidationError(_("Give a name in at least one language."))
        if self.parent and (self.parent.parent_id or self.parent_id == self.pk):
            raise ValidationError({"parent": _("Choose one that has no parent itself: there are two levels.")})
        if self.parent and self.pk and self.children.exists():
            raise ValidationError({"parent": _("This has others below it, so it must stay at the top.")})


class Topic(Subject):
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
        help_text=_("Its entries are listed with the parent's as well."),
    )
    intro = prose(_("introduction"), help_text=_("One or two paragraphs at the top of the page."))
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("image"))
    featured = models.ManyToManyField(Activity, through="FeaturedEntry", related_name="+")

    list_code = 1
    url_name = "topic_detail"

    class Meta(Subject.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")


class FeaturedEntry(models.Model):
    """An entry at the top of a topic's page; one that is withdrawn steps aside until it is back."""

    MOST = 3

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="featured_entries")
    activity = models.ForeignKey(
        Activity, models.DO_NOTHING, db_constraint=False, related_name="+", verbose_name=_("entry")
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST)]
    )

    class Meta:
        verbose_name = _("featured entry")
        verbose_name_plural = _("featured entries")
        constraints = [
            models.UniqueConstraint(fields=["topic", "position"], name="one_featured_entry_in_a_place"),
            models.UniqueConstraint(fields=["topic", "activity"], name="an_entry_is_featured_once"),
            models.CheckConstraint(
                condition=Q(position__gte=1) & Q(position__lte=3), name="three_featured_entries_at_most"
            ),
        ]

    def __str__(self):
        return f"{self.position}"


class Region(Subject):
    class Kind(models.TextChoices):
        REGION = "region", _("Region")
        COUNTRY = "country", _("Country")

    kind = models.CharField(_("kind"), max_length=7, choices=Kind, default=Kind.COUNTRY)
    code = models.CharField(
        _("ISO code"),
        max_length=2,
        blank=True,
        validators=[RegexValidator("^[A-Z]{2}$", _("Two capital letters, as in MX."))],
        help_text=_("For a country: the two letters of ISO 3166."),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
        help_text=_("Its entries are listed with the parent's as well."),
    )

    list_code = 2
    url_name = "region_detail"

    class Meta(Subject.Meta):
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        constraints = [
            *Subject.Meta.constraints,
            models.UniqueConstraint(
                fields=["code"],
                condition=~Q(code=""),
                name="region_code_is_its_own",
                violation_error_message=_("Another region has this code."),
            ),
        ]
