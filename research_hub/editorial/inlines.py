"""The rows of an entry's form that publications and events share."""

from django import forms
from django.contrib import admin
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from research_hub.languages.admin import both
from research_hub.media.admin import OrderedStacked, OrderedTabular


class Topics(OrderedTabular):
    fields = ["topic", "position"]
    autocomplete_fields = ["topic"]
    extra = 1

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("topic")


class Downloads(OrderedStacked):
    readonly_fields = ["kept"]
    fieldsets = [
        (None, {"fields": ["position", "kept", ("file", "language", "pages"), *both("label"), "embargo_until"]}),
    ]
    # The other widget links to an address that only public files have.
    formfield_overrides = {models.FileField: {"widget": forms.FileInput}}

    def get_fieldsets(self, request, obj=None):
        """Where nothing may be changed, without the field of the file: its link is one that only public files have."""
        if self.has_change_permission(request, obj):
            return self.fieldsets
        return [(None, {"fields": [*both("label"), "kept", ("language", "pages"), "embargo_until"]})]

    @admin.display(description=gettext_lazy("stored file"))
    def kept(self, download):
        if download.pk is None:
            return "–"
        name = f"admin:{self.parent_model._meta.app_label}_{self.parent_model._meta.model_name}_download"
        parent = self.parent_model._meta.model_name
        address = reverse(name, args=[getattr(download, f"{parent}_id"), download.pk])
        return format_html('<a href="{}">PDF, {}</a>', address, filesizeformat(download.bytes))


class Recordings(OrderedStacked):
    fieldsets = [(None, {"fields": ["position", ("kind", "url", "duration"), *both("label", "transcript")]})]


class Unseen(forms.HiddenInput):
    """A field that is not shown, to which the label that Django draws all the same does not point."""

    def id_for_label(self, id_):
        return ""


class Corrections(OrderedStacked):
    """In order of their days, so that nobody is asked for a place; a row has one for those of the same day."""

    fieldsets = [(None, {"fields": ["position", "corrected_on", *both("note")]})]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "position":
            kwargs["widget"] = Unseen
        return super().formfield_for_dbfield(db_field, request, **kwargs)
