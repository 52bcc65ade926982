from django.http import HttpResponse
from django.urls import path

from research_hub.urls import urlpatterns as pages_of_the_site


def bare(request):
    """What Django costs by itself: the least a page behind the same middleware can take."""
    return HttpResponse("Hello.")


urlpatterns = [path("bare/", bare), *pages_of_the_site]
