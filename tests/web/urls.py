from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import PermissionDenied
from django.urls import path

from research_hub.urls import urlpatterns as urls_of_the_site


def broken(request):
    raise RuntimeError("This page is there to break.")


def refused(request):
    raise PermissionDenied


urlpatterns = [
    *i18n_patterns(path("broken/", broken), path("refused/", refused), prefix_default_language=False),
    *urls_of_the_site,
]
