from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from research_hub.activity.kinds import BITS, kind_by_code
from research_hub.activity.models import Activity
from research_hub.languages.admin import BilingualAdmin, both
from research_hub.languages.text import current, other
from research_hub.media.admin import OrderedForm, OrderedFormSet, OrderedTabular

from .models import FeaturedEntry, Region, Topic


class FeaturedForm(OrderedForm):
    """One of a topic's featured entries; one that is withdrawn keeps its place and cannot be exchanged."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        number = self.instance.activity_id
        if number and "activity" in self.fields and not Activity.objects.filter(pk=number).exists():
            self.fields["activity"] = forms.CharField(disabled=True, required=False)
            self.initial["activity"] = _("%s (not public now)") % withdrawn(number)

    def clean(self):
        super().clean()
        if self.fields["activity"].disabled:
            del self.cleaned_data["activity"]

    def validate_constraints(self):
        """Left to the set of rows, which may exchange their places."""


def withdrawn(number: int) -> str:
    entry = kind_by_code(number & (1 << BITS) - 1).model.objects.filter(pk=number >> BITS).first()
    return str(entry or number)


class FeaturedFormSet(OrderedFormSet):
    def free_place(self, form):
        return min(set(range(1, FeaturedEntry.MOST + 1)) - set(self.taken(form)), default=FeaturedEntry.MOST)


class Featured(OrderedTabular):
    model = FeaturedEntry
    form = FeaturedForm
    formset = FeaturedFormSet
    fields = ["activity", "position"]
    autocomplete_fields = ["activity"]
    max_num = FeaturedEntry.MOST
    extra = 1


class SubjectAdmin(BilingualAdmin):
    list_display = ["__str__", "parent", "position", "languages"]
    list_select_related = ["parent"]
    search_fields = ["name_en", "name_es"]
    autocomplete_fields = ["parent"]

    def get_ordering(self, request):
        return [f"name_{current()}", f"name_{other(current())}", "pk"]


@admin.register(Topic)
class TopicAdmin(SubjectAdmin):
    autocomplete_fields = ["parent", "image"]
    fieldsets = [
        (None, {"fields": [*both("name", "intro"), ("parent", "position"), "image"]}),
        (gettext_lazy("Address"), {"fields": both("slug")}),
    ]
    inlines = [Featured]


@admin.register(Region)
class RegionAdmin(SubjectAdmin):
    list_filter = ["kind"]
    search_fields = [*SubjectAdmin.search_fields, "=code"]
    fieldsets = [
        (None, {"fields": [*both("name"), ("kind", "code"), ("parent", "position")]}),
        (gettext_lazy("Address"), {"fields": both("slug")}),
    ]
