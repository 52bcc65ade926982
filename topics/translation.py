from modeltranslation.translator import TranslationOptions, register

from .models import Region, Topic


@register(Topic)
class TopicTranslation(TranslationOptions):
    fields = ["name", "slug", "intro"]
    empty_values = {"slug": None}


@register(Region)
class RegionTranslation(TranslationOptions):
    fields = ["name", "slug"]
    empty_values = {"slug": None}
