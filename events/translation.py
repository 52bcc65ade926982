from modeltranslation.translator import TranslationOptions, register

from .models import Event, EventCorrection, EventDownload, EventMedia


@register(Event)
class EventTranslation(TranslationOptions):
    fields = ["title", "slug", "summary", "body", "venue"]
    empty_values = {"slug": None}


@register(EventDownload)
class EventDownloadTranslation(TranslationOptions):
    fields = ["label"]


@register(EventMedia)
class EventMediaTranslation(TranslationOptions):
    fields = ["label", "transcript"]


@register(EventCorrection)
class EventCorrectionTranslation(TranslationOptions):
    fields = ["note"]
