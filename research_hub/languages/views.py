from django.http import Http404, HttpResponsePermanentRedirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.generic import DetailView, TemplateView

from .addresses import absolute, language_links, link_to, link_to_page, paths_of
from .text import LANGUAGES, current


class Bilingual:
    """A page that knows where it is in each language, and in which of them it exists."""

    def get(self, request, *args, **kwargs):
        self.find()
        target = self.get_redirect()
        if target:
            return HttpResponsePermanentRedirect(target)
        return self.render_to_response(self.get_context_data())

    def find(self):
        """Fetch what the page is about, or raise Http404."""

    def get_redirect(self) -> str | None:
        """The address that this one should have been."""
        return None

    def get_paths(self) -> dict[str, str]:
        raise NotImplementedError

    def get_languages(self) -> list[str]:
        return list(LANGUAGES)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        paths, written = self.get_paths(), self.get_languages()
        best = current() if current() in written else written[0]
        context["canonical"] = absolute(paths[best])
        context["alternates"] = [{"lang": language, "url": absolute(paths[language])} for language in written]
        context["language_links"] = language_links(paths)
        steps = self.get_steps()
        context["trail"] = [link_to_page("home", _("Home")), *steps] if steps else []
        return context

    def get_steps(self) -> list[dict]:
        """The way to this page from home, as links: what stands above it, and the page itself."""
        return []


class BilingualPage(Bilingual, TemplateView):
    url_name: str
    name: str | Promise = ""  # what links to it say; home needs none

    @classmethod
    def link(cls) -> dict:
        return link_to_page(cls.url_name, cls.name)

    def get_steps(self):
        return [self.link()] if self.name else []

    def get_paths(self):
        return paths_of(self.url_name)


class BilingualDetail(Bilingual, DetailView):
    """A record's page. A slug of the other language leads to this one's address; no slug at all is a 404."""

    above: type[BilingualPage]  # the page that lists such records

    def find(self):
        self.object = self.get_object()

    def get_object(self, queryset=None):
        found = self.get_queryset().at(self.kwargs["slug"])
        if found is None:
            raise Http404
        return found

    def get_redirect(self):
        if self.kwargs["slug"] == self.object.slug_in(current()):
            return None
        query = self.request.META["QUERY_STRING"]
        return self.object.get_absolute_url() + (f"?{query}" if query else "")

    def get_paths(self):
        return {language: self.object.get_absolute_url(language) for language in LANGUAGES}

    def get_languages(self):
        return self.object.written_in or [current()]

    def get_steps(self):
        return [self.above.link(), *self.get_steps_between(), self.get_own_link()]

    def get_steps_between(self) -> list[dict]:
        return []

    def get_own_link(self) -> dict:
        return link_to(self.object, self.object.named_by)
