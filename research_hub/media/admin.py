"""Images, and the rows of an entry that an editor puts in order."""

from fractions import Fraction

from django import forms
from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationStackedInline

from research_hub.languages.admin import BilingualAdmin, BilingualForm, Inputs, both

from .models import Image
from .views import picture, thumbnail

PREVIEW = 120  # pixels
LAST_PLACE = 32767  # of a small integer


def preview(image, proportions=None) -> str:
    """A small picture of the picture, cropped or not; an empty text where there is none."""
    if not image or not image.file:
        return ""
    shown = proportions or Fraction(image.file.width, image.file.height)
    return format_html(
        '<img class="preview" src="{}" alt="{}" width="{}" height="{}" loading="lazy" decoding="async">',
        thumbnail(image, proportions),
        image,
        max(1, round(PREVIEW * shown)),
        PREVIEW,
    )


class OrderedForm(BilingualForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "position" in self.fields:
            self.fields["position"].required = False

    def has_changed(self):
        """A number alone does not make an empty row a row."""
        changed = set(self.changed_data)
        return bool(changed - {"position"} if self.instance._state.adding else changed)

    def clean_position(self):
        typed = self.cleaned_data["position"]
        return self.instance.position if typed is None else typed


class OrderedFormSet(forms.BaseInlineFormSet):
    """Rows with a place each; a new one for which none was typed comes last."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = _("Delete")

    def clean(self):
        for form in self.extra_forms:
            if form.has_changed() and form.is_valid() and form["position"].data in (None, "", self.untyped(form)):
                form.cleaned_data["position"] = form.instance.position = self.free_place(form)
        super().clean()

    def save(self, commit=True):
        # Rows that exchange what only one may have would meet on the way: those that change leave first, then return.
        changed = [form.instance.pk for form in self.initial_forms if form.has_changed()]
        self.model._base_manager.filter(pk__in=changed).delete()
        return super().save(commit)

    def untyped(self, form) -> str:
        """What the input of an empty row holds before anybody types."""
        return str(form["position"].initial)

    def free_place(self, form) -> int:
        return min(max(self.taken(form), default=0) + 1, LAST_PLACE)

    def taken(self, form) -> list[int]:
        rows = [row.cleaned_data for row in self.forms if row is not form and row.is_valid() and row.cleaned_data]
        return [row["position"] for row in rows if not row.get("DELETE")]


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


class OrderedTabular(Ordered, Inputs, admin.TabularInline):
    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        field.widget.attrs["aria-label"] = db_field.verbose_name  # a column's heading names no input
        return field


class OrderedStacked(Ordered, Inputs, TranslationStackedInline):
    pass


@admin.register(Image)
class ImageAdmin(BilingualAdmin):
    list_display = ["picture", "__str__", "credit", "licence", "size"]
    list_display_links = ["picture", "__str__"]
    search_fields = ["alt_en", "alt_es", "credit"]
    ordering = ["-pk"]
    readonly_fields = ["focal_point", "size"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "file",
                    "size",
                    "focal_point",
                    ("focal_x", "focal_y"),
                    *both("alt"),
                    ("credit", "licence"),
                ]
            },
        ),
    ]

    class Media:
        js = ["admin_hub/focal-point.js"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "file":
            # Django's own field opens a picture by every decoder that there is, and measures it once the record has it.
            kwargs |= {"validators": db_field.validators, "form_class": forms.FileField}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("picture"))
    def picture(self, image):
        return preview(image)

    @admin.display(description=_("focal point"))
    def focal_point(self, image):
        """The picture, on which focal-point.js lets the point be clicked; without scripts its numbers are typed."""
        shown = picture(image) if image and image.file else None
        return render_to_string("admin/media/_focal_point.html", {"picture": shown})

    @admin.display(description=_("size in pixels"))
    def size(self, image):
        return f"{image.width} × {image.height}" if image.width else ""
