"""What staff type about an entry, and what is refused before anything is saved."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from research_hub.activity.dates import UNDATED, DateError, PartialDate, parse_date, read_iso
from research_hub.activity.models import LONGEST_DAYS
from research_hub.languages.admin import BilingualForm
from research_hub.languages.text import LANGUAGES, current
from research_hub.media.checks import check_year

from .moments import by_which_clock, in_words
from .versions import row_sets


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


def token(entry) -> str:
    """What names the state of a row that a form was opened with."""
    return f"{entry.pk}.{entry.version}"


class EntryForm(BilingualForm):
    """The form of an entry; of one that has been public, it is saved into the working copy."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    date = PartialDateField(label=gettext_lazy("Date"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stored = self.instance.written_on
        self.initial |= {"seen": token(self.stored), "date": self.instance.date}

    def clean(self):
        super().clean()
        if "date" in self.cleaned_data:
            self.instance.date = self.cleaned_data["date"]
        if self.stored.pk and self.cleaned_data.get("seen") != token(self.stored):
            self.show_the_newer_save()

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
                "who": self.stored.updated_by or _("Somebody else"),
                "when": in_words(self.stored.updated_at),
            },
        )
        for label, names in rows_in_words(self.stored):
            self.add_error(None, _("Stored now: %(words)s") % {"words": f"{label}: {names}"})
        newer = type(self)(instance=self.stored)
        for name in set(self.fields) - {"seen"}:
            if self.differs(name, newer):
                self.add_error(name, self.stored_words(name, newer[name].initial))
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = token(self.stored)

    def differs(self, name: str, newer) -> bool:
        field = self.fields[name]
        if field.disabled:
            return False
        return field.has_changed(newer[name].initial, self[name].data)

    def stored_words(self, name: str, stored) -> str:
        if stored and isinstance(self.fields[name], forms.TypedChoiceField):
            stored = str(dict(self.fields[name].choices).get(stored, stored))
        if isinstance(stored, PartialDate | str | None):
            return _("Stored now: %(words)s") % {"words": strip_tags(str(stored or "")) or _("nothing")}
        return _("Something else is stored now.")


def rows_in_words(entry) -> list[tuple[str, str]]:
    """The rows of an entry, such as its authors, by what they are called together."""
    return [
        (
            capfirst(relation.related_model._meta.verbose_name_plural),
            ", ".join(map(str, getattr(entry, name).in_order())) or _("nothing"),
        )
        for name, relation in row_sets(entry).items()
    ]


class AnswersForm(forms.Form):
    """What a step asks for; it has the fields that the step names."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("For your colleagues; it is kept in the history."),
    )
    assigned_to = forms.ModelChoiceField(
        None,
        label=gettext_lazy("For"),
        required=False,
        empty_label=gettext_lazy("Nobody in particular"),
    )
    due_on = forms.DateField(
        label=gettext_lazy("Wanted by"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    moment = forms.SplitDateTimeField(
        label=gettext_lazy("When"),
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date"}, time_attrs={"type": "time"}, date_format="%Y-%m-%d", time_format="%H:%M"
        ),
    )
    reason_en = forms.CharField(
        label=gettext_lazy("Reason, in English"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2, "lang": "en"}),
        help_text=gettext_lazy("Public: it stands where the page was."),
    )
    reason_es = forms.CharField(
        label=gettext_lazy("Reason, in Spanish"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2, "lang": "es"}),
        help_text=gettext_lazy("Public: it stands where the page was."),
    )

    def __init__(self, step, entry, takers, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.step, self.entry = step, entry
        self.initial["seen"] = entry.version
        for name in set(self.fields) - {"seen", *step.asks}:
            del self.fields[name]
        if "assigned_to" in self.fields:
            self.fields["assigned_to"].queryset = takers
        if "moment" in self.fields:
            self.fields["moment"].help_text = by_which_clock()
        if "field_notes" in step.asks:
            for name, label in noted_fields(entry):
                self.fields[f"on_{name}"] = forms.CharField(
                    label=_("On “%s”") % label,
                    required=False,
                    max_length=1000,
                    widget=forms.Textarea(attrs={"rows": 1}),
                )

    def clean_moment(self):
        check_year(self.cleaned_data["moment"])
        return self.cleaned_data["moment"]

    def clean(self):
        super().clean()
        asks_reason = {"reason_en", "reason_es"} & set(self.fields)
        if asks_reason and not any(self.cleaned_data.get(name) for name in asks_reason):
            self.add_error(f"reason_{self.entry.source_language}", _("Say why, for readers who come back to the page."))

    @property
    def field_notes(self) -> dict[str, str]:
        return {
            name.removeprefix("on_"): note
            for name, note in self.cleaned_data.items()
            if name.startswith("on_") and note
        }


NOTED = ["title", "subtitle", "summary", "body", "slug"]


def noted_fields(entry) -> list[tuple[str, str]]:
    """The fields on which a reviewer may have something to say, with their labels."""
    columns = {field.name: field for field in entry._meta.concrete_fields}
    named = [f"{name}_{language}" for name in NOTED for language in LANGUAGES if f"{name}_{language}" in columns]
    return [*((name, capfirst(columns[name].verbose_name)) for name in named), ("date", _("Date"))]


def named_notes(entry, revision) -> list[tuple[str, str]]:
    """A reviewer's notes, each with the name of its field."""
    labels = dict(noted_fields(entry))
    return [(labels.get(name, name), note) for name, note in revision.field_notes.items()]
