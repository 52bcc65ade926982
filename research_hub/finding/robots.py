from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from research_hub.languages.addresses import absolute, paths_of


@method_decorator(csrf_exempt, name="dispatch")  # as every public page: a form sent to it is the wrong method
class Robots(View):
    """What crawlers are to leave alone: what is no page of its own, and what never ends."""

    def get(self, request):
        text = "\n".join(["User-agent: *", *(f"Disallow: {path}" for path in left_alone()), ""])
        sitemap = f"\nSitemap: {absolute(reverse('sitemap_index'))}\n"
        response = HttpResponse(text + sitemap, content_type="text/plain; charset=utf-8")
        response["Cache-Control"] = "public, max-age=3600"
        return response


def left_alone() -> list[str]:
    """The paths, as robots.txt writes them. A list that is narrowed by two things at once is in none of our links to
    pages, and there are more of them than any crawler can read."""
    return [
        *paths_of("admin:index").values(),
        *paths_of("search").values(),
        "/preview/",
        f"{reverse('api')}v1/",
        "/*?*&",
    ]


@method_decorator(csrf_exempt, name="dispatch")
class Favicon(View):
    """For what asks for it without having read a page."""

    def get(self, request):
        return HttpResponsePermanentRedirect(static("img/favicon.ico"))
