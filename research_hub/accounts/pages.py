"""What the staff see and change of their own doors: the second factor, and where they are logged in."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import authenticate
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from research_hub.editorial.audit import AuditEntry, record

from .recovery import make_codes
from .second_factor import MARK, device_of, is_needed, is_right, picture_of, prepared, remove, secret_of, set_up
from .sessions import StaffSession, end_sessions
from .sign_in import WRONG_CODE, CodeField, CodeForm, finish, pending, refuse

Action = AuditEntry.Action
PROVED, FRESH = "_proved", 600  # seconds


class ProofForm(forms.Form):
    """Whoever changes something about a door shows again who they are: a page may have been left open."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = CodeField()

    def __init__(self, request, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        if device_of(request.user) is None:
            del self.fields["code"]

    def clean(self):
        cleaned = super().clean()
        user = self.request.user
        if self.errors:
            return cleaned
        if authenticate(self.request, username=user.get_username(), password=cleaned["password"]) != user:
            self.add_error("password", _("That is not your password."))
        elif "code" in cleaned and not is_right(user, cleaned["code"]):
            refuse(self.request, user)
            self.add_error("code", WRONG_CODE)
        return cleaned


@method_decorator(sensitive_post_parameters(), name="dispatch")
class SecondFactor(View):
    """Whether there is one, and what can be done with it."""

    def get(self, request):
        return self.show(request, ProofForm(request))

    def post(self, request):
        form, wanted = ProofForm(request, request.POST), request.POST.get("do")
        steps = {"set_up": self.begin, "new_codes": self.new_codes, "remove": self.remove}
        if wanted not in steps or not form.is_valid():
            return self.show(request, form)
        return steps[wanted](request)

    def show(self, request, form):
        context = {
            "title": _("Second factor"),
            "form": form,
            "device": device_of(request.user),
            "is_needed": is_needed(request.user),
            "left": request.user.recovery_codes.count(),
        }
        return render(request, "admin/accounts/second_factor.html", admin.site.each_context(request) | context)

    def begin(self, request):
        request.session[PROVED] = timezone.now().timestamp()
        return HttpResponseRedirect(reverse("admin:second_factor_set_up"))

    def new_codes(self, request):
        if device_of(request.user) is None:
            return self.show(request, ProofForm(request))
        codes = make_codes(request.user)
        record(Action.SECOND_FACTOR, subject=request.user, request=request, what="new recovery codes")
        return show_codes(request, codes, reverse("admin:second_factor"))

    def remove(self, request):
        if is_needed(request.user):
            messages.error(request, _("Your role asks for a second factor: it can be replaced, not removed."))
        else:
            remove(request.user)
            request.session.pop(MARK, None)
            record(Action.SECOND_FACTOR, subject=request.user, request=request, what="removed")
            messages.success(request, _("The second factor is removed."))
        return HttpResponseRedirect(reverse("admin:second_factor"))


@method_decorator([sensitive_post_parameters(), never_cache, csrf_protect], name="dispatch")
class SetUp(View):
    """For whoever is logged in and has just proved it, and for whoever is half way in and needs one to go on."""

    def dispatch(self, request, *args, **kwargs):
        self.half_way = pending(request)
        self.user = self.half_way or request.user
        if self.half_way and device_of(self.half_way):
            return HttpResponseRedirect(reverse("admin:second_step"))
        if not self.half_way:
            if not admin.site.has_permission(request):
                return HttpResponseRedirect(reverse("admin:login"))
            if timezone.now().timestamp() - request.session.get(PROVED, 0) > FRESH:
                return HttpResponseRedirect(reverse("admin:second_factor"))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return self.show(request, CodeForm())

    def show(self, request, form):
        device = prepared(self.user)
        context = {
            "title": _("Set up the second factor"),
            "form": form,
            "picture": picture_of(device),
            "secret": secret_of(device),
            "half_way": self.half_way,
        }
        return render(request, "admin/accounts/set_up.html", admin.site.each_context(request) | context)

    def post(self, request):
        form = CodeForm(request.POST)
        codes = form.is_valid() and set_up(self.user, form.cleaned_data["code"])
        if not codes:
            if form.is_valid():
                form.add_error("code", WRONG_CODE)
            return self.show(request, form)
        end_sessions(self.user, but=request.session.session_key)
        record(Action.SECOND_FACTOR, by=self.user, subject=self.user, request=request, what="set up")
        led_to = finish(request, self.user) if self.half_way else reverse("admin:index")
        request.session.pop(PROVED, None)
        request.session[MARK] = True
        return show_codes(request, codes, led_to)


def show_codes(request, codes: list[str], led_to: str):
    """The one time that they are seen."""
    context = {"title": _("Recovery codes"), "codes": codes, "led_to": led_to}
    return render(request, "admin/accounts/codes.html", admin.site.each_context(request) | context)


class MySessions(View):
    """Where one is logged in, and ending it."""

    def get(self, request):
        sessions = StaffSession.objects.of(request.user).alive().newest_first()
        context = {"title": _("Where you are logged in"), "sessions": sessions, "own": request.session.session_key}
        return render(request, "admin/accounts/my_sessions.html", admin.site.each_context(request) | context)

    def post(self, request):
        own, wanted = request.session.session_key, request.POST.get("end", "")
        others = StaffSession.objects.of(request.user).exclude(session_key=own)
        chosen = [row.pk for row in others if wanted in ("others", row.name)]
        if chosen:
            others.filter(pk__in=chosen).delete()
            record(Action.SESSIONS_ENDED, subject=request.user, request=request, count=len(chosen))
            messages.success(request, _("That is ended: whoever works there has to log in anew."))
        return HttpResponseRedirect(reverse("admin:my_sessions"))
