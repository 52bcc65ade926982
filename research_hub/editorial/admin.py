"""The admin that publications and events share."""

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils import formats
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from research_hub.activity.dates import print_date
from research_hub.activity.sync import writing
from research_hub.languages.admin import BilingualAdmin
from research_hub.languages.text import current, read
from research_hub.media.views import give_download

from . import audit, history
from .audit_admin import AuditLog
from .checklist import SOME_DAY, findings
from .forms import EntryForm, named_notes
from .history_pages import HistoryPages
from .list_files import ListFiles
from .models import Entry
from .moments import in_short, in_words
from .preview_pages import PreviewPages
from .step_pages import StepPages
from .versions import laid_over, snapshot
from .workflow import STEPS, may_delete, may_edit

__all__ = ["AuditLog", "EntryAdmin"]

STATE = (gettext_lazy("State"), {"fields": [("standing", "permanent_name"), ("published", "changed"), "handed_over"]})


class StateFilter(admin.SimpleListFilter):
    """By where the entry stands, or its working copy."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [*Entry.Status.choices, ("scheduled", _("Scheduled")), ("pending", _("Live, with a working copy"))]

    def queryset(self, request, queryset):
        match self.value():
            case None:
                return queryset
            case "scheduled":
                return queryset.filter(Q(publish_at__isnull=False) | Q(working_copy__publish_at__isnull=False))
            case "pending":
                return queryset.filter(working_copy__isnull=False)
            case status:
                return queryset.filter(Q(status=status) | Q(working_copy__status=status))


class DatedList(ChangeList):
    """A list by dates, where some that are asked for are beyond the calendar."""

    def get_filters(self, request):
        try:
            return super().get_filters(request)
        except (OverflowError, ValueError) as error:
            raise IncorrectLookupParameters from error


class EntryAdmin(StepPages, PreviewPages, HistoryPages, ListFiles, BilingualAdmin):
    class Media:
        js = ["admin_hub/checklist.js"]

    form = EntryForm
    delete_confirmation_template = "admin/editorial/delete_confirmation.html"
    change_list_template = "admin/editorial/change_list.html"
    list_display = ["shown_title", "date", "standing", "languages", "changed_on"]
    list_filter = [StateFilter, "source_language", "topics", "regions"]
    search_fields = ["title_en", "title_es", "=uid", "working_copy__title_en", "working_copy__title_es"]
    date_hierarchy = "date_lo"
    list_per_page = 50
    actions = [*StepPages.actions, "delete_selected"]
    readonly_fields = [
        "standing",
        "published",
        "changed",
        "handed_over",
        "permanent_name",
        "shown_body_en",
        "shown_body_es",
    ]
    # What takes a field's place where it is only read: rich text as it reads, not as mark-up.
    read_as = {"body_en": "shown_body_en", "body_es": "shown_body_es"}

    def get_changelist(self, request, **kwargs):
        return DatedList

    def get_queryset(self, request):
        people = ("updated_by", "working_copy__updated_by", "revises")
        return super().get_queryset(request).select_related("working_copy", *people).newest_first()

    def get_search_results(self, request, queryset, search_term):
        """Each entry once, wherever entries are listed or chosen."""
        return super().get_search_results(request, queryset.main(), search_term)

    # What an entry shows of itself

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def shown_title(self, entry):
        title = read(entry, "title")
        badge = format_html(' <small class="badge">{}</small>', title.badge) if title.is_foreign else ""
        return format_html("<span{}>{}</span>{}", title.lang_attr, title or entry.uid, badge)

    @admin.display(description=gettext_lazy("date"), ordering="date_lo")
    def date(self, entry):
        return print_date(entry.date, current())

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def standing(self, entry):
        """Where it stands, and where its working copy does."""
        badge, row = badge_of(entry), entry.written_on
        return badge if row == entry else format_html("{} {}", badge, badge_of(row, _("working copy: %s")))

    @admin.display(description=gettext_lazy("changed"), ordering="updated_at")
    def changed_on(self, entry):
        return in_words(entry.written_on.updated_at, "SHORT_DATE_FORMAT")

    @admin.display(description=gettext_lazy("permanent name"))
    def permanent_name(self, entry):
        return entry.main.uid if entry.pk else "–"

    @admin.display(description=gettext_lazy("made public"))
    def published(self, entry):
        return moment_and_person(entry.main.published_at, entry.main.published_by)

    @admin.display(description=gettext_lazy("last change"))
    def changed(self, entry):
        return moment_and_person(entry.pk and entry.updated_at, entry.updated_by)

    @admin.display(description=gettext_lazy("with"))
    def handed_over(self, entry):
        due = entry.due_on and _("by %s") % formats.date_format(entry.due_on, "DATE_FORMAT")
        return " ".join(str(part) for part in (entry.assigned_to, due) if part) or "–"

    @admin.display(description=gettext_lazy("text [en]"))
    def shown_body_en(self, entry):
        return read(entry, "body", "en").html if entry.body_en else "–"

    @admin.display(description=gettext_lazy("text [es]"))
    def shown_body_es(self, entry):
        return read(entry, "body", "es").html if entry.body_es else "–"

    def view_on_site(self, obj):
        return obj.main.get_absolute_url() if obj.main.is_published else None

    # Who may do what

    def may_change_everything(self, request, obj=None) -> bool:
        return self.has_add_permission(request) if obj is None else may_edit(request.user, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request) if obj is None else may_edit(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or may_delete(request.user, obj))

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if self.may_change_everything(request, obj):
            return fieldsets
        read = self.read_as
        return [(title, {**options, "fields": renamed(options["fields"], read)}) for title, options in fieldsets]

    # Saving

    def get_object(self, request, object_id, from_field=None):
        entry = super().get_object(request, object_id, from_field)
        # Two who save at once queue here, so that the second is compared with what the first has saved.
        return entry.locked() if entry and request.method == "POST" else entry

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            entry = self.get_object(request, object_id) if object_id else None
            if entry and entry.written_on != entry and self.has_view_permission(request, entry):
                return HttpResponseRedirect(self.address_of(entry.written_on))
            return super().changeform_view(request, object_id, form_url, extra_context)
        with writing():  # before the row's own lock, as everywhere
            point, entry = transaction.savepoint(), self.get_object(request, object_id) if object_id else None
            if object_id and (reason := self.too_late(request, entry)):
                return self.what_was_typed(request, reason)
            before = entry and snapshot(entry)
            if "_check" in request.POST:
                request.FILES.clear()  # nothing of it is kept, so neither are files
            response = super().changeform_view(request, object_id, form_url, extra_context)
            saved = getattr(request, "saved", None)
            if "_check" in request.POST:
                return self.checklist_as_typed(request, saved, point, response)
            return response if saved is None else self.keep(request, saved, before, point, response)

    def too_late(self, request, entry) -> str:
        """Why what somebody typed while they might cannot be saved any more; empty where it can, or never could."""
        if not self.has_change_permission(request):
            return ""
        if entry is None:
            return _("It is gone: somebody published, discarded or deleted it in the meantime.")
        if self.has_change_permission(request, entry) or not self.has_view_permission(request, entry):
            return ""
        return _("This cannot be done now: it is “%s”.") % entry.written_on.get_status_display()

    def what_was_typed(self, request, reason: str):
        """The texts that were sent, to be copied from: the form that held them cannot be shown any more."""
        columns = {field.name: capfirst(field.verbose_name) for field in self.opts.concrete_fields}
        texts = [(label, request.POST[name]) for name, label in columns.items() if request.POST.get(name)]
        return self.page(request, "too_late", title=_("Not saved"), reason=reason, texts=texts, status=403)

    def checklist_as_typed(self, request, saved, point, refused):
        """What the checklist says of the form as it is typed; nothing of it is kept."""
        row = saved and type(saved)._base_manager.get(pk=saved.pk)
        if row:
            context = {"findings": findings(row, SOME_DAY)}
        else:
            form = refused.context_data["adminform"].form
            context = {"is_refused": True, "fields": [form[name].label for name in form.errors if name in form.fields]}
        transaction.savepoint_rollback(point)
        list(messages.get_messages(request))  # that it was saved, which is not so
        response = render(request, "admin/editorial/_findings.html", context)
        response["X-Checklist"] = "1"
        return response

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        request.saved = form.instance

    def keep(self, request, saved, before, point, response):
        """Keep what was saved. Where readers would have seen it, it is taken back and kept in the working copy."""
        row, now = saved, snapshot(type(saved)._base_manager.get(pk=saved.pk))
        is_changed = now != before
        if saved.has_been_public:
            transaction.savepoint_rollback(point)
            if is_changed:
                main = saved.locked()
                typed = now if main.written_on == main else laid_over(before, now, snapshot(main.written_on))
                row = main.work_on(typed, by=request.user)
        if is_changed:
            self.sign(request, row)
            self.after_typing(request, row, before)
            step = "save" if before else "create"
            history.record(row, step, by=request.user)
            audit.record(step, by=request.user, subject=row.main, request=request)
        return self.response_after(request, row, is_changed, response)

    def sign(self, request, row):
        """Write down that this is a new state of the row, and whose."""
        row.version, row.updated_by = row.version + 1, request.user
        row.save(update_fields=["version", "updated_by"])

    def after_typing(self, request, row, before):
        """What else follows from what was typed; `before` is the version that the form showed, None for a new entry."""

    def response_after(self, request, row, is_changed: bool, response):
        if request.POST.get("_step") in STEPS:
            list(messages.get_messages(request))  # the step's own page follows, and says what is done
            return HttpResponseRedirect(self.step_address(row, request.POST["_step"]))
        if not row.main.has_been_public or (row.is_working_copy and request.saved == row):
            return response
        words = _("Nothing was changed in “%s”.")
        if is_changed:
            words = _("The working copy of “%s” is saved; readers still see what was published.")
        self.message_user(request, words % row, messages.SUCCESS)
        if "_continue" in request.POST:
            return HttpResponseRedirect(self.address_of(row))
        return self.response_post_save_change(request, row)

    def response_change(self, request, obj):
        if obj.has_been_public:
            return HttpResponseRedirect(self.address_of(obj))  # in its place comes that of response_after
        return super().response_change(request, obj)

    def delete_view(self, request, object_id, extra_context=None):
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        with writing():  # before the row's own lock, as everywhere
            return super().delete_view(request, object_id, extra_context)

    def delete_model(self, request, obj):
        self.write_off(request, obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for entry in queryset:
            self.write_off(request, entry)
        super().delete_queryset(request, queryset)

    def write_off(self, request, entry):
        history.record(entry, history.DELETED, by=request.user)
        audit.record("delete", by=request.user, subject=entry, request=request)

    @admin.action(permissions=["delete"], description=gettext_lazy("Delete selected %(verbose_name_plural)s"))
    def delete_selected(self, request, queryset):
        words = _("“%s” cannot be deleted: only drafts of your own can.")
        with writing():  # so that none of them is published between the question and the deed
            kept = [entry for entry in queryset if not may_delete(request.user, entry)]
            for entry in kept:
                self.message_user(request, words % entry, messages.ERROR)
            return None if kept else delete_selected(self, request, queryset)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if add:
            context["steps"] = [{"code": "submit", "label": STEPS["submit"].label}]
        elif obj:
            words = history.last_words(obj)
            context |= {
                "steps": self.buttons(request, obj),
                "live_steps": self.buttons(request, obj.main) if obj.is_working_copy else [],
                "findings": findings(obj, SOME_DAY),
                "live": obj.main if obj.main.has_been_public else None,
                "standing": self.standing(obj),
                "words": words,
                "words_title": words and STEPS[words.step].label,
                "words_on_fields": named_notes(obj, words) if words else [],
            }
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    # Files of entries that are not public yet

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_download"
        own = path("<int:entry>/downloads/<int:pk>/", self.admin_site.admin_view(self.download), name=name)
        return [own, *super().get_urls()]

    def download(self, request, entry, pk):
        """A file of any entry, for who may see the entry here."""
        entry = self.entry_shown(request, entry)
        file = entry.downloads.filter(pk=pk).first()
        if file is None:
            raise Http404
        return give_download(request, file.file, f"{entry.uid}-{file.language}.pdf")


def state_of(row) -> str:
    """The status of a row in words, with the moment that is set for it."""
    if row.publish_at:
        return _("Scheduled for %s") % in_short(row.publish_at)
    if row.withdraw_at:
        return _("Published until %s") % in_short(row.withdraw_at)
    return row.get_status_display()


def badge_of(row, words="%s"):
    """The same, marked with the colour of the state; `words` say whose it is."""
    code = "scheduled" if row.publish_at else row.status
    return format_html('<span class="state is-{}">{}</span>', code, words % state_of(row))


def moment_and_person(moment, person) -> str:
    if not moment:
        return "–"
    return f"{in_short(moment)} · {person}" if person else in_short(moment)


def renamed(fields, names: dict[str, str]) -> list:
    """The fields of a fieldset, and those of its lines, under their other names."""
    return [names.get(field, field) if isinstance(field, str) else tuple(renamed(field, names)) for field in fields]
