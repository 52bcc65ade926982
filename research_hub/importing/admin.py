"""What comes from other systems, in the admin: a file is planned, looked at, taken in, and taken back."""

import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from research_hub.activity.kinds import KINDS
from research_hub.activity.spreadsheet import pieces
from research_hub.languages.admin import Inputs
from research_hub.languages.keys import is_number

from . import mapping, quality, unsaid
from .apply import Applied, Planning, Undone
from .attachments import Attachments, NotTaken
from .models import PUBLISHING, Batch, Equivalent, Finding, Row
from .readers import READERS, reader_for, unreadable

MOST_SECONDS = 4  # of work in one request; the page then asks for the next
ROWS_ON_A_PAGE = 50
COLUMNS = ["number", "place", "source_id", "title", "action", "state", "reason", "remarks", "uid"]


class BatchForm(forms.ModelForm):
    format = forms.ChoiceField(label=capfirst(gettext_lazy("format")), required=False)
    upload = forms.FileField(
        label=capfirst(gettext_lazy("file")), help_text=gettext_lazy("It is read and planned; nothing is taken in yet.")
    )

    class Meta:
        model = Batch
        fields = ["upload", "archive", "format", "source", "takes_twins"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        told = sorted((code, reader.label) for code, reader in READERS.items())
        self.fields["format"].choices = [("", _("As the file tells")), *told]

    def clean(self):
        super().clean()
        file = self.cleaned_data.get("upload")
        if file and not self.cleaned_data.get("format"):
            with as_path(file, file.name) as here:
                reader = reader_for(here)
                if reader is None:
                    raise ValidationError({"upload": unreadable(here).why})
            self.cleaned_data["format"] = reader.code
        return self.cleaned_data

    def clean_archive(self):
        archive = self.cleaned_data["archive"]
        if archive:
            try:
                Attachments(archive)
            except NotTaken as error:
                raise ValidationError(str(error)) from error
        return archive


@contextmanager
def as_path(file, name: str):
    """A stored or uploaded file as one on the disk of this machine, under the end of its name."""
    with tempfile.NamedTemporaryFile(suffix="".join(Path(name).suffixes[-2:])) as copy:
        file.seek(0)
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        file.seek(0)
        yield Path(copy.name)


@admin.register(Batch)
class BatchAdmin(admin.ModelAdmin):
    form = BatchForm
    add_form_template = "admin/importing/add.html"
    list_display = ["source", "file", "state", "made_at", "made_by"]
    list_filter = ["state"]
    ordering = ["-pk"]
    show_full_result_count = False

    def get_urls(self):
        pages = {"table": ("plan.csv", self.table), "quality": ("quality/", self.quality)}
        pages |= {"findings": ("quality.csv", self.quality_table), "words": ("words/", self.words)}
        own = [
            path(f"<int:pk>/{end}", self.admin_site.admin_view(page), name=f"importing_batch_{name}")
            for name, (end, page) in pages.items()
        ]
        return [*own, *super().get_urls()]

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        obj.file, obj.format, obj.made_by = obj.upload.name[-300:], form.cleaned_data["format"], request.user
        super().save_model(request, obj, form, change)

    def add_view(self, request, form_url="", extra_context=None):
        only_one = {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().add_view(request, form_url, only_one | (extra_context or {}))

    def response_add(self, request, obj, post_url_continue=None):
        return HttpResponseRedirect(address(obj))

    # The page of a batch

    def change_view(self, request, object_id, form_url="", extra_context=None):
        batch = self.batch_shown(request, object_id if is_number(object_id) else 0)
        if request.method == "POST":
            if not self.has_add_permission(request):
                raise PermissionDenied
            if mapping.asks_for_columns(batch):
                return self.take_columns(request, batch)
            try:
                self.work(request, batch)
            except NotTaken as why:
                messages.error(request, str(why))
                return self.page(request, "batch", batch, **self.shown(request, batch), stopped=True)
            return HttpResponseRedirect(address(batch))
        columns = self.columns_of(batch) if mapping.asks_for_columns(batch) and self.has_add_permission(request) else []
        if columns:
            return self.ask_for_columns(request, batch, columns)
        return self.page(request, "batch", batch, **self.shown(request, batch))

    def batch_shown(self, request, pk) -> Batch:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(Batch, pk=pk)

    def page(self, request, template: str, batch: Batch, **context):
        own = {"opts": self.opts, "title": str(batch), "batch": batch, "report": quality.report(batch)}
        own["may_import"] = self.has_add_permission(request)
        return TemplateResponse(
            request, f"admin/importing/{template}.html", self.admin_site.each_context(request) | own | context
        )

    def shown(self, request, batch: Batch) -> dict:
        chosen = {name: request.GET[name] for name in ("action", "state", "finding") if request.GET.get(name)}
        found = {("findings__what" if name == "finding" else name): value for name, value in chosen.items()}
        counts, standing = batch.counts(), batch.standing()
        rows = batch.rows.filter(**{name: value.replace("\0", "") for name, value in found.items()})
        done, to_do = progress(batch, counts, standing)
        return {
            "actions": [(code, label, counts[code]) for code, label in Row.Action.choices if code in counts],
            "states": [(code, label, standing[code]) for code, label in Row.State.choices if code in standing],
            "page": with_forms(Paginator(rows.order_by("number"), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))),
            "chosen": chosen,
            "finding": dict(Finding.What.choices).get(chosen.get("finding")),
            "counts": counts,
            "has_something": Row.State.DONE in standing,
            "done": done,
            "to_do": to_do,
            "may_say_words": batch.state == Batch.State.PLANNED and self.may_say_words(request),
            "may_publish": request.user.has_perms(PUBLISHING),
            "may_go_on": self.has_add_permission(request) and may_be_gone_on_with(batch, request.user),
        }

    def work(self, request, batch: Batch) -> None:
        """Begin what was asked for, or go on with what was begun, for a few seconds."""
        asked = request.POST.get("do")
        state = batch.state
        if asked == "apply" and state == Batch.State.PLANNED:
            self.begin(request, batch)
        elif not batch.may_be_moved_by(request.user):
            raise PermissionDenied
        elif asked == "undo" and state == Batch.State.APPLIED:
            go_on(Undone(batch, by=request.user))
        elif asked == "go_on" and state == Batch.State.READING:
            self.plan(batch)
        elif asked == "go_on" and state == Batch.State.APPLYING:
            go_on(Applied(batch, by=request.user))
        elif asked == "go_on" and state == Batch.State.UNDOING:
            go_on(Undone(batch, by=request.user))
        else:
            messages.warning(request, _("It stands elsewhere by now: look at it again."))

    def begin(self, request, batch: Batch) -> None:
        """Only the first of those who press at once says whether it is to be public."""
        work = Applied(batch, by=request.user)
        batch.is_to_be_public = "publish" in request.POST and request.user.has_perms(PUBLISHING)
        said = {"state": Batch.State.APPLYING, "is_to_be_public": batch.is_to_be_public}
        if Batch.objects.filter(pk=batch.pk, state=Batch.State.PLANNED).update(**said):
            go_on(work)

    # Its columns, where it is a table

    def columns_of(self, batch: Batch) -> list[mapping.Column]:
        """None where it cannot be read: then reading it tells why."""
        try:
            with as_path(batch.upload, batch.file) as here:
                return mapping.columns_of(here)
        except Exception:  # each of the libraries has its own
            return []

    def ask_for_columns(self, request, batch: Batch, columns: list[mapping.Column], sent=None, errors=()):
        headers = [column.header for column in columns]
        before = mapping.remembered(headers)
        first = sent or before or mapping.guess(headers)
        asked = [
            {"name": f"column-{n}", "column": column, "chosen": first.get(column.header, mapping.LEFT_OUT)}
            for n, column in enumerate(columns[: mapping.MOST_ASKED])
        ]
        return self.page(
            request, "columns", batch, asked=asked, fields=mapping.FIELDS.items(), is_remembered=bool(before),
            errors=errors, left=len(columns) - len(asked),
        )  # fmt: skip

    def take_columns(self, request, batch: Batch):
        columns = self.columns_of(batch)
        headers = [column.header for column in columns]
        said = {
            header: request.POST[name] for n, header in enumerate(headers) if (name := f"column-{n}") in request.POST
        }
        try:
            if columns and not said:
                raise ValidationError(_("Say first what the columns are."))
            mapping.settle(batch, headers, mapping.checked(headers, said) if columns else {})
        except ValidationError as error:
            return self.ask_for_columns(request, batch, columns, said, error.messages)
        self.plan(batch)
        return HttpResponseRedirect(address(batch))

    def plan(self, batch: Batch) -> None:
        if not batch.upload or not batch.upload.storage.exists(batch.upload.name):
            raise NotTaken(_("Its file is not here, or not any more: bring it in anew."))
        with as_path(batch.upload, batch.file) as here, suppress(IntegrityError):  # it is read in another window, too
            go_on(Planning(batch, lambda: mapping.read(batch, here)))

    # Its words that mean nothing here yet

    def words(self, request, pk):
        batch = self.batch_shown(request, pk)
        if not self.may_say_words(request):
            raise PermissionDenied
        words, errors = unsaid.words_of(batch), []
        if request.method == "POST":
            try:
                n = unsaid.say(batch, words, request.POST)
            except ValidationError as error:
                errors = error.messages
            else:
                self.tell_said(request, batch, n)
                return HttpResponseRedirect(address(batch))
        offered = unsaid.meanings()
        asked = [
            {"word": word, "meanings": offered[word.what], "chosen": request.POST.get(word.name)}
            for word in words[: unsaid.MOST_ASKED]
        ]
        return self.page(request, "words", batch, asked=asked, left=len(words) - len(asked), errors=errors)

    def may_say_words(self, request) -> bool:
        return self.has_add_permission(request) and request.user.has_perm("importing.add_equivalent")

    def tell_said(self, request, batch: Batch, n: int) -> None:
        if not n:
            messages.info(request, _("Nothing was said of any word."))
        elif unsaid.read_anew(batch):
            messages.success(request, _("It is remembered, and the file is read anew with it."))
        else:
            messages.success(request, _("It is remembered, and counts for what is taken in from now on."))

    # What had better be looked at, and tables

    def quality(self, request, pk):
        return self.page(request, "quality", self.batch_shown(request, pk))

    def quality_table(self, request, pk):
        batch = self.batch_shown(request, pk)
        return as_table(f"import-{batch.pk}-quality.csv", *quality.table(batch))

    def table(self, request, pk):
        """The whole plan for a spreadsheet, with what became of it."""
        batch = self.batch_shown(request, pk)
        titles = [str(Row._meta.get_field(name).verbose_name) for name in COLUMNS]
        return as_table(f"import-{batch.pk}.csv", titles, map(cells_of, batch.rows.order_by("number").iterator()))


def with_forms(page):
    """Each row of the page with the address of its entry's form, where there is one."""
    forms = {}
    for kind in KINDS.values():
        opts = kind.model._meta
        found = kind.model.objects.main().filter(uid__in={row.uid for row in page if row.uid})
        for pk, uid in found.values_list("pk", "uid"):
            forms[uid] = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[pk])
    for row in page:
        row.form = forms.get(row.uid)
    return page


def progress(batch: Batch, counts: dict[str, int], standing: dict[str, int]) -> tuple[int, int]:
    """How many records are done, of how many that are to be."""
    done, waiting = standing.get(Row.State.DONE, 0), standing.get(Row.State.WAITING, 0)
    if batch.state == Batch.State.UNDOING:
        gone = standing.get(Row.State.UNDONE, 0) + standing.get(Row.State.KEPT, 0)
        return gone, gone + done
    to_do = counts.get(Row.Action.CREATE, 0) + counts.get(Row.Action.UPDATE, 0)
    return to_do - waiting, to_do


def cells_of(row: Row) -> list[str]:
    values = [getattr(row, f"get_{name}_display", lambda name=name: getattr(row, name))() for name in COLUMNS]
    return [" · ".join(map(str, value)) if isinstance(value, list) else str(value) for value in values]


def as_table(name: str, titles: list[str], lines) -> StreamingHttpResponse:
    rows = in_language(lines, translation.get_language())
    answer = StreamingHttpResponse(pieces(titles, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def in_language(lines, language: str):
    """The page's language has ended when a table is sent, so it is spoken anew for each line."""
    while True:
        with translation.override(language):
            line = next(lines, None)
        if line is None:
            return
        yield line


def may_be_gone_on_with(batch: Batch, user) -> bool:
    """A file that a command reads is read by that command alone."""
    is_read_elsewhere = batch.state == Batch.State.READING and not batch.upload
    return batch.may_be_moved_by(user) and not is_read_elsewhere


def go_on(work) -> None:
    """Work for a few seconds, not counted what it takes to find the place where it was left."""
    is_more, end = work.some(), monotonic() + MOST_SECONDS
    while is_more and monotonic() < end:
        is_more = work.some()


def address(batch: Batch) -> str:
    return reverse("admin:importing_batch_change", args=[batch.pk])


@admin.register(Equivalent)
class EquivalentAdmin(Inputs, admin.ModelAdmin):
    list_display = ["word", "what", "source", "meaning"]
    list_filter = ["what", "source"]
    search_fields = ["word"]
    ordering = ["source", "what", "word"]
    autocomplete_fields = ["topic", "region", "series", "author"]
    fields = ["source", "what", "word", "topic", "region", "series", "type", "author"]

    @admin.display(description=gettext_lazy("here"))
    def meaning(self, equivalent):
        return getattr(equivalent, equivalent.what) or _("left out")
