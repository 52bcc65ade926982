"""The admin as a house with doors: who is let in, and the pages that stand before them."""

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from research_hub.editorial.site import HubSite, in_own_language

from .pages import MySessions, SecondFactor, SetUp
from .resetting import ByLink, Chosen, Forgotten, Written
from .second_factor import is_let_in
from .sign_in import FirstStep, SecondStep


class StaffSite(HubSite):
    def has_permission(self, request):
        return super().has_permission(request) and is_let_in(request)

    def get_urls(self):
        return [
            path("second-step/", SecondStep.as_view(), name="second_step"),
            path("second-factor/", self.admin_view(SecondFactor.as_view()), name="second_factor"),
            path("second-factor/set-up/", SetUp.as_view(), name="second_factor_set_up"),
            path("my-sessions/", self.admin_view(MySessions.as_view()), name="my_sessions"),
            path("password/forgotten/", Forgotten.as_view(), name="password_reset"),
            path("password/written/", Written.as_view(), name="password_reset_done"),
            path("password/choose/<uidb64>/<token>/", ByLink.as_view(), name="password_link"),
            path("password/chosen/", Chosen.as_view(), name="password_chosen"),
            *super().get_urls(),
        ]

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(in_own_language(request.user, reverse("admin:index")))
        context = self.each_context(request) | {
            "title": _("Log in"),
            "subtitle": None,
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
        }
        if REDIRECT_FIELD_NAME not in request.GET | request.POST:
            context[REDIRECT_FIELD_NAME] = reverse("admin:index")
        return FirstStep.as_view(extra_context=context | (extra_context or {}))(request)

    def logout(self, request, extra_context=None):
        """What the browser kept of the admin goes as well; not its cookies, as that would take those of the
        institute's other sites too: the session's own is taken away by its name."""
        response = super().logout(request, extra_context)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response
