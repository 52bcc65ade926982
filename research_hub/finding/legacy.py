"""Addresses of the site that this one replaces: each leads to the page that took its place."""

from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_path
from django.utils.translation import gettext_lazy as _

from research_hub.activity.kinds import KINDS
from research_hub.editorial.views import language_of_reader, page_of_what_is_gone, public_entry
from research_hub.languages.addresses import paths_of
from research_hub.languages.text import LANGUAGES
from research_hub.languages.views import Bilingual

LONGEST = 1000
NAMING = {"p", "page_id", "attachment_id", "q"}  # by which WordPress and Drupal call a record on the home page
HOMES = {"/", *(f"/{language}" for language in LANGUAGES)}
KEPT = 3600  # seconds for which a browser may remember where an old address led: it may yet be put right


class LegacyAddressQuerySet(models.QuerySet):
    def at(self, address: str):
        """What is known of an address, with its query before with what names a record, and that before without; or
        None."""
        whole = written_alike(address)
        if len(whole) > LONGEST or "\0" in whole:
            return None
        found = self.filter(address__in={whole, written_alike(naming_alone(whole)), whole.partition("?")[0]})
        return max(found, key=lambda row: len(row.address), default=None)

    def free(self, addresses: Iterable[str]) -> list[str]:
        """Those of these addresses, as they are kept, that lead nowhere by now, neither from here nor as a page."""
        wanted = [address for address in dict.fromkeys(addresses) if len(address) <= LONGEST and "\0" not in address]
        taken = set(self.filter(address__in=wanted).values_list("address", flat=True))
        return [address for address in wanted if address not in taken and not is_live(address)]


class LegacyAddress(models.Model):
    """An old address, and the entry or the page that stands for it now. Chains and loops cannot be: it leads to what is
    there, and to nothing else."""

    address = models.CharField(
        _("old address"),
        max_length=LONGEST,
        unique=True,
        help_text=_(
            "As it was on the former site: /node/123 or /index.php?id=123. The name of the site in front of it may be "
            "left out."
        ),
    )
    uid = models.CharField(
        _("entry"),
        max_length=10,
        blank=True,
        help_text=_("The permanent name of the publication or event, as in /e/…/. Or else give a page, below."),
    )
    path = models.CharField(
        _("page"),
        max_length=LONGEST,
        blank=True,
        help_text=_("A page of this site, as /topics/water/. It leads to the same page in the reader's language."),
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=[("en", _("English")), ("es", _("Spanish"))],
        blank=True,
        help_text=_("That of the old page. Left empty, readers are led to the page in their own."),
    )

    objects = LegacyAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        constraints = [
            models.CheckConstraint(
                condition=Q(uid="") & ~Q(path="") | ~Q(uid="") & Q(path=""),
                name="legacy_address_leads_to_one_thing",
                violation_error_message=_("Give an entry or a page, one of the two."),
            )
        ]

    def __str__(self):
        return self.address

    def save(self, *args, **kwargs):
        self.address = written_alike(self.address)
        super().save(*args, **kwargs)

    def clean(self):
        self.address, errors = written_alike(self.address or ""), {}
        if is_live(self.address):
            errors["address"] = _("There is a page at this address now, so nobody would be led on from it.")
        if self.uid and not any(kind.model.objects.main().filter(uid=self.uid).exists() for kind in KINDS.values()):
            errors["uid"] = _("No entry has this permanent name.")
        if self.path and written_alike(self.path) == self.address:
            errors["path"] = _("It would lead to itself.")
        elif self.path and (names_a_record(self.path) or not address_in(self.path, LANGUAGES[0])):
            errors["path"] = _("There is no such page on this site; write its address as /topics/water/.")
        if errors:
            raise ValidationError(errors)

    def answer(self, request):
        """The way to what stands for it, or None where that is not there to be read."""
        wanted = self.language or get_language_from_path(request.path) or language_of_reader(request)
        response = self._lead_to_entry(request, wanted) if self.uid else self._lead_to_page(wanted)
        if response and not self.language:
            patch_vary_headers(response, ["Accept-Language", "Referer"])
        return response

    def _lead_to_entry(self, request, wanted: str):
        try:
            entry = public_entry(self.uid)
        except Http404:
            return None
        if entry.is_withdrawn:
            return page_of_what_is_gone(request, entry)
        return lead_to(entry.get_absolute_url(wanted if wanted in entry.written_in else entry.source_language))

    def _lead_to_page(self, wanted: str):
        target = None if names_a_record(self.path) else address_in(self.path, wanted)
        return lead_to(target) if target else None


def lead_to(path: str):
    return HttpResponsePermanentRedirect(path, headers={"Cache-Control": f"max-age={KEPT}"})


def written_alike(address: str) -> str:
    """An address in the one form in which it is kept and sought: from the root, its characters as they are, no slash at
    its end, what it asks for in order. What is no address stays as it is: nobody can ask for it."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return address.strip()
    path = unquote(parts.path).rstrip("/") or "/"
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return f"{path}?{query}" if query else path


def names_a_record(address: str) -> bool:
    """Whether it is the home page with the number of a record: /?p=12 of WordPress, /?q=node/12 of Drupal."""
    path, _mark, query = written_alike(address).partition("?")
    return path in HOMES and any(name in NAMING and value for name, value in parse_qsl(query))


def naming_alone(address: str) -> str:
    """Without what was hung on for other ends: the preview, or the mail that somebody came from."""
    path, _mark, query = address.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name in NAMING]
    return f"{quote(path)}?{urlencode(kept)}" if kept else quote(path)


def is_live(address: str) -> bool:
    """Whether there is a page, so that nobody would be led on from it."""
    path = address.partition("?")[0]
    return not names_a_record(address) and bool(address_in(path if path == "/" else f"{path}/", LANGUAGES[0]))


def address_in(path: str, wanted: str) -> str | None:
    """Where the public page at a path of this site is in a language; None where there is no such page."""
    bare, mark, query = path.partition("?")
    with translation.override(get_language_from_path(bare) or LANGUAGES[0]):
        try:
            match = resolve(bare)
        except Resolver404:
            return None
        view = getattr(match.func, "view_class", None)
        if view is None or not issubclass(view, Bilingual):
            return None
        if "slug" not in match.kwargs:
            return paths_of(view.url_name)[wanted] + mark + query
        record = view().get_queryset().at(match.kwargs["slug"])
    if record is None:
        return None
    language = wanted if wanted in record.written_in else (record.written_in or LANGUAGES)[0]
    return record.get_absolute_url(language) + mark + query


class LegacyAddresses:
    """Middleware: an address at which there is no page may be one of the former site's, and so may the home page that
    is asked for the number of a record. It costs a query in these cases, and nothing where there is a page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return response
        address = request.get_full_path()
        if response.status_code != 404 and not ("?" in address and names_a_record(address)):
            return response
        known = LegacyAddress.objects.at(address)
        return (known and known.answer(request)) or response
