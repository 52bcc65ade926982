"""Addresses in two languages: the same record, a slug and a path of its own in each."""

from functools import lru_cache

from django.conf import settings
from django.db import models
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from .models import OldSlug
from .slugs import free_slug
from .text import LANGUAGES, current, other, read

OWN_NAMES = {"en": "English", "es": "Español"}


class AddressableQuerySet(models.QuerySet):
    def at(self, slug: str):
        """The record of which this is the slug, the page's language before the other, or was once; or None."""
        for language in (current(), other(current())):
            found = self.filter(**{f"slug_{language}": slug}).first()
            if found:
                return found
        return self.filter(pk__in=formerly_at(self.model, slug)).first()


def formerly_at(model, slug: str) -> list[int]:
    """The records that once had this slug, that of the page's language first."""
    rows = OldSlug.objects.filter(model=model._meta.label_lower, slug=slug).values_list("language", "record")
    return [record for language, record in sorted(rows, key=lambda row: row[0] != current())][:1]


class Addressable(models.Model):
    """A record with a page in each language. Where one language has no slug, its page uses the other's."""

    slug = models.SlugField(
        _("address"),
        max_length=200,
        blank=True,
        help_text=_("The last part of the page's address. Left empty, it is made from the title."),
    )

    named_by = "name"  # the translated field that a slug is made from, and that a language has or lacks
    url_name: str

    objects = AddressableQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        for language in LANGUAGES:
            name, slug = (getattr(self, f"{field}_{language}") for field in (self.named_by, "slug"))
            if name and not slug:
                setattr(self, f"slug_{language}", free_slug(self, name))
        self.keep_old_slugs()
        with translation.override(settings.LANGUAGE_CODE):  # else the language of the page fills the base column
            super().save(*args, **kwargs)

    def has_public_address(self) -> bool:
        """Whether readers may have met its address, so that it must lead here for ever."""
        return self.pk is not None

    def keep_old_slugs(self):
        if not self.has_public_address():
            return
        columns = {language: f"slug_{language}" for language in LANGUAGES}
        stored = type(self)._base_manager.filter(pk=self.pk).values(*columns.values()).first() or {}
        for language, column in columns.items():
            old, new = stored.get(column), getattr(self, column)
            if old and old != new:
                here = OldSlug.objects.filter(model=self._meta.label_lower, language=language)
                here.filter(slug=new).delete()
                OldSlug.objects.update_or_create(
                    model=self._meta.label_lower, language=language, slug=old, defaults={"record": self.pk}
                )

    def rivals(self):
        """The records that may not have the same address."""
        return type(self)._base_manager.exclude(pk=self.pk)

    def get_absolute_url(self, language=None):
        language = language or current()
        return path_to(self.url_name, language).format(self.slug_in(language))

    def slug_in(self, language: str) -> str:
        return read(self, "slug", language).words

    @property
    def written_in(self) -> list[str]:
        """The languages this exists in."""
        return [language for language in LANGUAGES if getattr(self, f"{self.named_by}_{language}")]


@lru_cache
def path_to(url_name: str, language: str) -> str:
    """The path of such pages in a language, with {} for the slug; asked for once, as resolving it is slow."""
    with translation.override(language):
        return reverse(url_name, kwargs={"slug": "SLUG"}).replace("SLUG", "{}")


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def language_links(addresses: dict[str, str]) -> list[dict]:
    """The switch between the languages: where each leads, and which one the reader is on."""
    return [
        {"code": code, "label": OWN_NAMES[code], "url": url, "current": code == current()}
        for code, url in addresses.items()
    ]


def switch_links(path: str) -> list[dict]:
    """The language switch of a page without a record; from an address that is none it leads home."""
    home, own = paths_of("home"), current()
    found = {language: translate_url(path, language) for language in LANGUAGES if language != own}
    return language_links({own: path} | {code: home[code] if url == path else url for code, url in found.items()})


def link_to(record, field: str = "name") -> dict:
    """A link for a page: where it leads, what it says, and in which language where that is not the page's."""
    text = read(record, field)
    return {
        "url": record.get_absolute_url(),
        "name": text.words,
        "lang": text.language if text.is_foreign else "",
    }


def link_to_page(url_name: str, name) -> dict:
    """The same for a page without a record of its own."""
    return {"url": paths_of(url_name)[current()], "name": str(name), "lang": ""}


@lru_cache
def paths_of(url_name: str) -> dict[str, str]:
    """Where a page without a record of its own is in each language; shared, so nobody changes it."""
    paths = {}
    for language in LANGUAGES:
        with translation.override(language):
            paths[language] = reverse(url_name)
    return paths
