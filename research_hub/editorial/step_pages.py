"""The steps of the workflow in the admin: a page for each, and actions for many entries at once."""

from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from .checklist import findings
from .forms import AnswersForm, EntryForm
from .notices import holders
from .workflow import IN_REVIEW, STEPS, Answers, has_right, open_steps, public_on, refusal, take


class StepPages:
    actions = ["submit_chosen", "approve_chosen", "publish_chosen"]

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        page = self.admin_site.admin_view(self.step_page)
        return [path("<int:pk>/step/<slug:code>/", page, name=name), *super().get_urls()]

    def step_address(self, entry, code: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_step", args=[entry.pk, code])

    def step_page(self, request, pk, code):
        """Ask for what the step needs, then take it; who may not is refused before anything is shown."""
        entry, step = self.entry_shown(request, pk), STEPS.get(code)
        if step is None:
            raise Http404
        if reason := refusal(step, entry, request.user):
            if request.method == "POST":
                raise PermissionDenied(reason)
            self.message_user(request, reason, messages.WARNING)
            return HttpResponseRedirect(self.address_of(entry))
        form = AnswersForm(step, entry, takers(step, entry), request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid() and (row := self.try_step(request, step, entry, form)):
            return HttpResponseRedirect(self.address_of(row))
        found = findings(entry, public_on(step)) if step.is_checked else []
        return self.page(
            request, "step", entry, title=step.label, subtitle=str(entry), form=form, step=step, findings=found
        )  # fmt: skip

    def try_step(self, request, step, entry, form):
        """The row that remains, or None where the entry is not ready and the form says why."""
        given = {name: form.cleaned_data[name] for name in step.asks if name in form.cleaned_data}
        answers = Answers(**given | ({"field_notes": form.field_notes} if "field_notes" in step.asks else {}))
        try:
            seen = form.cleaned_data["seen"]
            row = take(step.code, entry, by=request.user, answers=answers, request=request, seen=seen)
        except ValidationError as error:
            own = getattr(error, "error_dict", {}).keys() & form.fields.keys()
            form.add_error(None, error if own else self.explain(error))
            return None
        self.message_user(request, step.done % row, messages.SUCCESS)
        return row

    def address_of(self, entry) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[entry.pk])

    def buttons(self, request, entry) -> list[dict]:
        """The steps that lead on from here, for the row of buttons under a form."""
        return [
            {"code": step.code, "label": step.label, "url": self.step_address(entry, step.code)}
            for step in open_steps(entry, request.user)
        ]

    # Many at once

    @admin.action(
        permissions=["change"], description=gettext_lazy("Submit selected %(verbose_name_plural)s for review")
    )
    def submit_chosen(self, request, queryset):
        self.one_by_one(request, queryset, "submit")

    @admin.action(permissions=["review"], description=gettext_lazy("Approve selected %(verbose_name_plural)s"))
    def approve_chosen(self, request, queryset):
        self.one_by_one(request, queryset, "approve")

    @admin.action(permissions=["publish"], description=gettext_lazy("Publish selected %(verbose_name_plural)s"))
    def publish_chosen(self, request, queryset):
        self.one_by_one(request, queryset, "publish")

    def one_by_one(self, request, queryset, code):
        """Take each entry through the step; one that is refused says why and keeps no other back."""
        for main in queryset:
            entry = main.written_on
            try:
                row = take(code, entry, by=request.user, request=request)
            except ValidationError as error:
                self.message_user(request, f"“{entry}”: {self.explain(error)}", messages.ERROR)
            except PermissionDenied as error:
                self.message_user(request, f"“{entry}”: {error}", messages.ERROR)
            else:
                self.message_user(request, STEPS[code].done % row, messages.SUCCESS)

    def has_review_permission(self, request) -> bool:
        return has_right(request.user, "review", self.model)

    def has_publish_permission(self, request) -> bool:
        return has_right(request.user, "publish", self.model)

    def explain(self, error: ValidationError) -> str:
        """A refusal in one line, with the names of the fields."""
        if not hasattr(error, "error_dict"):
            return " ".join(error.messages)
        return " ".join(
            " ".join(reasons) if name == NON_FIELD_ERRORS else f"{self.name_of(name)}: {' '.join(reasons)}"
            for name, reasons in error.message_dict.items()
        )

    def name_of(self, field: str) -> str:
        names = {column.name: column.verbose_name for column in self.opts.get_fields() if column.concrete}
        return capfirst(names.get(field) or EntryForm.base_fields[field].label)


def takers(step, entry):
    """Whom the entry can be given to: to be reviewed, a reviewer; else anybody who writes."""
    right = "review" if step.code == "submit" or entry.status == IN_REVIEW else "change"
    return holders(right, entry).order_by("username")
