"""Choosing a password by a link that was mailed: whoever has forgotten theirs, and whoever has none yet."""

from functools import partial

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse, reverse_lazy
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.generic import FormView, TemplateView

from research_hub.editorial.audit import AuditEntry, record
from research_hub.editorial.notices import language_of, logger
from research_hub.languages.addresses import absolute

from .sessions import end_sessions

SPARED = 300  # seconds in which nobody is written to twice


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "size": 32}),
    )


class Page:
    """A page of the admin for whoever is not logged in."""

    title: str

    @method_decorator([never_cache, csrf_protect])
    def dispatch(self, *args, **kwargs):
        return super().dispatch(*args, **kwargs)

    def get_context_data(self, **kwargs):
        shown = admin.site.each_context(self.request) | {"title": self.title}
        return super().get_context_data(**(shown | kwargs))


class Forgotten(Page, FormView):
    """Answers the same, and as fast, whether there is such an account: it is looked for when the answer has gone."""

    title = gettext_lazy("Password forgotten")
    form_class = ForgottenForm
    template_name = "admin/accounts/forgotten.html"

    def form_valid(self, form):
        response = HttpResponseRedirect(reverse("admin:password_reset_done"))
        response._resource_closers.append(partial(write_to, form.cleaned_data["email"], self.request))
        return response


class Written(Page, TemplateView):
    title = gettext_lazy("Password forgotten")
    template_name = "admin/accounts/written.html"


def write_to(address: str, request) -> None:
    """To each account of the staff with this address, at most once in a while."""
    for user in get_user_model().objects.filter(email__iexact=address, is_active=True, is_staff=True):
        if cache.add(f"password-link-{user.pk}", True, SPARED):
            send_link(user)
            record(AuditEntry.Action.PASSWORD_LINK, by=address, subject=user, request=request)


def send_link(user, is_new: bool = False) -> bool:
    """The way to a password of one's own, in one's own language; returns whether the mail could be sent."""
    language = language_of(user)
    with translation.override(language):
        site = settings.SITE_NAME[language]
        key = urlsafe_base64_encode(force_bytes(user.pk))
        path = reverse("admin:password_link", args=[key, default_token_generator.make_token(user)])
        context = {"link": absolute(path), "user": user, "site": site, "is_new": is_new}
        context["hours"] = settings.PASSWORD_RESET_TIMEOUT // 3600
        subject = _("Your account: choose a password") if is_new else _("Choose a new password")
        body = render_to_string("admin/accounts/link.txt", context)
        message = EmailMessage(f"[{site}] {subject}", body, to=[user.email])
    try:
        message.send()
    except Exception:  # whatever it is: the page that it was asked for on must not tell
        logger.exception("A link for a password could not be sent to account %d", user.pk)
        return False
    return True


@method_decorator(csrf_protect, name="dispatch")
class ByLink(PasswordResetConfirmView):
    """The password is chosen; nobody is logged in by it, and a second factor is asked for as always."""

    template_name = "admin/accounts/choose.html"
    success_url = reverse_lazy("admin:password_chosen")
    title = gettext_lazy("Choose a password")

    def get_context_data(self, **kwargs):
        shown = admin.site.each_context(self.request)
        title = self.title if self.validlink else _("This link leads nowhere any more")
        return shown | super().get_context_data(**kwargs) | {"title": title}

    def form_valid(self, form):
        with transaction.atomic():
            response = super().form_valid(form)
            end_sessions(self.user)
            record(AuditEntry.Action.PASSWORD_CHANGED, by=self.user, subject=self.user, request=self.request)
        return response


class Chosen(Page, TemplateView):
    title = gettext_lazy("The password is yours")
    template_name = "admin/accounts/chosen.html"
