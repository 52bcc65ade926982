"""What a list of entries in the admin shows, as files: all its pages, narrowed and in order as they are, drafts too."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from research_hub.activity.dates import Precision
from research_hub.activity.spreadsheet import pieces
from research_hub.activity.sync import chunks
from research_hub.languages.addresses import absolute
from research_hub.languages.text import current, read

from .models import Entry

AT_ONCE = 200  # entries that are read at a time

Chunks = Iterator[list]


@dataclass(frozen=True)
class ListFile:
    """A format: what the link calls it, its content type, and what is made of the entries in a language."""

    label: str
    content_type: str
    write: Callable[[type[Entry], Chunks, str], Iterable[str]]


class ListFiles:
    """For the admin of entries: an address for each format, which reads the filters of the list."""

    def list_files(self) -> dict[str, ListFile]:
        return {"csv": ListFile("CSV", "text/csv; charset=utf-8; header=present", partial(table, self.list_columns))}

    def list_columns(self) -> list[tuple[str, Callable]]:
        """Titles of columns, and what is in them; a kind of entry adds its own."""
        return common_columns()

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_list"
        return [path("list.<slug:form>", self.admin_site.admin_view(self.list_file), name=name), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_list"
        files = [{"label": file.label, "url": reverse(name, args=[form])} for form, file in self.list_files().items()]
        return super().changelist_view(request, {"list_files": files} | (extra_context or {}))

    def list_file(self, request, form):
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        file = self.list_files().get(form)
        if file is None:
            raise Http404
        try:
            keys = list(self.get_changelist_instance(request).queryset.values_list("pk", flat=True))
        except IncorrectLookupParameters:
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))
        name = f"{self.opts.model_name}-{timezone.localdate():%Y-%m-%d}.{form}"
        return StreamingHttpResponse(
            file.write(self.model, entries_in_order(self.model, keys), current()),
            content_type=file.content_type,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def entries_in_order(model: type[Entry], keys: list[int]) -> Chunks:
    """Some at a time, each knowing what is around it."""
    for chunk in chunks(keys, AT_ONCE):
        found = {entry.pk: entry for entry in model._base_manager.filter(pk__in=chunk)}
        entries = [found[key] for key in chunk if key in found]
        model.gather(entries)
        yield entries


def table(columns: Callable, model: type[Entry], found: Chunks, language: str) -> Iterator[str]:
    """The page's language has ended when this is sent, so it is spoken anew for each piece."""
    named = columns()
    return pieces([title for title, _cell in named], rows(named, found, language))


def rows(columns: list[tuple[str, Callable]], found: Chunks, language: str) -> Iterator[list[str]]:
    for entries in found:
        with translation.override(language):
            made = [[str(cell(entry) or "") for _title, cell in columns] for entry in entries]
        yield from made


def common_columns() -> list[tuple[str, Callable]]:
    return [
        (_("Permanent name"), lambda entry: entry.uid),
        (_("State"), lambda entry: entry.get_status_display()),
        (_("Written in"), lambda entry: entry.get_source_language_display()),
        (_("Title"), lambda entry: read(entry, "title")),
        (_("Date"), lambda entry: entry.date.iso().partition("/")[0]),
        (_("Last day"), last_day),
        (_("Summary"), lambda entry: read(entry, "summary")),
        (_("Topics and places"), lambda entry: listed(read(subject, "name") for subject in entry.around.subjects)),
        (_("People"), lambda entry: listed(person.name for person in entry.around.people)),
        (_("Address"), lambda entry: absolute(entry.get_absolute_url()) if entry.is_published else ""),
        (_("Permanent address"), lambda entry: absolute(reverse("entry_by_uid", args=[entry.uid]))),
        (titled(Entry, "published_at"), lambda entry: moment(entry.published_at)),
        (_("Last change"), lambda entry: moment(entry.updated_at)),
    ]


def titled(model: type[Entry], field: str) -> str:
    """The name of a field as the title of a column, in the language that is spoken now."""
    return str(capfirst(model._meta.get_field(field).verbose_name))


def listed(words: Iterable) -> str:
    return "; ".join(map(str, words))


def last_day(entry) -> str:
    date = entry.date
    return date.hi.isoformat() if date.lo and date.precision == Precision.DAY and date.hi != date.lo else ""


def moment(value) -> str:
    return timezone.localtime(value).isoformat(timespec="seconds") if value else ""
