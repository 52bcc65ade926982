"""Accounts, groups and passwords in the admin; what they allow, and every change of that, goes to the audit log."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse_lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_otp.plugins.otp_totp.models import TOTPDevice

from research_hub.editorial.audit import AuditEntry, record
from research_hub.languages.admin import PlainDeletion, answer

from .pages import ProofForm
from .resetting import send_link
from .second_factor import device_of, is_needed, remove
from .sessions import StaffSession, end_sessions
from .throttling import is_locked_out, unlock

Action = AuditEntry.Action

# In words of ours: what Django keeps of groups and rights in the database is in English.
ROLE_NAMES = {
    "author": pgettext_lazy("role", "Author"),
    "editor": pgettext_lazy("role", "Editor"),
    "publisher": pgettext_lazy("role", "Publisher"),
    "translator": pgettext_lazy("role", "Translator"),
    "administrator": pgettext_lazy("role", "Administrator"),
}
RIGHTS = {
    "add": _("add"),
    "change": _("change"),
    "delete": _("delete"),
    "view": _("view"),
    "review": _("edit, send back and approve those of others"),
    "publish": _("publish, schedule and withdraw"),
    "override": _("do without a second pair of eyes"),
    "write": _("write"),
    "plan": _("hand out, and hold entries for them"),
}


class RolesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, group):
        return str(ROLE_NAMES.get(group.name, group.name))


class RightsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, right):
        model, (verb, *_rest) = right.content_type.model_class(), right.codename.split("_")
        named = capfirst(model._meta.verbose_name_plural) if model else right.content_type.model
        return f"{named}: {RIGHTS.get(verb, right.name)}"


FIELDS = {Group: RolesField, Permission: RightsField}


class AuditedRights(PlainDeletion):
    """An admin whose records allow something to somebody: what they allow goes to the log, before and after."""

    def rights_of(self, holder) -> dict:
        raise NotImplementedError

    def save_model(self, request, obj, form, change):
        # Two who save at once queue here, so that each is written down with what it found.
        stored = self.model._base_manager.select_for_update().get(pk=obj.pk) if change else None
        form.rights_before = self.rights_of(stored) if stored else {}
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        before, after = form.rights_before, self.rights_of(form.instance)
        changed = {name for name in after if before.get(name) != after[name]}
        if not change:
            record(Action.CREATE, subject=form.instance, request=request, after=after)
        elif changed:
            record(
                Action.RIGHTS_CHANGED,
                subject=form.instance,
                request=request,
                before={name: before[name] for name in before if name in changed},
                after={name: after[name] for name in after if name in changed},
            )

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs["form_class"] = FIELDS[db_field.related_model]
        if db_field.related_model is Group:  # the roles are few
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def delete_model(self, request, obj):
        record(Action.DELETE, subject=obj, request=request, before=self.rights_of(obj))
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        with transaction.atomic():
            for holder in queryset:
                record(Action.DELETE, subject=holder, request=request, before=self.rights_of(holder))
            super().delete_queryset(request, queryset)


class AuditedAccounts(AuditedRights):
    """For the admin of accounts; stands before UserAdmin."""

    def rights_of(self, holder):
        return {
            "username": holder.get_username(),
            "is_active": holder.is_active,
            "is_staff": holder.is_staff,
            "is_superuser": holder.is_superuser,
            "groups": sorted(holder.groups.values_list("name", flat=True)),
            "user_permissions": names_of(holder.user_permissions),
        }

    def user_change_password(self, request, id, form_url=""):
        if request.method != "POST":
            return super().user_change_password(request, id, form_url)
        with transaction.atomic():
            account = self.get_object(request, unquote(id))
            before = account and account.password
            response = super().user_change_password(request, id, form_url)
            account.refresh_from_db(fields=["password"])
            if account.password != before:
                record(Action.PASSWORD_CHANGED, subject=account, request=request)
                end_sessions(account, but=request.session.session_key)
        return response


def names_of(permissions) -> list[str]:
    return sorted(f"{app}.{code}" for app, code in permissions.values_list("content_type__app_label", "codename"))


admin.site.unregister(Group)


@admin.register(Group)
class AuditedGroups(AuditedRights, GroupAdmin):
    list_display = ["shown_name"]

    @admin.display(description=_("name"), ordering="name")
    def shown_name(self, group):
        return ROLE_NAMES.get(group.name, group.name)

    def rights_of(self, holder):
        return {
            "name": holder.name,
            "permissions": names_of(holder.permissions),
            "members": sorted(holder.user_set.values_list("username", flat=True)),
        }


class OwnPassword(PasswordChangeView):
    """Django's page of the admin for one's own password, which would tell nobody of it."""

    form_class = AdminPasswordChangeForm
    success_url = reverse_lazy("admin:password_change_done")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**admin.site.each_context(self.request), **kwargs)

    def form_valid(self, form):
        with transaction.atomic():
            record(Action.PASSWORD_CHANGED, subject=form.user, request=self.request)
            response = super().form_valid(form)
            end_sessions(form.user, but=self.request.session.session_key)
        return response


class NewAccountForm(AdminUserCreationForm):
    """Somebody new chooses their password themselves, by a link; it is set here only where no mail reaches them."""

    usable_password = forms.ChoiceField(
        label=_("Password"),
        initial="false",
        choices={"false": _("Send them a link to choose one"), "true": _("Set one here")},
        widget=forms.RadioSelect(attrs={"class": "radiolist inline"}),
    )

    class Meta(AdminUserCreationForm.Meta):
        fields = ["username", "email", "is_staff", "groups"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["is_staff"].initial = True

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("set_usable_password", True) and not cleaned.get("email"):
            self.add_error("email", _("The link goes to this address: it cannot be empty."))
        return cleaned


NEW_ACCOUNT = [
    (None, {"fields": ["username", "email", "is_staff", "groups", "usable_password", "password1", "password2"]})
]
admin.site.unregister([get_user_model(), TOTPDevice])


@admin.register(get_user_model())
class AccountAdmin(AuditedAccounts, UserAdmin):
    """Accounts; one without limits is changed only by another such."""

    list_display = ["username", "email", "first_name", "last_name", "staff"]
    staff = answer("is_staff", _("staff status"))
    add_form, add_fieldsets, add_form_template = NewAccountForm, NEW_ACCOUNT, None
    change_form_template = "admin/accounts/account.html"

    def get_urls(self):
        access = path("<int:pk>/access/", self.admin_site.admin_view(self.access), name="auth_user_access")
        return [access, *super().get_urls()]

    def get_readonly_fields(self, request, obj=None):
        limits = [] if request.user.is_superuser else ["is_superuser", "user_permissions"]
        return [*super().get_readonly_fields(request, obj), "last_login", "date_joined", *limits]

    def has_change_permission(self, request, obj=None):
        return self.may_touch(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.may_touch(request, obj) and super().has_delete_permission(request, obj)

    def may_touch(self, request, obj) -> bool:
        return obj is None or not obj.is_superuser or request.user.is_superuser

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and not obj.is_active:
            end_sessions(obj)
        if not change and not obj.has_usable_password():
            transaction.on_commit(partial(self.invite, request, obj))

    def invite(self, request, account):
        """Send the link by which a password is chosen, and say whether it went."""
        if send_link(account, is_new=not account.has_usable_password()):
            record(Action.PASSWORD_LINK, subject=account, request=request)
            self.message_user(request, _("A link to choose a password was sent to %s.") % account.email)
        else:
            self.message_user(request, _("The link could not be sent: the mail server refused it."), messages.ERROR)

    # What an administrator does for somebody who cannot get in, or must not any more

    def access(self, request, pk):
        account = get_object_or_404(get_user_model(), pk=pk)
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        form = ProofForm(request, request.POST if request.method == "POST" else None)
        steps = {
            "link": self.send_link,
            "unlock": self.unlock,
            "end_sessions": self.end_sessions,
            "reset_factor": self.reset_factor,
        }
        step = steps.get(request.POST.get("do"))
        if step and form.is_valid():
            step(request, account)
            return HttpResponseRedirect(request.path)
        context = self.admin_site.each_context(request) | {
            "title": _("Access"),
            "opts": self.opts,
            "original": account,
            "form": form,
            "sessions": StaffSession.objects.of(account).alive().newest_first(),
            "device": device_of(account),
            "is_needed": is_needed(account),
            "is_locked_out": is_locked_out(account),
        }
        return render(request, "admin/accounts/access.html", context)

    def send_link(self, request, account):
        if account.email and account.is_active:
            self.invite(request, account)
        else:
            self.message_user(request, _("The account has no e-mail address, or is not active."), messages.ERROR)

    def unlock(self, request, account):
        unlock(account)
        record(Action.UNLOCKED, subject=account, request=request)
        self.message_user(request, _("They can try again at once."))

    def end_sessions(self, request, account):
        ended = end_sessions(account, but=request.session.session_key)
        record(Action.SESSIONS_ENDED, subject=account, request=request, count=ended)
        self.message_user(request, _("That is ended: whoever works there has to log in anew."))

    def reset_factor(self, request, account):
        remove(account)
        end_sessions(account, but=request.session.session_key)
        record(Action.SECOND_FACTOR, subject=account, request=request, what="reset")
        self.message_user(
            request, _("The second factor is taken away. They log in by their password, and set up a new one.")
        )
