"""Images, and the rows of an entry that an editor puts in order."""

from django import forms
from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationStackedInline

from research_hub.languages.admin import BilingualAdmin, BilingualForm, InItsLanguage, both

from .models import Image

PREVIEW = 120  # pixels


def preview(image) -> str:
    """A small picture of the picture; an empty text where there is none."""
    if not image or not image.file:
        return ""
    return format_html(
        '<img class="preview" src="{}" alt="{}" height="{}" loading="lazy">', image.file.url, image, PREVIEW
    )


class OrderedForm(BilingualForm):
    def has_changed(self):
        """A number alone does not make an empty row a row."""
        changed = set(self.changed_data)
        return bool(changed - {"position"} if self.instance._state.adding else changed)


class OrderedFormSet(forms.BaseInlineFormSet):
    """Rows with a place each; a new one for which no place was typed comes last."""

    def save_new(self, form, commit=True):
        if "position" not in form.changed_data:
            taken = [row.instance.position for row in self.forms if row is not form and row.has_changed()]
            stored = [row.instance.position for row in self.initial_forms]
            form.instance.position = max([0, *taken, *stored]) + 1
        return super().save_new(form, commit)


class Ordered:
    """An inline in order, for who may change everything of the record that it belongs to."""

    form = OrderedForm
    formset = OrderedFormSet
    ordering = ("position", "pk")
    extra = 0

    def _may_change(self, request, obj):
        return self.admin_site.get_model_admin(self.parent_model).may_change_everything(request, obj)

    def has_view_permission(self, request, obj=None):
        return self.admin_site.get_model_admin(self.parent_model).has_view_or_change_permission(request, obj)

    def has_add_permission(self, request, obj=None):
        return self._may_change(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._may_change(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._may_change(request, obj)


class OrderedTabular(Ordered, admin.TabularInline):
    pass


class OrderedStacked(Ordered, InItsLanguage, TranslationStackedInline):
    pass


class Downloads(OrderedStacked):
    fieldsets = [(None, {"fields": ["position", ("file", "language", "pages"), *both("label")]})]


class Recordings(OrderedStacked):
    fieldsets = [
        (None, {"fields": ["position", ("kind", "url", "duration"), *both("label", "transcript")]}),
    ]


@admin.register(Image)
class ImageAdmin(BilingualAdmin):
    list_display = ["picture", "__str__", "credit", "licence", "size"]
    list_display_links = ["picture", "__str__"]
    search_fields = ["alt_en", "alt_es", "credit"]
    ordering = ["-pk"]
    readonly_fields = ["picture", "size"]
    fieldsets = [
        (None, {"fields": ["picture", "file", *both("alt"), ("credit", "licence"), ("focal_x", "focal_y"), "size"]}),
    ]

    @admin.display(description=_("picture"))
    def picture(self, image):
        return preview(image)

    @admin.display(description=_("size in pixels"))
    def size(self, image):
        return f"{image.width} × {image.height}" if image.width else ""
