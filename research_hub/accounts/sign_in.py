"""Logging in by two steps: a password, then a code where the account has or needs one. Between them nobody is logged
in: the session only remembers for a few minutes whose password was right."""

from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import get_user_model, login
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import LoginView
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from research_hub.editorial.site import in_own_language

from .second_factor import MARK, device_of, is_needed, is_right

BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING = "_pending"
PATIENCE = timedelta(minutes=10)

WRONG_CODE = gettext_lazy(
    "That code is not right, was used before, or came too soon after a wrong one. Wait for the next one and try again."
)


class CodeField(forms.CharField):
    """What the telephone shows, or a recovery code."""

    def __init__(self, **options):
        attrs = {"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false", "size": 32}
        super().__init__(label=gettext_lazy("Code"), max_length=50, widget=forms.TextInput(attrs=attrs), **options)


class CodeForm(forms.Form):
    code = CodeField()


class FirstStep(LoginView):
    """Django's page for the name and the password; it logs in at once only whom no code is asked of."""

    form_class = AdminAuthenticationForm
    template_name = "admin/login.html"

    def form_valid(self, form):
        user, led_to = form.get_user(), in_own_language(form.get_user(), self.get_success_url())
        if device_of(user):
            return self.go_on(user, led_to, "admin:second_step")
        if is_needed(user):
            return self.go_on(user, led_to, "admin:second_factor_set_up")
        login(self.request, user)
        return HttpResponseRedirect(led_to)

    def go_on(self, user, led_to: str, page: str):
        self.request.session.flush()
        self.request.session[PENDING] = {
            "user": user.pk,
            "hash": user.get_session_auth_hash(),
            "at": timezone.now().timestamp(),
            "next": led_to,
        }
        return HttpResponseRedirect(in_own_language(user, reverse(page)))


def pending(request):
    """Who has given the right password a moment ago and nothing else yet; None if nobody."""
    kept = request.session.get(PENDING)
    if not kept or timezone.now().timestamp() - kept["at"] > PATIENCE.total_seconds():
        return None
    user = get_user_model().objects.filter(pk=kept["user"], is_active=True, is_staff=True).first()
    same = user and constant_time_compare(user.get_session_auth_hash(), kept["hash"])
    return user if same else None


def finish(request, user) -> str:
    """Log in whoever was half way; returns where they wanted to go."""
    led_to = request.session.pop(PENDING)["next"]
    login(request, user, BACKEND)
    request.session[MARK] = True
    return led_to


@method_decorator([sensitive_post_parameters(), never_cache, csrf_protect], name="dispatch")
class SecondStep(FormView):
    form_class = CodeForm
    template_name = "admin/accounts/second_step.html"

    def dispatch(self, request, *args, **kwargs):
        self.user = pending(request)
        if self.user is None:
            return HttpResponseRedirect(reverse("admin:login"))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        shown = {"title": _("Second step")} | admin.site.each_context(self.request)
        return super().get_context_data(**shown, **kwargs)

    def form_valid(self, form):
        if not is_right(self.user, form.cleaned_data["code"]):
            refuse(self.request, self.user)
            form.add_error("code", WRONG_CODE)
            return self.form_invalid(form)
        led_to = finish(self.request, self.user)
        if not form.cleaned_data["code"].replace(" ", "").isdecimal():
            left = self.user.recovery_codes.count()
            text = ngettext("%(left)d recovery code is left.", "%(left)d recovery codes are left.", left)
            messages.warning(self.request, text % {"left": left})
        return HttpResponseRedirect(led_to)


def refuse(request, user) -> None:
    """A wrong code is written down and counted as a wrong password is."""
    user_login_failed.send(sender=__name__, credentials={"username": user.get_username()}, request=request)
