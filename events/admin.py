from functools import cache
from operator import attrgetter
from zoneinfo import available_timezones

from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db import models
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from research_hub.editorial.admin import STATE, StateFilter
from research_hub.editorial.inlines import Corrections, Downloads, Recordings, Topics
from research_hub.editorial.list_files import titled
from research_hub.languages.admin import both
from research_hub.languages.text import read
from research_hub.media.admin import OrderedTabular
from research_hub.translation.entry_admin import TranslatedEntryAdmin

from .forms import EventForm, LocalMomentField
from .models import Event, EventCorrection, EventDownload, EventMedia, EventTopic, Speaker

CONTINENTS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def zones() -> list[str]:
    """The zones to suggest; the older names of the same ones can be typed too."""
    return ["UTC", *sorted(name for name in available_timezones() if name.startswith(CONTINENTS))]


def local_moment(event, moment) -> str:
    return formats.date_format(moment.astimezone(event.zone), "DATETIME_FORMAT") if moment else "–"


def local_iso(event, moment) -> str:
    return moment.astimezone(event.zone).isoformat(timespec="minutes") if moment else ""


class EventTopics(Topics):
    model = EventTopic


class Speakers(OrderedTabular):
    model = Speaker
    fields = ["author", "role", "position"]
    autocomplete_fields = ["author"]
    extra = 1

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("author")


class EventDownloads(Downloads):
    model = EventDownload


class EventRecordings(Recordings):
    model = EventMedia


class EventCorrections(Corrections):
    model = EventCorrection


@admin.register(Event)
class EventAdmin(TranslatedEntryAdmin):
    form = EventForm
    list_display = ["shown_title", "format", "date", "state", "standing", "languages", "changed_on"]
    list_filter = [StateFilter, "format", "state", "source_language", "topics", "regions"]
    autocomplete_fields = ["regions", "publications"]
    formfield_overrides = {
        models.DateTimeField: {"form_class": LocalMomentField, "widget": AdminSplitDateTime},
    }
    fieldsets = [
        (None, {"fields": ["source_language", *both("title", "summary", "body", "slug")]}),
        (
            _("When"),
            {"fields": [("starts_at", "ends_at"), ("time_zone", "all_day"), ("date", "is_undated", "state")]},
        ),
        (
            _("Where"),
            {
                "fields": [
                    "format",
                    *both("venue"),
                    ("city", "country"),
                    "regions",
                    ("in_english", "in_spanish"),
                    ("registration_url", "join_url"),
                ]
            },
        ),
        (_("Publications"), {"fields": ["publications"]}),
        STATE,
    ]
    inlines = [EventTopics, Speakers, EventDownloads, EventRecordings, EventCorrections]
    readonly_fields = [*TranslatedEntryAdmin.readonly_fields, "local_start", "local_end"]
    read_as = TranslatedEntryAdmin.read_as | {"starts_at": "local_start", "ends_at": "local_end"}

    def list_columns(self):
        plain = ["time_zone", "city", "country", "registration_url", "join_url"]
        return [
            *super().list_columns(),
            (titled(Event, "starts_at"), lambda event: local_iso(event, event.starts_at)),
            (titled(Event, "ends_at"), lambda event: local_iso(event, event.ends_at)),
            (titled(Event, "format"), lambda event: event.get_format_display()),
            (titled(Event, "state"), lambda event: event.get_state_display()),
            (titled(Event, "venue"), lambda event: read(event, "venue")),
            *((titled(Event, column), attrgetter(column)) for column in plain),
        ]

    @admin.display(description=_("starts"))
    def local_start(self, event):
        return local_moment(event, event.starts_at)

    @admin.display(description=_("ends"))
    def local_end(self, event):
        return local_moment(event, event.ends_at)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "time_zone":
            field.widget.attrs["list"] = "zones"
        return field

    def render_change_form(self, request, context, **kwargs):
        return super().render_change_form(request, context | {"zones": zones()}, **kwargs)
