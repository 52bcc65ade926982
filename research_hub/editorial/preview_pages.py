"""The previews of an entry in the admin: making a link, who opened how many, and revoking one."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from research_hub.activity.sync import writing
from research_hub.languages.addresses import absolute

from . import audit
from .history import Revision
from .moments import in_short
from .preview import PreviewLink, preview

LINKS_ON_A_PAGE = 50


class PreviewForm(forms.Form):
    number = forms.TypedChoiceField(
        label=gettext_lazy("What it shows"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("A version stays as it was; what is being written changes with every save."),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("How long it works"),
        coerce=int,
        choices=PreviewLink.Days.choices,
        initial=PreviewLink.Days.SEVEN,
    )

    def __init__(self, entry, *args, **kwargs):
        super().__init__(*args, **kwargs)
        found = Revision.objects.of(entry).filter(model=entry._meta.label_lower).newest_first()
        versions = found.values_list("number", "made_at", "title")
        self.fields["number"].choices = [
            ("", _("As it is now being written")),
            *((number, named(number, made_at, title)) for number, made_at, title in versions),
        ]


def named(number: int, made_at, title: str) -> str:
    return f"{_('Version %d') % number} · {in_short(made_at)} · {title}"


class PreviewPages:
    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        own = [
            path("<int:pk>/preview/", self.admin_site.admin_view(self.preview_page), name=name),
            path("<int:pk>/preview/<int:link>/", self.admin_site.admin_view(self.revoke_page), name=f"{name}_revoke"),
        ]
        return [*own, *super().get_urls()]

    def preview_address(self, entry) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_preview", args=[entry.pk])

    def preview_page(self, request, pk):
        """The entry's links; who may see the entry here may make one."""
        entry = self.entry_shown(request, pk)
        form = PreviewForm(entry, request.POST if request.method == "POST" else None, initial=request.GET.dict())
        if request.method == "POST" and form.is_valid():
            self.make_preview(request, entry, **form.cleaned_data)
            return HttpResponseRedirect(self.preview_address(entry))
        found = PreviewLink.objects.of(entry).newest_first().select_related("made_by", "revoked_by")
        links = Paginator(found, LINKS_ON_A_PAGE).get_page(request.GET.get("page"))
        for link in links:
            link.address = absolute(link.get_absolute_url())
            link.may_be_revoked = link.is_open and self.may_revoke(request, link)
        return self.page(
            request, "preview", entry, title=_("Preview"), subtitle=str(entry), form=form, links=links
        )  # fmt: skip

    def make_preview(self, request, entry, number, days):
        with writing():
            link = preview(entry, by=request.user, number=number, days=days)
            audit.record(
                "preview_made", by=request.user, subject=entry.main, request=request,
                link=link.pk, version=number, until=link.expires_at,
            )  # fmt: skip
        self.message_user(request, _("The link is made: it stands first in the list."), messages.SUCCESS)

    def may_revoke(self, request, link) -> bool:
        return link.made_by == request.user or self.has_review_permission(request)

    def revoke_page(self, request, pk, link):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        entry = self.entry_shown(request, pk)
        with writing():
            found = PreviewLink.objects.of(entry).select_for_update().filter(pk=link).first()
            if found is None:
                raise Http404
            if not self.may_revoke(request, found):
                raise PermissionDenied
            if not found.is_revoked:
                found.revoke(by=request.user)
                audit.record(
                    "preview_revoked", by=request.user, subject=entry.main, request=request, link=found.pk
                )  # fmt: skip
        self.message_user(request, _("The link leads nowhere any more."), messages.SUCCESS)
        return HttpResponseRedirect(self.preview_address(entry))
