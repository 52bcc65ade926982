"""What is typed on the translation desk."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField

from .queue import translators
from .tasks import Task
from .work import Text

LONGER = 1.3  # than its original a text may be before the page says so: Spanish needs a quarter more than English


class TextForm(forms.Form):
    """The translation of one text, and what the user looked at while they wrote it."""

    is_changed = False  # whether something was kept

    words = forms.CharField(required=False, strip=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=600, widget=forms.TextInput(attrs={"class": "vTextField"})
    )

    def __init__(self, text: Text, *args, **kwargs):
        self.text = text
        initial = {"words": text.words, "seen": str(text.seen)}
        super().__init__(*args, prefix=text.field, initial=initial, **kwargs)
        self.fields["words"].label = text.label
        self.fields["words"].widget = self.box()

    def box(self):
        column = self.text.row._meta.get_field(self.text.column)
        attrs = {"lang": self.text.task.language, "spellcheck": "true"}
        if isinstance(column, ProseEditorField):
            widget = column.formfield(widget=AdminTextareaWidget).widget
            widget.attrs |= attrs
            return widget
        rows = 2 if column.max_length else 6
        longest = self.longest(column)
        return forms.Textarea(attrs={**attrs, "rows": rows, "class": "vLargeTextField", "data-budget": longest})

    def longest(self, column) -> int:
        length = max(60, round(len(self.text.source) * LONGER))
        return min(length, column.max_length or length)


class NoteForm(forms.Form):
    note = forms.CharField(required=False, max_length=5000)


class PlanForm(forms.ModelForm):
    class Meta:
        model = Task
        fields = ["assigned_to", "due_on", "is_held"]
        widgets = {"due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assigned_to"].queryset = translators()
        self.fields["assigned_to"].empty_label = _("Nobody in particular")


class BulkPlanForm(forms.Form):
    """For many at once: what is left empty stays as it is."""

    uids = forms.MultipleChoiceField()
    assigned_to = forms.ModelChoiceField(None, label=_("Assigned to"), required=False, empty_label=_("As it is"))
    due_on = forms.DateField(label=_("Owed by"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assigned_to"].queryset = translators()
