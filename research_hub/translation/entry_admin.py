"""The form of an entry: what is typed there in both languages, and where its translation stands."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from research_hub.activity.kinds import kind_of
from research_hub.editorial.admin import EntryAdmin
from research_hub.languages.text import other

from .fingerprint import fingerprint
from .queue import text_names
from .states import sync
from .tasks import Task, Verdict, texts_of


class TranslatedEntryAdmin(EntryAdmin):
    """Who changes a translation here has its original before their eyes: their word counts as that of a translator."""

    class Media:
        css = {"all": ["admin_hub/translation.css"]}

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "translation"]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        return [*fieldsets, (_("Translation"), {"fields": ["translation"]})] if obj else fieldsets

    @admin.display(description=gettext_lazy("where it stands"))
    def translation(self, entry):
        """Each text with its state."""
        task = Task.objects.filter(uid=entry.main.uid).prefetch_related("units").first()
        if task is None:
            return "–"
        names, units = text_names(), {unit.field: unit for unit in task.units.all()}
        states = format_html_join(
            " ",
            '{} <span class="unit unit-{}">{}</span>',
            (
                (name, units[field].state, units[field].get_state_display())
                for field, name in names.items()
                if field in units
            ),
        )
        link = format_html('<a href="{}">{}</a>', reverse("admin:translation_text", args=[task.uid]), _("Side by side"))
        return format_html("{} · {}", states or "–", link)

    def after_typing(self, request, row, before):
        super().after_typing(request, row, before)
        verdicts = [
            verdict(row, field, is_rich, request.user)
            for field, is_rich in texts_of(type(row)).items()
            if is_translated_now(row, field, is_rich, before)
        ]
        if verdicts:
            Verdict.objects.bulk_create(verdicts)
            sync(kind_of(row), [row.main.pk])


def is_translated_now(row, field: str, is_rich: bool, before) -> bool:
    source, column = f"{field}_{row.source_language}", f"{field}_{other(row.source_language)}"
    now = fingerprint(getattr(row, column), is_rich)
    was = fingerprint(before["fields"].get(column), is_rich) if before else ""
    return now not in ("", was, fingerprint(getattr(row, source), is_rich)) and bool(getattr(row, source))


def verdict(row, field: str, is_rich: bool, user) -> Verdict:
    language = other(row.source_language)
    pair = (getattr(row, f"{field}_{code}") for code in (row.source_language, language))
    return Verdict.about((row.main.uid, field, language), *pair, is_rich=is_rich, kind=Verdict.Kind.TYPED, by=user)
