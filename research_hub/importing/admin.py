"""What comes from other systems, in the admin: a file is planned, looked at, taken in, and taken back."""

import csv
import tempfile
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .apply import Applied, Planning, Undone
from .attachments import Attachments, NotTaken
from .models import Batch, Equivalent, Row
from .readers import READERS, reader_for

MOST_SECONDS = 4  # of work in one request; the page then asks for the next
ROWS_ON_A_PAGE = 50
PUBLISHING = ["publications.override_publication", "events.override_event"]
COLUMNS = ["number", "place", "source_id", "title", "action", "state", "reason", "remarks", "uid"]


class BatchForm(forms.ModelForm):
    format = forms.ChoiceField(label=gettext_lazy("format"), required=False)
    upload = forms.FileField(
        label=gettext_lazy("file"), help_text=gettext_lazy("It is read and planned; nothing is taken in yet.")
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
                raise ValidationError({"upload": _("Its format was not recognised: choose one below.")})
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
    list_display = ["source", "file", "state", "made_at", "made_by"]
    list_filter = ["state"]
    ordering = ["-pk"]
    show_full_result_count = False

    def get_urls(self):
        table = path("<int:pk>/plan.csv", self.admin_site.admin_view(self.table), name="importing_batch_table")
        return [table, *super().get_urls()]

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        obj.file, obj.format, obj.made_by = obj.upload.name[-300:], form.cleaned_data["format"], request.user
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        return HttpResponseRedirect(address(obj))

    # The page of a batch

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        batch = get_object_or_404(Batch, pk=object_id if object_id.isdecimal() else 0)
        if request.method == "POST":
            if not self.has_add_permission(request):
                raise PermissionDenied
            self.work(request, batch)
            return HttpResponseRedirect(address(batch))
        return TemplateResponse(request, "admin/importing/batch.html", self.shown(request, batch))

    def shown(self, request, batch: Batch) -> dict:
        rows = batch.rows.order_by("number")
        chosen = {name: request.GET[name] for name in ("action", "state") if request.GET.get(name)}
        counts, standing = batch.counts(), batch.standing()
        return self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": str(batch),
            "batch": batch,
            "actions": [(code, label, counts[code]) for code, label in Row.Action.choices if code in counts],
            "states": [(code, label, standing[code]) for code, label in Row.State.choices if code in standing],
            "page": Paginator(rows.filter(**chosen), ROWS_ON_A_PAGE).get_page(request.GET.get("page")),
            "chosen": chosen,
            "done": standing.get(Row.State.DONE, 0),
            "to_do": counts.get(Row.Action.CREATE, 0) + counts.get(Row.Action.UPDATE, 0),
            "may_import": self.has_add_permission(request),
            "may_publish": request.user.has_perms(PUBLISHING),
        }

    def work(self, request, batch: Batch) -> None:
        """Begin what was asked for, or go on with what was begun, for a few seconds."""
        asked = request.POST.get("do")
        state = batch.state
        if asked == "apply" and state == Batch.State.PLANNED:
            batch.is_to_be_public = "publish" in request.POST and request.user.has_perms(PUBLISHING)
            batch.save(update_fields=["is_to_be_public"])
            go_on(Applied(batch, by=request.user))
        elif asked == "undo" and state == Batch.State.APPLIED:
            go_on(Undone(batch, by=request.user))
        elif asked == "go_on" and state == Batch.State.READING:
            with as_path(batch.upload, batch.file) as here:
                go_on(Planning(batch, lambda: READERS[batch.format].read(here)))
        elif asked == "go_on" and state == Batch.State.APPLYING:
            go_on(Applied(batch, by=request.user))
        elif asked == "go_on" and state == Batch.State.UNDOING:
            go_on(Undone(batch, by=request.user))
        else:
            messages.warning(request, _("It stands elsewhere by now: look at it again."))

    def table(self, request, pk):
        """The whole plan for a spreadsheet, with what became of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        batch = get_object_or_404(Batch, pk=pk)
        lines = (csv_line([getattr(row, name) for name in COLUMNS]) for row in batch.rows.order_by("number").iterator())
        head = csv_line([str(Row._meta.get_field(name).verbose_name) for name in COLUMNS])
        answer = StreamingHttpResponse(stream("\ufeff" + head, lines), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="import-{batch.pk}.csv"'
        return answer


def stream(head: str, lines):
    yield head
    yield from lines


class Line(list):
    """What csv writes to, a line at a time."""

    write = list.append


def csv_line(values: list) -> str:
    """One line; what a spreadsheet would take for a formula is text."""
    words = [" · ".join(map(str, value)) if isinstance(value, list) else str(value) for value in values]
    line = Line()
    csv.writer(line).writerow([f"'{word}" if word[:1] in ("=", "+", "-", "@", "\t", "\r") else word for word in words])
    return line[0]


def go_on(work) -> None:
    end = monotonic() + MOST_SECONDS
    while work.some() and monotonic() < end:
        pass


def address(batch: Batch) -> str:
    return reverse("admin:importing_batch_change", args=[batch.pk])


@admin.register(Equivalent)
class EquivalentAdmin(admin.ModelAdmin):
    list_display = ["word", "what", "source", "meaning"]
    list_filter = ["what", "source"]
    search_fields = ["word"]
    ordering = ["source", "what", "word"]
    autocomplete_fields = ["topic", "region", "series", "author"]
    fields = ["source", "what", "word", "topic", "region", "series", "type", "author"]

    @admin.display(description=gettext_lazy("here"))
    def meaning(self, equivalent):
        return getattr(equivalent, equivalent.what) or _("left out")
