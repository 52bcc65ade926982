from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_from_path, get_language_from_request, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import View

from research_hub.activity.caching import Versioned
from research_hub.activity.cards import cards
from research_hub.activity.dates import PartialDate, print_date
from research_hub.activity.kinds import KINDS, kind_by_code
from research_hub.activity.models import Activity
from research_hub.activity.prepared import Prepared
from research_hub.activity.selection import alike_keys
from research_hub.languages.addresses import link_to
from research_hub.languages.text import current, other, read
from research_hub.languages.views import BilingualDetail
from research_hub.media.players import player_of
from research_hub.media.serving import ASK_FIRST
from research_hub.media.views import give_download

RELATED = 4
MOST_LISTS = 6  # of its topics, and of its people, that entries like it are sought on
ALSO_IN = {"en": gettext_lazy("Also available in English"), "es": gettext_lazy("Also available in Spanish")}


class EntryDetail(Versioned, BilingualDetail):
    """A published entry's page. One that was withdrawn says so and why; anything else is a 404, the same as an
    address that never was."""

    together: tuple[str, ...] = ()  # the records that its row leads to and that the page shows

    def get_queryset(self):
        return self.model.objects.published().select_related(*self.together)

    def get_object(self, queryset=None):
        for language in (current(), other(current())):
            for found in published_at(type(self), language)(self.kwargs["slug"]):
                return found
        try:
            return super().get_object(queryset)
        except Http404:
            withdrawn = self.model.objects.withdrawn().at(self.kwargs["slug"])
            if withdrawn is None:
                raise
            raise Gone(withdrawn) from None

    def get(self, request, *args, **kwargs):
        try:
            return super().get(request, *args, **kwargs)
        except Gone as gone:
            return page_of_what_is_gone(request, gone.entry)

    def get_context_data(self, **kwargs):
        entry = self.object
        parts = {name: ask(entry.pk) for name, ask in parts_of(self.model).items()}
        topics = parts["topics"]
        return super().get_context_data(
            header={
                "type": entry.type_name(current()),
                "date": print_date(entry.date, current()),
                "datetime": entry.date.iso().partition("/")[0],
            },
            topics=[link_to(topic) for topic in topics],
            regions=[link_to(region) for region in parts["regions"]],
            media=[medium_shown(link) for link in parts["media"]],
            downloads=downloads_shown(entry, parts["downloads"]),
            corrections=[correction_shown(row) for row in parts["corrections"]],
            translations=self.translation_link(),
            related=self.related_cards([*topics[:MOST_LISTS], *self.people[:MOST_LISTS]]),
            **kwargs,
        )

    def translation_link(self) -> dict | None:
        language = other(current())
        if set(self.object.written_in) != {current(), language}:
            return None
        return {"label": ALSO_IN[language], "url": self.object.get_absolute_url(language), "lang": language}

    @property
    def people(self) -> list:
        """Who wrote it or speaks there."""
        raise NotImplementedError

    def chosen_cards(self) -> list[dict]:
        """The related entries that editors have named."""
        return []

    def cards_apart(self) -> list[dict]:
        """The entries that the page shows under a heading of their own."""
        return []

    def related_cards(self, owners) -> list[dict]:
        """Those that editors have named; where these are few, then those that stand on the most lists of its own."""
        chosen = self.chosen_cards()
        if len(chosen) >= RELATED:
            return chosen
        known = {card["url"] for card in [*chosen, *self.cards_apart()]} | {self.object.main.get_absolute_url()}
        keys = alike_keys([owner.list_number for owner in owners], timezone.localdate(), RELATED + len(known))
        shown = cards(keys, current())
        alike = [shown[key] for key in keys if key in shown and shown[key]["url"] not in known]
        return (chosen + alike)[:RELATED]


@lru_cache
def published_at(view: type[EntryDetail], language: str) -> Prepared:
    """The published entry with a slug in this language, as a page of it reads it. That it is no working copy goes
    without saying, but lets the databases take the index in which a slug stands once."""
    return Prepared(lambda slug: view().get_queryset().main().filter(**{f"slug_{language}": slug}), str)


@lru_cache
def parts_of(model) -> dict[str, Prepared]:
    """What an entry's page shows that stands in other tables, by the number of the entry."""
    position = f"{model._meta.model_name}_topics__position"
    return {
        "topics": Prepared(lambda pk: model(pk=pk).topics.order_by(position), int),
        "regions": Prepared(lambda pk: model(pk=pk).regions.order_by("position", "pk"), int),
        "media": Prepared(lambda pk: model(pk=pk).media.in_order(), int),
        "downloads": Prepared(lambda pk: model(pk=pk).downloads.in_order(), int),
        "corrections": Prepared(lambda pk: model(pk=pk).corrections.newest_first(), int),
    }


class Gone(Exception):
    """The entry was public and is withdrawn."""

    def __init__(self, entry):
        super().__init__(entry)
        self.entry = entry


def page_of_what_is_gone(request, entry):
    context = {
        "reason": read(entry, "reason"),
        "on": entry.withdrawn_at and print_date(PartialDate.day(timezone.localdate(entry.withdrawn_at)), current()),
    }
    return render(request, "410.html", context, status=410)


def correction_shown(correction) -> dict:
    return {
        "date": str(correction),
        "datetime": correction.corrected_on.isoformat(),
        "note": read(correction, "note"),
    }


def medium_shown(link) -> dict:
    label = read(link, "label")
    return {
        "kind_label": link.get_kind_display(),
        "url": link.url,
        "label": label,
        "title": str(label) or link.get_kind_display(),
        "duration": clock(link.duration),
        "transcript": read(link, "transcript"),
        "player": player_of(link.url, link.kind, current()),
    }


def clock(seconds: int | None) -> str:
    """Seconds as a player shows them: 1:02:03, 4:05."""
    if not seconds:
        return ""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def downloads_shown(entry, rows) -> list[dict]:
    """Those in the language of the page first; `place` is what each has among the rows."""
    files = [download_shown(entry, file) | {"place": place} for place, file in enumerate(rows, start=1)]
    return sorted(files, key=lambda file: file["code"] != current())


def download_shown(entry, file) -> dict:
    label = read(file, "label")
    return {
        "from": None if is_given_out(file) else timezone.localtime(file.embargo_until),
        "url": reverse("entry_download", args=[entry.uid, file.pk, download_name(entry, file)]),
        "label": label or _("Download"),
        "lang": label.language if label.is_foreign else "",
        "code": file.language,
        "language": file.get_language_display(),
        "size": filesizeformat(file.bytes),
        "pages": file.pages,
    }


def download_name(entry, file) -> str:
    return f"{entry.slug_in(file.language)}-{file.language}.pdf"


def is_given_out(file) -> bool:
    """Whether readers may have it: its embargo, if there was one, is over."""
    return file.embargo_until is None or file.embargo_until <= timezone.now()


class EntryDownload(View):
    """A file of a published entry; the activity knows what is published."""

    http_method_names = ["get", "head"]

    def get(self, request, uid, pk, name):
        entry = published_entry(uid)
        file = entry.downloads.filter(pk=pk).first()
        if file is None or name != download_name(entry, file) or not is_given_out(file):
            raise Http404
        return give_download(request, file.file, name, ASK_FIRST)


class EntryByUid(View):
    """The address that never changes: it leads to the entry's page in the reader's language, if it has that."""

    def get(self, request, uid):
        entry = public_entry(uid)
        if entry.is_withdrawn:
            return page_of_what_is_gone(request, entry)
        wanted = language_of_reader(request)
        language = wanted if wanted in entry.written_in else entry.source_language
        response = HttpResponseRedirect(entry.get_absolute_url(language))
        response["Vary"] = "Accept-Language, Referer"
        return response


def language_of_reader(request) -> str:
    """That of the page of ours on which the link stood; for who comes from elsewhere, that of the browser."""
    try:
        page = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # no address at all
        return get_language_from_request(request)
    if page.netloc == request.get_host():
        return get_language_from_path(page.path) or settings.LANGUAGE_CODE
    return get_language_from_request(request)


def public_entry(uid: str):
    """The entry that readers know by this name, though it may have been withdrawn."""
    try:
        return published_entry(uid)
    except Http404:
        withdrawn = (kind.model.objects.withdrawn().filter(uid=uid).first() for kind in KINDS.values())
        entry = next(filter(None, withdrawn), None)
        if entry is None:
            raise
        return entry


def published_entry(uid: str):
    found = Activity.objects.filter(uid=uid).values_list("kind", "object_id").first()
    if found is None:
        raise Http404
    code, pk = found
    entry = kind_by_code(code).model.objects.published().filter(pk=pk).first()
    if entry is None:
        raise Http404
    return entry
