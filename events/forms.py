import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from research_hub.activity.dates import MAX_YEAR, MIN_YEAR
from research_hub.editorial.forms import EntryForm

from .models import validate_zone

MOMENTS = ("starts_at", "ends_at")


class HourField(forms.TimeField):
    """An hour as people write it: 18:30, 18.30, 18:30 h, 6:30 PM, 6:30 p. m., 6 pm."""

    def to_python(self, value):
        return super().to_python(on_24_hours(value) if isinstance(value, str) else value)


HOUR = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?:[:.](\d{2}))?(hr?s?\.?)?(?:([ap])\.?m\.?)?", re.IGNORECASE)


def on_24_hours(typed: str) -> str:
    """The hour as Django's field reads it; what is none is returned as it is, for that to refuse."""
    match = HOUR.fullmatch("".join(typed.split()))
    if not match:
        return typed
    hour, minute, second, is_hours, half = match.groups()
    if not any([minute, is_hours, half]) or (half and not 1 <= int(hour) <= 12):
        return typed
    if half:
        hour = int(hour) % 12 + (12 if half.lower() == "p" else 0)
    return f"{hour}:{minute or '00'}:{second or '00'}"


class LocalMomentField(forms.SplitDateTimeField):
    """A day and an hour as a clock on the wall shows them, wherever that wall is."""

    widget = AdminSplitDateTime

    def __init__(self, **options):
        super().__init__(**options)
        day, hour = self.fields
        self.fields = (day, HourField(required=False, disabled=hour.disabled, error_messages=hour.error_messages))

    def compress(self, data_list):
        with timezone.override(UTC):
            moment = super().compress(data_list)
        return moment and moment.replace(tzinfo=None)


def moment_at(typed: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the clocks of the zone show this; ValidationError if that is never, or twice."""
    if not MIN_YEAR <= typed.year <= MAX_YEAR:
        raise ValidationError(_("Write a year from 1000 to 2999."), code="range")
    moment = typed.replace(tzinfo=zone)
    if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != typed:
        raise ValidationError(
            _("There was or will be no such hour on this day there: the clocks go forward."), code="gap"
        )
    if moment.utcoffset() != moment.replace(fold=1).utcoffset():
        raise ValidationError(
            _("This hour comes twice on this day there, because the clocks go back: choose another."),
            code="overlap",
        )
    return moment


class EventForm(EntryForm):
    """Times are those of the place: typed and shown in the event's own zone."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in MOMENTS:
            moment = getattr(self.instance, name)
            self.initial[name] = moment and moment.astimezone(self.instance.zone).replace(tzinfo=None)
        if "date" in self.fields:
            self.describe_date()

    def describe_date(self):
        date = self.fields["date"]
        if self.instance.starts_at:
            date.disabled, date.help_text = True, _("Taken from the start and the end.")
        else:
            date.help_text = _("For an event without a start and an end: 31 August 2017, 02/2017, 2017.")

    def clean_time_zone(self):
        validate_zone(self.cleaned_data["time_zone"])
        return self.cleaned_data["time_zone"]

    def clean(self):
        super().clean()
        for name in MOMENTS:
            if self.cleaned_data.get(name):
                self.place(name)

    def place(self, name):
        """Turn what the clock shows into a moment; one that nobody touched stays as it is stored."""
        if not {name, "time_zone"} & set(self.changed_data):
            self.cleaned_data[name] = getattr(self.instance, name)
        elif "time_zone" not in self.cleaned_data:
            del self.cleaned_data[name]
        else:
            try:
                zone = ZoneInfo(self.cleaned_data["time_zone"])
                self.cleaned_data[name] = moment_at(self.cleaned_data[name], zone)
            except ValidationError as error:
                self.add_error(name, error)
