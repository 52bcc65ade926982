from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from research_hub.activity.kinds import kind_by_code
from research_hub.activity.models import Activity
from research_hub.activity.owners import ListOwner
from research_hub.activity.sync import sync_entries, touch, writing
from research_hub.editorial.around import Person, grouped
from research_hub.editorial.corrections import Correction
from research_hub.editorial.prose import prose
from research_hub.languages.addresses import Addressable, formerly_at, path_to, paths_of
from research_hub.languages.slugs import free_slug
from research_hub.languages.text import LANGUAGES, current, read
from research_hub.media.models import Download, Image, MediaLink
from research_hub.media.ordered import InOrder
from research_hub.translation.models import TranslatedEntry
from topics.models import Region, Topic

from .identifiers import validate_doi, validate_isbn, validate_orcid


class PublicationType(models.Model):
    """Report, policy brief, … : data, so that an institute can have its own."""

    code = models.SlugField(_("code"), unique=True, help_text=_("As in addresses: report, policy-brief."))
    name = models.CharField(_("name"), max_length=100)
    plural = models.CharField(_("plural"), max_length=100)
    ris = models.CharField(_("type in RIS"), max_length=10, default="RPRT")
    bibtex = models.CharField(_("type in BibTeX"), max_length=20, default="techreport")
    csl = models.CharField(_("type in CSL"), max_length=30, default="report")
    schema_org = models.CharField(_("type in schema.org"), max_length=40, default="Report")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("publication type")
        verbose_name_plural = _("publication types")

    def __str__(self):
        return str(read(self, "name"))

    def save(self, *args, **kwargs):
        with writing():
            super().save(*args, **kwargs)
            listed = Activity.objects.filter(type=self.pk).values_list("kind", "object_id")
            sync_entries([(kind_by_code(code), pk) for code, pk in listed])
            touch([])

    def get_absolute_url(self, language=None):
        """The list of its publications."""
        return f"{paths_of('publication_list')[language or current()]}?{urlencode({'type': self.code})}"


class Series(ListOwner, Addressable):
    name = models.CharField(_("name"), max_length=300, blank=True)
    description = prose(_("description"))

    list_code = 4
    shown_by_entries = ("name_en", "name_es")
    url_name = "series_detail"

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = pgettext_lazy("plural", "series")
        constraints = [
            models.UniqueConstraint(fields=["slug_en"], name="series_slug_en_is_its_own"),
            models.UniqueConstraint(fields=["slug_es"], name="series_slug_es_is_its_own"),
        ]

    def __str__(self):
        return str(read(self, "name"))

    def clean(self):
        super().clean()
        if not self.name_en and not self.name_es:
            raise ValidationError(_("Give a name in at least one language."))


class AuthorQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def by_name(self):
        return self.order_by("sort_name", "pk")

    def at(self, slug: str):
        """The author of this slug, or of which it was once, as those that were merged."""
        found = self.filter(slug=slug).first()
        return found or self.filter(pk__in=formerly_at(self.model, slug)).first()


class Author(ListOwner):
    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        ORGANISATION = "organisation", _("Organisation")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PERSON)
    name = models.CharField(_("name"), max_length=300, help_text=_("As a byline prints it: Ana García."))
    sort_name = models.CharField(
        _("name for sorting"),
        max_length=300,
        blank=True,
        help_text=_("García, Ana. Left empty, the last word of the name is taken as the family name."),
    )
    variants = models.JSONField(
        _("other spellings"),
        default=list,
        blank=True,
        help_text=_("Other forms of the name met in references, as a list."),
    )
    slug = models.SlugField(
        _("address"),
        max_length=200,
        unique=True,
        blank=True,
        help_text=_("The last part of the page's address. Left empty, it is made from the name."),
    )
    role = models.CharField(_("role"), max_length=300, blank=True, help_text=_("Senior Policy Analyst"))
    bio = prose(_("biography"))
    affiliation = models.CharField(
        _("affiliation"), max_length=300, blank=True, help_text=_("If it is another institute than ours.")
    )
    orcid = models.CharField(
        "ORCID", max_length=19, blank=True, validators=[validate_orcid], help_text="0000-0002-1825-0097"
    )
    photo = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("photo"))
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Listed among the authors; their pages stay either way.")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="author",
        verbose_name=_("account"),
    )

    list_code = 3
    shown_by_entries = ("name", "variants")
    objects = AuthorQuerySet.as_manager()

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        constraints = [
            models.UniqueConstraint(
                fields=["orcid"],
                condition=~Q(orcid=""),
                name="author_orcid_is_its_own",
                violation_error_message=_("Another author has this ORCID."),
            )
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.tidy()
        if not self.slug:
            self.slug = free_slug(self, self.name)
        super().save(*args, **kwargs)

    def tidy(self) -> None:
        if not self.sort_name:
            *given, family = self.name.split() or [""]
            is_person = given and self.kind == self.Kind.PERSON and "," not in self.name
            self.sort_name = f"{family}, {' '.join(given)}" if is_person else self.name

    def get_absolute_url(self, language=None):
        return path_to("author_detail", language or current()).format(self.slug)

    rivals = Addressable.rivals

    def slug_in(self, language: str) -> str:
        """A name is the same in both languages, and so is its address."""
        return self.slug

    @property
    def written_in(self) -> list[str]:
        return list(LANGUAGES)


PERSON_COLUMNS = ("author_id", "author__name", "author__variants", "role")


def named(row: tuple) -> tuple[int, Person]:
    """An entry's key and a person of it, from the key and PERSON_COLUMNS of a row between them."""
    pk, author, name, variants, role = row
    return pk, Person(Author.number_of_list(author), name, [name, *map(str, variants)], role)


class Publication(TranslatedEntry):
    type = models.ForeignKey(PublicationType, models.PROTECT, related_name="publications", verbose_name=_("type"))
    subtitle = models.CharField(_("subtitle"), max_length=1200, blank=True)
    topics = models.ManyToManyField(
        Topic, through="PublicationTopic", related_name="publications", verbose_name=_("topics")
    )
    regions = models.ManyToManyField(Region, blank=True, related_name="publications", verbose_name=_("regions"))
    authors = models.ManyToManyField(
        Author, through="Authorship", related_name="publications", verbose_name=_("authors")
    )
    series = models.ForeignKey(
        Series,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="publications",
        verbose_name=_("series"),
    )
    number = models.CharField(_("number in the series"), max_length=50, blank=True)
    doi = models.CharField("DOI", max_length=200, blank=True, validators=[validate_doi])
    isbn = models.CharField("ISBN", max_length=20, blank=True, validators=[validate_isbn])
    cover = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("cover"))
    related = models.ManyToManyField(
        "self",
        blank=True,
        symmetrical=False,
        limit_choices_to={"revises": None},
        related_name="+",
        verbose_name=_("related publications"),
        help_text=_("Shown at the foot of the page, before those that share its topics."),
    )

    url_name = "publication_detail"
    shown_columns = (*TranslatedEntry.shown_columns, "type_id", "series_id", "subtitle_en", "subtitle_es")

    class Meta(TranslatedEntry.Meta):
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        permissions = [
            ("review_publication", "May edit, send back and approve the publications of others"),
            ("publish_publication", "May publish, schedule and withdraw publications"),
            ("override_publication", "May do without a second pair of eyes for publications"),
        ]
        constraints = [
            *TranslatedEntry.Meta.constraints,
            models.UniqueConstraint(
                fields=["doi"],
                condition=~Q(doi="") & Q(revises=None),
                name="publication_doi_is_its_own",
                violation_error_message=_("Another publication has this DOI."),
            ),
            models.CheckConstraint(
                condition=Q(number="") | Q(series__isnull=False),
                name="publication_number_needs_a_series",
                violation_error_message=_("A number needs the series that it counts."),
            ),
        ]

    def clean(self):
        super().clean()
        if self.number and not self.series_id:
            raise ValidationError({"series": _("A number needs the series that it counts.")})

    @property
    def type_number(self) -> int:
        return self.type_id

    def type_name(self, language: str) -> str:
        return read(self.type, "name", language).words

    @classmethod
    def gather(cls, entries: list) -> None:
        super().gather(entries)
        types = PublicationType.objects.in_bulk({entry.type_id for entry in entries})
        series = Series.objects.in_bulk({entry.series_id for entry in entries if entry.series_id})
        for entry in entries:
            cls.type.field.set_cached_value(entry, types[entry.type_id])
            cls.series.field.set_cached_value(entry, series.get(entry.series_id))

    @classmethod
    def people_of(cls, pks: list[int]) -> dict[int, list[Person]]:
        rows = Authorship.objects.in_order().filter(publication_id__in=pks)
        return grouped(named(row) for row in rows.values_list("publication_id", *PERSON_COLUMNS))

    def people_with_accounts(self):
        return self.authors.exclude(user=None)

    def byline_names(self) -> list[str]:
        return [person.name for person in self.around.people if person.role in Authorship.PRINTED]

    def words(self, language: str) -> dict[str, list[str]]:
        words = super().words(language)
        return words | {"title": [*words["title"], getattr(self, f"subtitle_{language}") or ""]}

    def subjects(self) -> list:
        return super().subjects() + ([self.series] if self.series else [])

    def list_numbers(self) -> dict[int, bool]:
        return super().list_numbers() | ({self.series.list_number: True} if self.series else {})


class PublicationTopic(InOrder):
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="publication_topics")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="publication_topics", verbose_name=_("topic"))

    same_by = [("topic",)]

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [models.UniqueConstraint(fields=["publication", "topic"], name="publication_has_a_topic_once")]

    def __str__(self):
        return str(self.topic)


class Authorship(InOrder):
    class Role(models.TextChoices):
        AUTHOR = "author", _("Author")
        EDITOR = "editor", _("Editor")
        TRANSLATOR = "translator", _("Translator")
        CONTRIBUTOR = "contributor", _("Contributor")

    PRINTED = {Role.AUTHOR, Role.EDITOR}  # who stands in the byline of a list

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="authorships")
    author = models.ForeignKey(Author, models.PROTECT, related_name="authorships", verbose_name=_("author"))
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.AUTHOR)
    affiliation = models.CharField(
        _("affiliation at the time"), max_length=300, blank=True, help_text=_("If it has changed since.")
    )

    same_by = [("author", "role")]

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "author", "role"], name="publication_has_an_author_once_in_a_role"
            )
        ]

    def __str__(self):
        return str(self.author)


class PublicationDownload(Download):
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="downloads")


class PublicationMedia(MediaLink):
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="media")


class PublicationCorrection(Correction):
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="corrections")
