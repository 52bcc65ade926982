"""Preview: the page of any version of an entry, for whoever holds a link that is signed, ends and can be revoked."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from csp.constants import SELF
from csp.decorators import csp_replace
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.http import Http404
from django.shortcuts import render
from django.template.loader import select_template
from django.urls import resolve, reverse
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from research_hub.activity.caching import site_version
from research_hub.activity.sync import writing
from research_hub.languages.addresses import language_links, path_to
from research_hub.languages.text import LANGUAGES, current, other
from research_hub.media.models import Image
from research_hub.media.serving import NOBODY_ELSE
from research_hub.media.views import give_download, give_picture

from . import audit
from .history import Revision
from .moments import in_short
from .versions import Snapshot, apply
from .views import is_given_out

# The address is the key to the page: it goes to no other site, no index and no cache.
PRIVATE = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
WIDTHS = {
    "desktop": (_("Desktop"), ""),
    "phone": (_("Phone"), "390"),
    "print": (_("Sheet of paper"), "794"),  # A4 at 96 dots an inch
}


def signer() -> Signer:
    return Signer(salt="research_hub.editorial.preview", sep=".")


class PreviewLinkQuerySet(models.QuerySet):
    def of(self, entry):
        return self.filter(model=entry._meta.label_lower, uid=entry.main.uid)

    def open(self):
        """Those that lead somewhere: not ended, not revoked, and made by an account that still may log in."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now(), made_by__is_active=True)

    def at(self, token: str):
        """The open link whose token this is, or None."""
        try:
            pk = signer().unsign(token)
        except BadSignature:
            return None
        return self.open().filter(pk=pk).first()

    def newest_first(self):
        return self.order_by("-made_at", "-pk")


class PreviewLink(models.Model):
    """It names the entry by its uid, so that it leads nowhere once that is deleted."""

    class Days(models.IntegerChoices):
        ONE = 1, _("1 day")
        SEVEN = 7, _("7 days")
        THIRTY = 30, _("30 days")

    model = models.CharField(max_length=100)
    uid = models.CharField(max_length=10)
    number = models.PositiveIntegerField(null=True)  # null: as it is being written
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    opened = models.PositiveIntegerField(default=0)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        default_permissions = []
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=False) | Q(revoked_by=None), name="preview_link_revoked_at_and_by"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="preview_link_ends_after_it_is_made"),
        ]
        indexes = [models.Index(fields=["uid"], name="preview_link_by_entry")]

    def __str__(self):
        return f"{self.uid} · {self.number or _('As it is now being written')}"

    def get_absolute_url(self):
        return reverse("preview", args=[self.token])

    @property
    def token(self) -> str:
        return signer().sign(str(self.pk))

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    @property
    def is_over(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        """What `open` asks of it; of its maker, who is to be fetched with it."""
        return not self.is_revoked and not self.is_over and bool(self.made_by and self.made_by.is_active)

    @cached_property
    def entry(self):
        """The entry itself; None where it is gone."""
        entries = apps.get_model(self.model)._base_manager.select_related("working_copy")
        return entries.filter(uid=self.uid, revises=None).first()

    @cached_property
    def revision(self) -> Revision | None:
        if self.number is None:
            return None
        return Revision.objects.filter(uid=self.uid, model=self.model, number=self.number).first()

    @property
    def leads_somewhere(self) -> bool:
        return self.entry is not None and (self.number is None or self.revision is not None)

    def said(self) -> str:
        """What it shows, in a few words."""
        if self.revision:
            status = self.entry.Status(self.revision.status).label
            return f"{_('Version %d') % self.number} · {in_short(self.revision.made_at)} · {status}"
        row = self.entry.written_on
        if row.is_published:
            return str(_("As readers see it now"))
        return f"{_('As it is now being written')} · {row.get_status_display()}"

    def revoke(self, *, by):
        self.revoked_at, self.revoked_by = timezone.now(), by
        self.save(update_fields=["revoked_at", "revoked_by"])

    def count_opening(self):
        type(self).objects.filter(pk=self.pk).update(opened=F("opened") + 1)


def preview(entry, *, by, number: int | None = None, days: int = PreviewLink.Days.SEVEN) -> PreviewLink:
    """A new link to the entry as it is being written, or to one of its versions."""
    now = timezone.now()
    return PreviewLink.objects.create(
        model=entry._meta.label_lower,
        uid=entry.main.uid,
        number=number,
        made_at=now,
        made_by=by,
        expires_at=now + timedelta(days=days),
    )


# What it shows


@contextmanager
def shown(link: PreviewLink) -> Iterator:
    """The row whose page the link shows, for as long as that page is made.

    An older version is written into the working copy, made if there is none, in a transaction that is always undone:
    so the page's own view draws it from rows, and nobody else ever sees them.
    """
    if link.number is None:
        yield link.entry.written_on
        return
    with writing():
        try:
            yield written_again(link.entry, link.revision.snapshot)
        finally:
            transaction.set_rollback(True)


class Incomplete(Exception):
    """The version cannot do without something that is gone, such as its type of publication."""


def written_again(entry, version: Snapshot):
    copy = getattr(entry, "working_copy", None) or type(entry)(revises=entry)
    try:
        apply(version, copy)
    except (ValidationError, IntegrityError) as error:
        raise Incomplete from error
    return copy


def page_of(row, request, link: PreviewLink):
    """The public page of the row as its own view makes it, but for every address that is not the preview's."""
    match = resolve(path_to(row.url_name, current()).format(row.uid))
    view = match.func.view_class(**match.func.view_initkwargs)
    view.setup(request, slug=row.slug_in(current()))
    view.object, view.version = row, site_version()
    context = view.get_context_data()
    context |= private(context, link) | {"itself": select_template(view.get_template_names())}
    response = render(request, "editorial/preview_page.html", context)
    # Other pages may not be framed, so a link leads out of the frame; one to a part of this page stays in it.
    response.content = response.content.replace(b'href="#', b'target="_self" href="#')
    for image in pictures_of(row):  # no page that is public may show them yet
        public = image.file.url.rpartition(".")[0]
        own = reverse("preview_image", args=[link.token, Path(image.file.name).stem])
        response.content = response.content.replace(public.encode(), own.encode())
    return response


def pictures_of(row) -> list[Image]:
    """Those that the row itself names."""
    fields = (field for field in row._meta.concrete_fields if field.related_model is Image)
    return [image for field in fields if (image := getattr(row, field.name))]


def private(context: dict, link: PreviewLink) -> dict:
    """What takes the place of the page's addresses: it may have none yet, and its files are nobody else's."""
    translations = context.get("translations")
    addresses = {code: f"{link.get_absolute_url()}?lang={code}" for code in LANGUAGES}
    return {
        "canonical": "",
        "alternates": [],
        "noindex": True,
        "language_links": language_links(addresses),
        "translations": translations and translations | {"url": addresses[other(current())]},
        "downloads": [
            file | {"url": reverse("preview_file", args=[link.token, file["place"]])} for file in context["downloads"]
        ],
    }


# For whoever holds the link


@method_decorator(csrf_exempt, name="dispatch")  # it takes no forms: one sent to it is answered as the wrong method
class Preview(View):
    """Whatever is wrong with a link, the answer is that of an address that never was."""

    http_method_names = ["get", "head"]
    framing = "DENY"

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        for name, value in PRIVATE.items():
            response[name] = value
        return response

    def get(self, request, token, **kwargs):
        link = PreviewLink.objects.at(token)
        if link is None or not link.leads_somewhere:
            raise Http404
        asked = request.GET.get("lang")
        language = asked if asked in LANGUAGES else link.entry.source_language
        with translation.override(language):
            try:
                response = self.show(request, link, **kwargs)
            except Incomplete:
                response = render(request, "editorial/preview_gone.html", {"noindex": True}, status=410)
        response["Content-Language"], response["X-Frame-Options"] = language, self.framing
        return response

    def log(self, request, link, **detail):
        """Each opening: of the page itself and of its files, not of the frame around it."""
        if request.method == "GET":
            with transaction.atomic():
                link.count_opening()
                audit.record(
                    "preview_seen", subject=link.entry, request=request, link=link.pk, version=link.number, **detail
                )


@method_decorator(csp_replace({"frame-src": [SELF]}), name="dispatch")
class PreviewFrame(Preview):
    """A bar that says what is shown and until when, and the page below it, as wide as is asked for."""

    def show(self, request, link):
        width = request.GET.get("width")
        width = width if width in WIDTHS else "desktop"
        context = {
            "link": link,
            "language": current(),
            "width": width,
            "pixels": WIDTHS[width][1],
            "widths": [
                {"code": code, "label": label, "current": code == width} for code, (label, _px) in WIDTHS.items()
            ],
            "languages": language_links({code: f"?lang={code}&width={width}" for code in LANGUAGES}),
        }
        return render(request, "editorial/preview.html", context)


@method_decorator(csp_replace({"frame-ancestors": [SELF]}), name="dispatch")
class PreviewPage(Preview):
    """The page itself."""

    framing = "SAMEORIGIN"

    def show(self, request, link):
        with shown(link) as row:
            response = page_of(row, request, link)
        self.log(request, link, language=current())
        return response


class PreviewFile(Preview):
    """A file of the page, by its place on it: in an older version its row may have no key that lasts."""

    def show(self, request, link, place):
        with shown(link) as row:
            file = dict(enumerate(row.downloads.in_order(), start=1)).get(place)
            if file is None or not is_given_out(file):
                raise Http404
            response = give_download(request, file.file, f"{row.slug_in(file.language)}-{file.language}.pdf")
        self.log(request, link, file=place)
        return response


class PreviewImage(Preview):
    """A picture of the page or a rendition of it, of which the page itself says that it was seen."""

    def show(self, request, link, name):
        name = f"images/{name}"
        with shown(link) as row:
            image = next((image for image in pictures_of(row) if name in image.files), None)
        if image is None:
            raise Http404
        return give_picture(request, image, name, NOBODY_ELSE)
