"""The audit log in the admin, which nobody changes; the accounts, groups and passwords that tell it who may do what."""

import json
from datetime import date, datetime, time, timedelta

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseNotAllowed, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from research_hub.activity.spreadsheet import MOST_AT_ONCE, pieces

from .audit import AuditEntry, record

Action = AuditEntry.Action

MOST_COUNTED = 10_000

# What details are called where a person reads them, in the order in which they are read (PostgreSQL keeps another);
# a name that is not here is shown as it is stored.
NAMES = {
    "step": gettext_lazy("step"),
    "note": gettext_lazy("note"),
    "reason": gettext_lazy("reason"),
    "rule": gettext_lazy("rule"),
    "from": gettext_lazy("from"),
    "to": gettext_lazy("to"),
    "version": gettext_lazy("version"),
    "language": gettext_lazy("language"),
    "recovered": gettext_lazy("recovered"),
    "moment": gettext_lazy("moment"),
    "expires_at": gettext_lazy("expires"),
    "of": gettext_lazy("of"),
    "filters": gettext_lazy("filters"),
    "before": gettext_lazy("before"),
    "after": gettext_lazy("after"),
    "username": gettext_lazy("user name"),
    "name": gettext_lazy("name"),
    "is_active": gettext_lazy("active"),
    "is_staff": gettext_lazy("opens the admin"),
    "is_superuser": gettext_lazy("without limits"),
    "groups": gettext_lazy("groups"),
    "user_permissions": gettext_lazy("permissions of their own"),
    "permissions": gettext_lazy("permissions"),
    "members": gettext_lazy("members"),
}


class FirstPages(Paginator):
    """Counts no further than anybody turns pages: a count of the whole log would read all of it."""

    @cached_property
    def count(self):
        return self.object_list.order_by()[:MOST_COUNTED].count()

    @property
    def is_cut(self) -> bool:
        return self.count == MOST_COUNTED


class Days(admin.ListFilter):
    """From one day to another, both included, as the site's clock has them."""

    title = gettext_lazy("day")
    template = "admin/editorial/auditentry/_days.html"

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        self.used_parameters = {name: params.pop(name)[-1] for name in self.expected_parameters() if name in params}

    def expected_parameters(self):
        return ["from_day", "to_day"]

    def has_output(self):
        return True

    def choices(self, changelist):
        """The other parameters, which its form sends along."""
        kept = changelist.params.items()
        return [{"name": name, "value": value} for name, value in kept if name not in self.expected_parameters()]

    def queryset(self, request, queryset):
        first, last = (self.used_parameters.get(name) for name in self.expected_parameters())
        if first:
            queryset = queryset.filter(at__gte=start_of(read_day(first)))
        if last:
            queryset = queryset.filter(at__lt=start_of(read_day(last) + timedelta(days=1)))
        return queryset


def read_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise IncorrectLookupParameters from error
    if not 1970 <= day.year <= 2999:  # beyond, the calendar itself ends for some time zones
        raise IncorrectLookupParameters
    return day


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@admin.register(AuditEntry)
class AuditLog(admin.ModelAdmin):
    list_display = ["moment", "action", "actor", "kind", "subject", "subject_key", "address"]
    list_filter = [Days, "action"]
    search_fields = ["actor", "subject", "subject_key__exact", "address__startswith"]
    search_help_text = gettext_lazy("Who, a title, a whole key, or how a network address begins.")
    fields = ["moment", "action", "actor", "actor_id", "kind", "subject", "subject_key", "details", "address"]
    readonly_fields = ["moment", "kind", "details"]
    sortable_by = ["moment"]
    list_per_page = 50
    paginator = FirstPages
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # they count the whole log
    actions = None

    def get_queryset(self, request):
        return super().get_queryset(request).newest_first()

    # Only read

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    # What an entry shows of itself

    @admin.display(description=gettext_lazy("moment"), ordering="at")
    def moment(self, entry):
        return f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}"

    @admin.display(description=gettext_lazy("kind"))
    def kind(self, entry):
        return kinds().get(entry.subject_type, entry.subject_type)

    @admin.display(description=gettext_lazy("details"))
    def details(self, entry):
        lines = format_html_join("", "<dt>{}</dt><dd>{}</dd>", in_words(entry.detail))
        return format_html('<dl class="details">{}</dl>', lines) if lines else "–"

    # Export

    def get_urls(self):
        own = path("export/", self.admin_site.admin_view(self.export), name="editorial_auditentry_export")
        return [own, *super().get_urls()]

    def export(self, request):
        """What the list shows under the same address, with all its pages; that it was exported is one entry more."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            found = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return HttpResponseRedirect(reverse("admin:editorial_auditentry_changelist"))
        own = record(Action.EXPORT, request=request, of=self.opts.label_lower, filters=request.GET.dict())
        name = f"audit-{timezone.localdate():%Y-%m-%d}.csv"
        return StreamingHttpResponse(
            pieces(header(), rows(found.filter(pk__lt=own.pk), actions(), kinds())),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def actions() -> dict[str, str]:
    """Each action by its code, in the language of the moment."""
    return {code: str(label) for code, label in Action.choices}


def kinds() -> dict[str, str]:
    """Each kind of record by its label, in the language of the moment."""
    return {model._meta.label_lower: str(model._meta.verbose_name) for model in apps.get_models()}


def in_words(detail: dict) -> list[tuple[str, str]]:
    """Each detail as a person reads it, with its name."""
    order = [name for name in NAMES if name in detail] + [name for name in detail if name not in NAMES]
    return [(capfirst(NAMES.get(name, name)), shown(detail[name], name)) for name in order]


def shown(value, name: str = "") -> str:
    if name == "step":
        return actions().get(str(value), value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return format_html_join("", "<div>{}: {}</div>", in_words(value)) or "–"
    if isinstance(value, list):
        return ", ".join(shown(held) for held in value) or "–"
    return "–" if value in (None, "") else str(value)


def header() -> list[str]:
    return [
        capfirst(word)
        for word in (
            _("moment"), _("action"), _("code"), _("who"), _("account number"), _("kind"), _("what"), _("key"),
            _("details"), _("network address"),
        )
    ]  # fmt: skip


def rows(entries, actions, kinds):
    """The rows of the file. Their words come ready: the page's language has ended when it is sent."""
    columns = ["at", "action", "actor", "actor_id", "subject_type", "subject", "subject_key", "detail", "address"]
    for row in entries.values_list(*columns).iterator(chunk_size=MOST_AT_ONCE):
        yield cells(row, actions, kinds)


def cells(row, actions, kinds) -> list[str]:
    at, action, actor, actor_id, kind, subject, key, detail, address = row
    moment = timezone.localtime(at).isoformat(timespec="seconds")
    told = json.dumps(detail, ensure_ascii=False, sort_keys=True) if detail else ""
    number = "" if actor_id is None else str(actor_id)
    return [
        moment, actions.get(action, action), action, actor, number, kinds.get(kind, kind), subject, key, told,
        address or "",
    ]  # fmt: skip
