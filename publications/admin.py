from collections import Counter, defaultdict
from dataclasses import replace
from functools import partial

from django import forms
from django.contrib import admin
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from research_hub.editorial.admin import STATE, StateFilter
from research_hub.editorial.forms import EntryForm
from research_hub.editorial.inlines import Corrections, Downloads, Recordings, Topics
from research_hub.editorial.list_files import ListFile, titled
from research_hub.languages.admin import BilingualAdmin, BilingualForm, answer, both
from research_hub.languages.text import current, other, read
from research_hub.media.admin import OrderedTabular, preview
from research_hub.media.renditions import SQUARE
from research_hub.translation.entry_admin import TranslatedEntryAdmin

from .citing import reference_to
from .exports import EXPORTS
from .merge_pages import MergePages
from .models import (
    Author,
    Authorship,
    Publication,
    PublicationCorrection,
    PublicationDownload,
    PublicationMedia,
    PublicationTopic,
    PublicationType,
    Series,
)


class PublicationTopics(Topics):
    model = PublicationTopic


class Authorships(OrderedTabular):
    model = Authorship
    fields = ["author", "role", "affiliation", "position"]
    autocomplete_fields = ["author"]
    extra = 1

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("author")


class PublicationDownloads(Downloads):
    model = PublicationDownload


class PublicationRecordings(Recordings):
    model = PublicationMedia


class PublicationCorrections(Corrections):
    model = PublicationCorrection


def references_in(export, _model, found, language: str):
    """The references of a list in one file, in which each has a key of its own."""
    keys: Counter[str] = Counter()
    for publications in found:
        with translation.override(language):
            pieces = [export.write(told_apart(reference, keys)) for reference in references_to(publications, language)]
        yield "\n".join(["", *pieces]).lstrip("\n")


def references_to(publications: list[Publication], language: str):
    rows = Authorship.objects.in_order().filter(publication__in=publications).select_related("author")
    authorships = defaultdict(list)
    for row in rows:
        authorships[row.publication_id].append(row)
    for publication in publications:
        reference = reference_to(publication, authorships[publication.pk], [], language)
        yield reference if publication.is_published else replace(reference, url="")  # nobody finds it there yet


def told_apart(reference, keys: Counter):
    keys[reference.key] += 1
    times = keys[reference.key]
    return replace(reference, mark=f"-{times}") if times > 1 else reference


class PublicationForm(EntryForm):
    def clean_related(self):
        """Without the publication itself, which the box offers like any other."""
        return self.cleaned_data["related"].exclude(pk__in=[self.instance.pk, self.instance.revises_id])


@admin.register(Publication)
class PublicationAdmin(TranslatedEntryAdmin):
    form = PublicationForm
    list_display = ["shown_title", "type", "date", "standing", "languages", "changed_on", "shown_cover"]
    list_filter = [StateFilter, "type", "source_language", "topics", "regions"]
    search_fields = [*TranslatedEntryAdmin.search_fields, "doi", "=isbn"]
    autocomplete_fields = ["series", "regions", "cover", "related"]
    readonly_fields = [*TranslatedEntryAdmin.readonly_fields, "cover_preview"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("source_language", "type", "date", "is_undated"),
                    *both("title", "subtitle", "summary", "body", "slug"),
                ]
            },
        ),
        (_("Where it belongs"), {"fields": ["regions", ("series", "number"), ("doi", "isbn"), "related"]}),
        (_("Cover"), {"fields": [("cover", "cover_preview")]}),
        STATE,
    ]
    inlines = [PublicationTopics, Authorships, PublicationDownloads, PublicationRecordings, PublicationCorrections]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("type", "cover")

    def list_files(self):
        references = {
            export.extension: ListFile(export.label, export.content_type, partial(references_in, export))
            for export in EXPORTS
            if export.extension != "json"  # which is one list, and cannot be put together from several
        }
        return super().list_files() | references

    def list_columns(self):
        return [
            *super().list_columns(),
            (titled(Publication, "type"), lambda publication: read(publication.type, "name")),
            (titled(Publication, "series"), lambda publication: publication.series or ""),
            (titled(Publication, "number"), lambda publication: publication.number),
            ("DOI", lambda publication: publication.doi),
            ("ISBN", lambda publication: publication.isbn),
        ]

    @admin.display(description=_("cover"))
    def shown_cover(self, publication):
        return preview(publication.cover, SQUARE)

    @admin.display(description=_("preview"))
    def cover_preview(self, publication):
        return preview(publication.cover)


class LinesField(forms.CharField):
    """A list of texts, one on each line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial, data):
        return self.to_python(initial) != self.to_python(data)

    def to_python(self, value) -> list[str]:
        lines = super().to_python(self.prepare_value(value)).splitlines()
        return [line.strip() for line in lines if line.strip()]


class AuthorForm(BilingualForm):
    variants = LinesField(
        label=_("Other spellings"),
        required=False,
        help_text=_("Other forms of the name met in references, one on each line."),
    )


@admin.register(Author)
class AuthorAdmin(MergePages, BilingualAdmin):
    form = AuthorForm
    list_display = ["name", "kind", "affiliation", "orcid", "active", "shown_photo"]
    list_select_related = ["photo"]
    active = answer("is_active", _("active"))
    list_filter = ["is_active", "kind"]
    search_fields = ["name", "sort_name", "variants", "=orcid"]
    ordering = ["sort_name", "pk"]
    autocomplete_fields = ["photo", "user"]
    readonly_fields = ["photo_preview"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("kind", "is_active"),
                    ("name", "sort_name"),
                    "variants",
                    *both("role", "bio"),
                    ("affiliation", "orcid"),
                ]
            },
        ),
        (_("Photo, address and account"), {"fields": [("photo", "photo_preview"), ("slug", "user")]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        may_choose = request.user.has_perm("auth.view_user")
        return [*super().get_readonly_fields(request, obj), *([] if may_choose else ["user"])]

    @admin.display(description=_("photo"))
    def shown_photo(self, author):
        return preview(author.photo, SQUARE)

    @admin.display(description=_("preview"))
    def photo_preview(self, author):
        return preview(author.photo, SQUARE)


@admin.register(Series)
class SeriesAdmin(BilingualAdmin):
    search_fields = ["name_en", "name_es"]
    fieldsets = [
        (None, {"fields": both("name", "description")}),
        (_("Address"), {"fields": both("slug")}),
    ]

    def get_ordering(self, request):
        return [f"name_{current()}", f"name_{other(current())}", "pk"]


@admin.register(PublicationType)
class PublicationTypeAdmin(BilingualAdmin):
    list_display = ["__str__", "code", "position"]
    search_fields = ["name_en", "name_es", "code"]
    ordering = ["position", "pk"]
    fieldsets = [
        (None, {"fields": [("code", "position"), *both("name", "plural")]}),
        (_("In reference managers"), {"fields": [("ris", "bibtex", "csl", "schema_org")]}),
    ]
