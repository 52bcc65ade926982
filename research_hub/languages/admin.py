"""The admin of a record in two languages: both on one form, nothing changed that nobody touched."""

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import (
    AdminSplitDateTime,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from js_asset import Media
from modeltranslation.admin import TranslationAdmin
from modeltranslation.fields import TranslationField

from .keys import is_number
from .text import LANGUAGES

MADE_FROM = {"title": _("made from the title"), "name": _("made from the name")}


def both(*names: str) -> list[tuple[str, ...]]:
    """The fields of both languages, side by side on one line of a fieldset."""
    return [tuple(f"{name}_{language}" for language in LANGUAGES) for name in names]


def plain(text: str | None) -> str:
    """Text without what a browser or a form adds or takes away on its own."""
    return (text or "").replace("\r\n", "\n").strip()


class BilingualForm(forms.ModelForm):
    """Keeps what nobody touched as it is stored, to the byte, and shows every refusal of the model."""

    def clean(self):
        super().clean()
        for name, value in self.cleaned_data.items():
            stored = self.initial.get(name)
            if not isinstance(value, str | None) or not isinstance(stored, str | None):
                continue
            if plain(value) == plain(stored) and name in self.initial:
                self.cleaned_data[name] = stored
            elif value:
                self.cleaned_data[name] = value.replace("\r\n", "\n")

    def add_error(self, field, error):
        if field is not None or not hasattr(error, "error_dict"):
            super().add_error(field, error)
            return
        for name, errors in error.error_dict.items():
            # What the form does not show is said above it; a field that is refused already has its reason.
            shown = name if name in self.fields else NON_FIELD_ERRORS
            if shown == NON_FIELD_ERRORS or shown not in self.errors:
                super().add_error(None if shown == NON_FIELD_ERRORS else shown, errors)


class KnownKeys:
    """A box that searches as one types; Django's own breaks on a key that is none, instead of refusing it."""

    def optgroups(self, name, value, attrs=None):
        return super().optgroups(name, [key for key in value if is_number(str(key))], attrs)


class SearchedOne(KnownKeys, AutocompleteSelect):
    """Where there are no scripts, the box is empty, and the number of the record is typed beside it."""

    def render(self, name, value, attrs=None, renderer=None):
        shown = self.field.remote_field.model._meta
        return format_html(
            '{}<noscript><input type="text" inputmode="numeric" size="8" name="{}" value="{}" aria-label="{}">'
            ' <a href="{}">{}</a></noscript>',
            super().render(name, value, attrs, renderer),
            name,
            "" if value is None else value,
            _("Its number, as it stands in the address of its form"),
            reverse(f"{self.admin_site.name}:{shown.app_label}_{shown.model_name}_changelist"),
            _("Look up the number"),
        )


class SearchedMany(KnownKeys, AutocompleteSelectMultiple):
    pass


def name_parts(moment: AdminSplitDateTime) -> None:
    """Let the two inputs of a moment have names that are read out."""
    for part, name in zip(moment.widgets, (_("Date"), _("Time")), strict=True):
        part.attrs["aria-label"] = name


class Inputs(BaseModelAdmin):
    """Inputs that know their language, for spell-checkers and screen readers; none that deletes what it names."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SearchedOne(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SearchedMany(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, TranslationField):
            field.widget.attrs["lang"] = db_field.language
        if isinstance(db_field, models.SlugField) and db_field.blank:
            field.widget.attrs["placeholder"] = MADE_FROM[getattr(self.model, "named_by", "name")]
        if field and isinstance(field.widget, AdminSplitDateTime):
            name_parts(field.widget)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = field.widget.can_view_related = False
        return field


def answer(column: str, description):
    """A column of a list in words, yes or no: Django's icons are read out as True and False in every language."""

    @admin.display(description=description, ordering=column)
    def shown(self, record):
        return _("Yes") if getattr(record, column) else _("No")

    return shown


class PlainDeletion:
    """Who deletes something is not told of the rows that only tie it to others: Django has but programmers' names for
    them, in English."""

    def get_deleted_objects(self, objs, request):
        shown, counts, refused, protected = super().get_deleted_objects(objs, request)
        ties = [model._meta for model in apps.get_models(include_auto_created=True) if model._meta.auto_created]
        many = {tie.verbose_name_plural for tie in ties}
        counts = {name: n for name, n in counts.items() if name not in many}
        return without(shown, tuple(f"{capfirst(tie.verbose_name)}: " for tie in ties)), counts, refused, protected


def without(nested: list, starts: tuple[str, ...]) -> list:
    """A list of texts and of such lists, without the texts that begin so."""
    return [
        without(item, starts) if isinstance(item, list) else item
        for item in nested
        if isinstance(item, list) or not item.startswith(starts)
    ]


class BilingualAdmin(PlainDeletion, Inputs, TranslationAdmin):
    form = BilingualForm
    show_full_result_count = False

    class Media:
        js = ["admin_hub/languages.js", "admin_hub/names.js", "admin_hub/positions.js"]

    @admin.display(description=_("languages"))
    def languages(self, record):
        names = dict(settings.LANGUAGES)
        return ", ".join(str(names[code]) for code in record.written_in)

    def changelist_view(self, request, extra_context=None):
        named = {"title": capfirst(self.opts.verbose_name_plural)}  # not "Select … to change"
        return super().changelist_view(request, named | (extra_context or {}))

    def may_change_everything(self, request, obj=None) -> bool:
        """Whether this user may change the rows that belong to the record as well."""
        if obj is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, obj)

    def view_on_site(self, obj):
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def save_model(self, request, obj, form, change):
        # The column without a language would take the words of whoever's language saves last.
        with translation.override(settings.LANGUAGE_CODE):
            super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        with translation.override(settings.LANGUAGE_CODE):
            super().save_formset(request, form, formset, change)

    def render_change_form(self, request, context, **kwargs):
        # The editor's import map is an inline script: a content security policy asks for its nonce.
        context["media"] = Media.from_media(context["media"], nonce=getattr(request, "csp_nonce", ""))
        return super().render_change_form(request, context, **kwargs)
