"""The admin's own pages: the first one, which is one's desk, and one's own settings; accounts/site.py has the doors."""

from functools import wraps
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse, translate_url
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.i18n import JavaScriptCatalog

from research_hub.activity.kinds import KINDS
from research_hub.languages.addresses import paths_of
from research_hub.languages.keys import is_number
from research_hub.languages.text import current

from .desk import Desk
from .notices import Notice, NoticeWish, chosen_language
from .wording import EDITOR


class WishForm(forms.ModelForm):
    class Meta:
        model = NoticeWish
        fields = ["language", "how"]
        widgets = {"how": forms.RadioSelect, "language": forms.RadioSelect}
        labels = {"how": gettext_lazy("notices by e-mail")}
        help_texts = {
            "language": gettext_lazy("Here you land when you log in, and in this language you are written to."),
            "how": gettext_lazy("When something waits for your review, and of what happens to what you wrote."),
        }


class Words(JavaScriptCatalog):
    """What the scripts of the admin say, that of the rich text editor included."""

    packages = ["django.contrib.admin"]

    def get_catalog(self):
        return super().get_catalog() | {word: _(word) for word in EDITOR}


def refuse_what_no_page_sends(view):
    """A NUL, a chosen record that is no number, and a number without end: Django hands them on to the database."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("A NUL in an address of the admin")
        if request.method == "POST" and not all(map(is_number, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            raise BadRequest("A record that is no number was chosen in a list of the admin")
        try:
            return view(request, *args, **kwargs)
        except OverflowError as error:  # SQLite's; in PostgreSQL no record has such a number
            raise BadRequest("A number that no record can have") from error

    return checked


class HubSite(AdminSite):
    index_title = gettext_lazy("My desk")

    def __init__(self, name="admin"):
        super().__init__(name)
        self.pages = []

    def add_pages(self, *urls) -> None:
        """Let an app on a higher floor put its pages into the admin, from its admin.py."""
        self.pages.extend(urls)

    def admin_view(self, view, cacheable=False):
        return super().admin_view(refuse_what_no_page_sends(view), cacheable)

    def get_urls(self):
        # Django's way to a record's page would tell the address of a draft to whoever may log in.
        urls = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        return [path("my-notices/", self.admin_view(self.my_notices), name="my_notices"), *self.pages, *urls]

    def each_context(self, request):
        # Under names of its own: Django's pages for logging in and out call the host's name `site.name`.
        name = settings.SITE_NAME[current()]
        return super().each_context(request) | {"site_title": name, "site_header": name}

    def i18n_javascript(self, request, extra_context=None):
        return Words.as_view()(request)

    def index(self, request, extra_context=None):
        desk = Desk(request.user, self.opened_by(request))
        return super().index(request, {"desk": desk} | (extra_context or {}))

    def opened_by(self, request) -> list:
        """The kinds of entries that the user may open here."""
        models = [kind.model for kind in KINDS.values() if self.is_registered(kind.model)]
        return [model for model in models if self.get_model_admin(model).has_view_permission(request)]

    def my_notices(self, request):
        stored = NoticeWish.objects.filter(user=request.user).first()
        wish = stored or NoticeWish(user=request.user, language=current())
        form = WishForm(request.POST if request.method == "POST" else None, instance=wish)
        if request.method == "POST" and form.is_valid():
            NoticeWish.objects.update_or_create(user=request.user, defaults=form.cleaned_data)
            if wish.how == NoticeWish.How.NONE:
                Notice.objects.filter(recipient=request.user, sent_at=None).delete()
            with translation.override(wish.language):
                messages.success(request, _("Your settings are kept."))
                return HttpResponseRedirect(reverse("admin:my_notices"))
        context = self.each_context(request) | {"title": _("My settings"), "form": form}
        return TemplateResponse(request, "admin/editorial/my_notices.html", context)


def in_own_language(user, url: str) -> str:
    """The same page of the admin where the user's language has it; any other address as it is."""
    language, path = chosen_language(user), urlsplit(url).path
    if not language or not path.startswith(tuple(paths_of("admin:index").values())):
        return url
    with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
        return translate_url(url, language)
