from modeltranslation.translator import TranslationOptions, register

from .models import (
    Author,
    Publication,
    PublicationCorrection,
    PublicationDownload,
    PublicationMedia,
    PublicationType,
    Series,
)


@register(Publication)
class PublicationTranslation(TranslationOptions):
    fields = ["title", "subtitle", "slug", "summary", "body"]
    empty_values = {"slug": None}


@register(PublicationType)
class PublicationTypeTranslation(TranslationOptions):
    fields = ["name", "plural"]
    required_languages = ["en", "es"]


@register(Series)
class SeriesTranslation(TranslationOptions):
    fields = ["name", "slug", "description"]
    empty_values = {"slug": None}


@register(Author)
class AuthorTranslation(TranslationOptions):
    fields = ["role", "bio"]


@register(PublicationDownload)
class PublicationDownloadTranslation(TranslationOptions):
    fields = ["label"]


@register(PublicationMedia)
class PublicationMediaTranslation(TranslationOptions):
    fields = ["label", "transcript"]


@register(PublicationCorrection)
class PublicationCorrectionTranslation(TranslationOptions):
    fields = ["note"]
