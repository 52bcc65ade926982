"""The site, and addresses of pages that are otherwise seen only when something fails or half way through something."""

import errno

from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.urls import path

from research_hub.accounts.pages import SetUp, show_codes
from research_hub.accounts.recovery import make_codes
from research_hub.accounts.sign_in import FirstStep, SecondStep
from research_hub.accounts.throttling import locked_out
from research_hub.limits import in_words
from research_hub.urls import handler500 as handler500
from research_hub.urls import urlpatterns as urls_of_the_site


def failing(error):
    def view(request):
        raise error

    return view


def half_way(page):
    """After the right password."""

    def view(request):
        FirstStep(request=request).go_on(administrator(), "/", "admin:second_step")
        return page.as_view()(request)

    return view


def codes(request):
    return show_codes(request, make_codes(administrator()), "/")


def administrator():
    return get_user_model().objects.get(username="administrator")


OTHERWISE = [
    path("refused/", failing(PermissionDenied())),
    path("broken/", failing(RuntimeError("This page is there to break."))),
    path("away/", failing(OperationalError("database is locked"))),
    path("full/", failing(OSError(errno.ENOSPC, "No space left on device"))),
    path("haste/", lambda request: in_words(request, 40)),
    path("admin/half-way/second-step/", half_way(SecondStep)),
    path("admin/half-way/set-up/", half_way(SetUp)),
    path("admin/half-way/codes/", codes),
    path("admin/half-way/locked-out/", lambda request: locked_out(request, None, {})),
]

urlpatterns = [*i18n_patterns(*OTHERWISE, prefix_default_language=False), *urls_of_the_site]
