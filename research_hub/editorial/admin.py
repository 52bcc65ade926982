"""The admin that publications and events share, and the staff's accounts."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import Http404
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from research_hub.activity.dates import print_date
from research_hub.activity.sync import sync_entry, writing
from research_hub.languages.admin import BilingualAdmin, both
from research_hub.languages.text import current, other, read
from research_hub.media.admin import OrderedStacked, OrderedTabular
from research_hub.media.views import send_file

from .forms import NEEDS_A_TOPIC, EntryForm, TopicFormSet

STATE = (gettext_lazy("State"), {"fields": [("status", "uid"), ("published", "changed")]})


class Topics(OrderedTabular):
    formset = TopicFormSet
    fields = ["topic", "position"]
    autocomplete_fields = ["topic"]
    extra = 1

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("topic")


class Downloads(OrderedStacked):
    readonly_fields = ["kept"]
    fieldsets = [(None, {"fields": ["position", "kept", ("file", "language", "pages"), *both("label")]})]
    # The other widget links to an address that only public files have.
    formfield_overrides = {models.FileField: {"widget": forms.FileInput}}

    @admin.display(description=gettext_lazy("stored file"))
    def kept(self, download):
        if download.pk is None:
            return "–"
        name = f"admin:{self.parent_model._meta.app_label}_{self.parent_model._meta.model_name}_download"
        parent = self.parent_model._meta.model_name
        address = reverse(name, args=[getattr(download, f"{parent}_id"), download.pk])
        return format_html('<a href="{}">PDF, {}</a>', address, filesizeformat(download.bytes))


class Recordings(OrderedStacked):
    fieldsets = [(None, {"fields": ["position", ("kind", "url", "duration"), *both("label", "transcript")]})]


class EntryAdmin(BilingualAdmin):
    form = EntryForm
    list_display = ["shown_title", "date", "status", "languages", "changed_on"]
    list_filter = ["status", "source_language", "topics", "regions"]
    search_fields = ["title_en", "title_es", "=uid"]
    date_hierarchy = "date_lo"
    list_per_page = 50
    actions = ["publish_chosen", "withdraw_chosen", "delete_selected"]
    readonly_fields = ["status", "published", "changed", "uid", "shown_body_en", "shown_body_es"]
    # What takes a field's place where it is only read: rich text as it reads, not as mark-up.
    read_as = {"body_en": "shown_body_en", "body_es": "shown_body_es"}

    def get_queryset(self, request):
        return super().get_queryset(request).newest_first()

    # What an entry shows of itself

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def shown_title(self, entry):
        title = read(entry, "title")
        badge = format_html(' <small class="badge">{}</small>', title.badge) if title.is_foreign else ""
        return format_html("<span{}>{}</span>{}", title.lang_attr, title or entry.uid, badge)

    @admin.display(description=gettext_lazy("date"), ordering="date_lo")
    def date(self, entry):
        return print_date(entry.date, current())

    @admin.display(description=gettext_lazy("changed"), ordering="updated_at")
    def changed_on(self, entry):
        return formats.date_format(timezone.localtime(entry.updated_at), "SHORT_DATE_FORMAT")

    @admin.display(description=gettext_lazy("made public"))
    def published(self, entry):
        return moment_and_person(entry.published_at, entry.published_by)

    @admin.display(description=gettext_lazy("last change"))
    def changed(self, entry):
        return moment_and_person(entry.pk and entry.updated_at, entry.updated_by)

    @admin.display(description=gettext_lazy("text [en]"))
    def shown_body_en(self, entry):
        return read(entry, "body", "en").html if entry.body_en else "–"

    @admin.display(description=gettext_lazy("text [es]"))
    def shown_body_es(self, entry):
        return read(entry, "body", "es").html if entry.body_es else "–"

    def view_on_site(self, obj):
        return obj.get_absolute_url() if obj.is_published else None

    # Who may do what

    def may_change_everything(self, request, obj=None) -> bool:
        if obj is None:
            return self.has_add_permission(request)
        return super().has_change_permission(request, obj)

    def may_translate(self, request) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.translate_{self.opts.model_name}")

    def has_publish_permission(self, request) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.publish_{self.opts.model_name}")

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) or self.may_translate(request)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) or self.may_translate(request)

    def has_delete_permission(self, request, obj=None):
        return not (obj and obj.is_published) and super().has_delete_permission(request, obj)

    def open_fields(self, request, obj) -> set[str] | None:
        """The fields this user may write: for a translator the text of the other language; None is all."""
        if obj is None or self.may_change_everything(request, obj):
            return None
        texts = self.trans_opts.all_fields if self.may_translate(request) else []
        return {f"{name}_{other(obj.source_language)}" for name in texts}

    def get_fieldsets(self, request, obj=None):
        fieldsets, writable = super().get_fieldsets(request, obj), self.open_fields(request, obj)
        if writable is None:
            return fieldsets
        shown = {name: method for name, method in self.read_as.items() if name not in writable}
        return [(title, {**options, "fields": renamed(options["fields"], shown)}) for title, options in fieldsets]

    def get_readonly_fields(self, request, obj=None):
        writable = self.open_fields(request, obj)
        if writable is None:
            return self.readonly_fields
        fields = flatten_fieldsets(self.get_fieldsets(request, obj))
        return [*self.readonly_fields, *(name for name in fields if name not in writable)]

    # Saving

    def get_object(self, request, object_id, from_field=None):
        entry = super().get_object(request, object_id, from_field)
        if entry and request.method == "POST":
            # Two who save at once queue here, so that the second is compared with what the first has saved.
            return type(entry)._base_manager.select_for_update().get(pk=entry.pk)
        return entry

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if {"_publish", "_withdraw"} & request.POST.keys() and not self.has_publish_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with writing():  # before the row's own lock, as everywhere
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        obj.version += 1
        obj.updated_by = request.user
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        entry = form.instance
        if "_publish" in request.POST and not entry.is_published:
            entry.publish(by=request.user)
            self.message_user(request, _("“%s” is public now.") % entry, messages.SUCCESS)
        elif "_withdraw" in request.POST and entry.is_published:
            entry.withdraw(by=request.user)
            self.message_user(request, _("“%s” is withdrawn from the public.") % entry, messages.SUCCESS)
        elif entry.is_published:
            sync_entry(entry)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        is_published = bool(obj) and obj.is_published
        if self.has_publish_permission(request):
            context |= {"show_publish": not is_published, "show_withdraw": is_published}
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    # Many at once

    @admin.action(permissions=["publish"], description=gettext_lazy("Publish selected %(verbose_name_plural)s"))
    def publish_chosen(self, request, queryset):
        self.one_by_one(request, queryset, publish, _("“%s” is public now."))

    @admin.action(permissions=["publish"], description=gettext_lazy("Withdraw selected %(verbose_name_plural)s"))
    def withdraw_chosen(self, request, queryset):
        self.one_by_one(request, queryset, withdraw, _("“%s” is withdrawn from the public."))

    def one_by_one(self, request, queryset, step, done):
        """Take each entry through the step; one that is refused says why and keeps no other back."""
        for entry in queryset:
            try:
                with transaction.atomic():
                    step(entry, request.user)
                    self.log_change(request, entry, done % entry)
            except ValidationError as error:
                self.message_user(request, f"“{entry}”: {self.explain(error)}", messages.ERROR)
            else:
                self.message_user(request, done % entry, messages.SUCCESS)

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

    @admin.action(permissions=["delete"], description=gettext_lazy("Delete selected %(verbose_name_plural)s"))
    def delete_selected(self, request, queryset):
        public = list(queryset.published())
        for entry in public:
            self.message_user(request, _("“%s” is public: withdraw it first.") % entry, messages.ERROR)
        return None if public else delete_selected(self, request, queryset)

    # Files of entries that are not public yet

    def get_urls(self):
        own = path(
            "<int:entry>/downloads/<int:pk>/",
            self.admin_site.admin_view(self.download),
            name=f"{self.opts.app_label}_{self.opts.model_name}_download",
        )
        return [own, *super().get_urls()]

    def download(self, request, entry, pk):
        """A file of any entry, for who may see the entry here."""
        entry = self.get_queryset(request).filter(pk=entry).first()
        if entry is None or not self.has_view_or_change_permission(request, entry):
            raise Http404
        file = entry.downloads.filter(pk=pk).first()
        if file is None:
            raise Http404
        return send_file(file.file, filename=f"{entry.uid}-{file.language}.pdf")


def moment_and_person(moment, person) -> str:
    if not moment:
        return "–"
    shown = formats.date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
    return f"{shown} · {person}" if person else shown


def renamed(fields, names: dict[str, str]) -> list:
    """The fields of a fieldset, and those of its lines, under their other names."""
    return [names.get(field, field) if isinstance(field, str) else tuple(renamed(field, names)) for field in fields]


def publish(entry, by):
    if entry.is_published:
        raise ValidationError(_("This is public already."))
    if not entry.topics.exists():
        raise ValidationError(NEEDS_A_TOPIC)
    entry.publish(by=by)


def withdraw(entry, by):
    if not entry.is_published:
        raise ValidationError(_("This is not public."))
    entry.withdraw(by=by)


admin.site.unregister(get_user_model())


@admin.register(get_user_model())
class AccountAdmin(UserAdmin):
    """Accounts; one without limits is changed only by another such."""

    def get_readonly_fields(self, request, obj=None):
        limits = [] if request.user.is_superuser else ["is_superuser", "user_permissions"]
        return [*super().get_readonly_fields(request, obj), "last_login", "date_joined", *limits]

    def has_change_permission(self, request, obj=None):
        return self.may_touch(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.may_touch(request, obj) and super().has_delete_permission(request, obj)

    def may_touch(self, request, obj) -> bool:
        return obj is None or not obj.is_superuser or request.user.is_superuser
