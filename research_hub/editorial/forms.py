"""What staff type about an entry, and what is refused before anything is saved."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from research_hub.activity.dates import UNDATED, DateError, PartialDate, parse_date, read_iso
from research_hub.activity.models import LONGEST_DAYS
from research_hub.languages.admin import BilingualForm
from research_hub.languages.text import current
from research_hub.media.admin import OrderedFormSet

NEEDS_A_TOPIC = gettext_lazy("A public entry has at least one topic: without one it stands on no topic’s page.")


def goes_public(data, entry) -> bool:
    """Whether readers will see the entry as it is saved with this form."""
    return "_publish" in data or (entry.is_published and "_withdraw" not in data)


class PartialDateField(forms.CharField):
    """A date of any precision, typed as its language writes it and shown as ISO."""

    def __init__(self, **options):
        options.setdefault("required", False)
        options.setdefault(
            "help_text",
            gettext_lazy("A day, a month or a year: 31 August 2017, 02/2017, 2017. Empty: undated."),
        )
        super().__init__(**options)

    def prepare_value(self, value):
        return value.iso() if isinstance(value, PartialDate) else value

    def has_changed(self, initial, data):
        return not self.disabled and (self.prepare_value(initial) or "") != (data or "").strip()

    def to_python(self, value) -> PartialDate:
        text = super().to_python(self.prepare_value(value))
        if not text:
            return UNDATED
        try:
            date = self.parse(text)
        except DateError as error:
            raise ValidationError(error.message, code=error.code) from error
        if (date.hi - date.lo).days > LONGEST_DAYS:
            raise ValidationError(_("From its first to its last day there is a year at most."), code="span")
        return date

    def parse(self, text: str) -> PartialDate:
        try:
            return read_iso(text)  # the only way to write the days that an event lasts
        except ValueError:
            return parse_date(text, current())


class EntryForm(BilingualForm):
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    date = PartialDateField(label=gettext_lazy("Date"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial |= {"seen_version": self.instance.version, "date": self.instance.date}

    def clean(self):
        super().clean()
        if "date" in self.cleaned_data:
            self.instance.date = self.cleaned_data["date"]
        if self.instance.pk and self.cleaned_data.get("seen_version") != self.instance.version:
            self.show_the_newer_save()

    def full_clean(self):
        super().full_clean()
        if self.is_bound and goes_public(self.data, self.instance):
            self.hear(self.instance.check_publishable)
        if "_publish" in self.data and not self.errors:
            self.hear(self.instance.full_clean)  # with the columns that this form does not show

    def hear(self, check):
        try:
            check()
        except ValidationError as error:
            self.add_error(None, error)

    def show_the_newer_save(self):
        """Refuse to save over it; what was typed stays, and saving again is then a decision."""
        self.add_error(
            None,
            _(
                "%(who)s saved this on %(when)s, after you had opened it. Nothing you typed is lost and "
                "nothing is saved yet: each field that differs says what is stored now. Take over what you "
                "want to keep, then save again; what stands in the form will replace what is stored."
            )
            % {
                "who": self.instance.updated_by or _("Somebody else"),
                "when": formats.date_format(timezone.localtime(self.instance.updated_at), "DATETIME_FORMAT"),
            },
        )
        for name in set(self.changed_data) - {"seen_version"}:
            stored = self[name].initial
            if isinstance(stored, PartialDate | str | None):
                words = strip_tags(str(stored or "")) or _("nothing")
                self.add_error(name, _("Stored now: %(words)s") % {"words": words})
            else:
                self.add_error(name, _("Something else is stored now."))
        self.data = self.data.copy()
        self.data[self.add_prefix("seen_version")] = self.instance.version


class TopicFormSet(OrderedFormSet):
    """The topics of an entry; a public one keeps at least one."""

    def clean(self):
        super().clean()
        kept = [
            form
            for form in self.forms
            if getattr(form, "cleaned_data", {}).get("topic") and not form.cleaned_data.get("DELETE")
        ]
        if goes_public(self.data, self.instance) and not kept and not any(self.errors):
            raise ValidationError(NEEDS_A_TOPIC, code="needs_a_topic")
