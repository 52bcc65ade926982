"""Authors made one in the admin: who is likely to be the same, what each has, and what stays."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from research_hub.editorial.prose import plain_text
from research_hub.languages.keys import is_number
from research_hub.media.admin import preview
from research_hub.media.renditions import SQUARE

from .doubles import likely_doubles
from .merging import MOST, TEXTS, attname, merge, refuse_unfit
from .models import Author

GROUPS_ON_A_PAGE = 25
PICTURE = "photo"


class MergeForm(forms.Form):
    """Which of the authors stays, and whose text, where they differ."""

    stays = forms.TypedChoiceField(coerce=int, label=gettext_lazy("Who stays"))
    sure = forms.BooleanField(
        label=gettext_lazy("These are one and the same, and I know that this cannot be undone."),
        error_messages={"required": gettext_lazy("Say that you are sure: this cannot be undone.")},
    )

    def __init__(self, authors: list[Author], asked: list[str], *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stays"].choices = [(author.pk, author.name) for author in authors]
        self.asked = asked
        for name in asked:
            having = [(author.pk, author.name) for author in authors if value_of(author, name)]
            self.fields[f"take_{name}"] = forms.TypedChoiceField(choices=having, coerce=int)

    def chosen(self) -> dict[str, int]:
        return {name: self.cleaned_data[f"take_{name}"] for name in self.asked}


@dataclass
class Choice:
    """A text that they differ in, and what each of them has to offer."""

    name: str
    label: str
    offers: list[dict[str, Any]]
    errors: list[str]
    lang: str


class MergePages:
    actions = ["merge_chosen"]
    change_list_template = "admin/publications/author/change_list.html"

    def get_urls(self):
        pages = {"merge": self.merge_page, "doubles": self.doubles_page}
        name = "publications_author_{}".format
        own = [path(f"{code}/", self.admin_site.admin_view(page), name=name(code)) for code, page in pages.items()]
        return [*own, *super().get_urls()]

    def has_merge_permission(self, request) -> bool:
        return self.has_change_permission(request) and self.has_delete_permission(request)

    def changelist_view(self, request, extra_context=None):
        may = {"may_merge": self.has_merge_permission(request)}
        return super().changelist_view(request, may | (extra_context or {}))

    @admin.action(permissions=["merge"], description=gettext_lazy("Merge selected authors…"))
    def merge_chosen(self, request, queryset):
        return HttpResponseRedirect(merge_address(list(queryset.values_list("pk", flat=True)[: MOST + 1])))

    def doubles_page(self, request):
        """Who may be one and the same."""
        if not self.has_merge_permission(request):
            raise PermissionDenied
        page = Paginator(likely_doubles(), GROUPS_ON_A_PAGE).get_page(request.GET.get("page"))
        pks = [pk for group in page for pk in group]
        authors, counts = Author.objects.in_bulk(pks), entries_of(pks)
        groups = [
            {
                "url": merge_address(group),
                "authors": [{"author": authors[pk], "entries": counts.get(pk, 0)} for pk in group if pk in authors],
            }
            for group in page
        ]
        title = _("Authors who may be the same")
        return self.shown(request, "doubles", title=title, groups=groups, page=page)

    def merge_page(self, request):
        if not self.has_merge_permission(request):
            raise PermissionDenied
        sent = request.POST if request.method == "POST" else request.GET
        pks = {int(pk) for pk in sent.getlist("author")[: MOST + 1] if is_number(pk, digits=15)}
        authors = Author.objects.select_related("photo", "user").in_bulk(pks)
        try:
            refuse_unfit(authors, pks)
            self.refuse_accounts(request, authors)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:publications_author_changelist"))
        counts = entries_of(pks)
        ordered = sorted(authors.values(), key=lambda author: (-counts.get(author.pk, 0), not author.orcid, author.pk))
        asked = [name for name in TEXTS if len({value_of(author, name) for author in ordered} - {""}) > 1]
        form = MergeForm(ordered, asked, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid() and (kept := self.try_merge(request, form, ordered)):
            self.message_user(request, _("Merged: %s") % kept, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:publications_author_change", args=[kept.pk]))
        people = [self.person(author, counts.get(author.pk, 0)) for author in ordered]
        stays = str(form["stays"].value() or ordered[0].pk)
        choices = [self.choice(form, name, ordered) for name in asked]
        return self.shown(
            request, "merge", title=_("Merge authors"), form=form, people=people, choices=choices, stays=stays
        )  # fmt: skip

    def refuse_accounts(self, request, authors: dict[int, Author]) -> None:
        """Which account an author has is said by those who may see accounts."""
        accounts = {author.user_id for author in authors.values()} - {None}
        if len(accounts) > 1 and not request.user.has_perm("auth.view_user"):
            raise ValidationError(_("More than one of them has an account: ask an administrator to merge them."))

    def try_merge(self, request, form: MergeForm, authors: list[Author]) -> Author | None:
        stays = form.cleaned_data["stays"]
        goes = {author.pk for author in authors} - {stays}
        chosen = form.chosen()
        for name in set(TEXTS) - set(chosen):  # where one alone has something, that is kept
            chosen[name] = next((author.pk for author in authors if value_of(author, name)), stays)
        try:
            return merge(stays, goes, chosen, by=request.user, request=request)
        except ValidationError as error:
            form.add_error(None, error)
            return None

    def person(self, author: Author, entries: int) -> dict[str, Any]:
        told = [(label_of(name), plain_text(str(value_of(author, name)))) for name in TEXTS if name != PICTURE]
        told.append((label_of("variants"), " · ".join(map(str, author.variants))))
        return {
            "author": author,
            "entries": entries,
            "told": [(label, words) for label, words in told if words],
            "photo": preview(author.photo, SQUARE) if author.photo else "",
        }

    def choice(self, form: MergeForm, name: str, authors: list[Author]) -> Choice:
        field = form[f"take_{name}"]
        given = str(field.value() or next(author.pk for author in authors if value_of(author, name)))
        offers = [
            {
                "pk": author.pk,
                "from": author.name if name != "name" else "",
                "words": plain_text(str(value_of(author, name))),
                "photo": preview(author.photo, SQUARE) if name == PICTURE else "",
                "checked": str(author.pk) == given,
            }
            for author in authors
            if value_of(author, name)
        ]
        return Choice(field.html_name, label_of(name), offers, field.errors, name[-2:] if name[-3:-2] == "_" else "")

    def shown(self, request, template: str, **context):
        context = self.admin_site.each_context(request) | {"opts": self.opts} | context
        return TemplateResponse(request, f"admin/publications/author/{template}.html", context)


def merge_address(pks: list[int]) -> str:
    return f"{reverse('admin:publications_author_merge')}?{urlencode({'author': pks}, doseq=True)}"


def entries_of(pks) -> dict[int, int]:
    """How many publications and events each of these has a part in."""
    counts: dict[int, int] = {}
    for row, entry in (("authorships", "publication"), ("speaking", "event")):
        main = {f"{row}__{entry}__revises": None, f"{row}__isnull": False}
        told = Author.objects.filter(pk__in=pks, **main).values_list("pk")
        for pk, n in told.annotate(n=Count(f"{row}__{entry}", distinct=True)):
            counts[pk] = counts.get(pk, 0) + n
    return counts


def value_of(author: Author, name: str):
    if name in ("photo", "user"):
        return getattr(author, name) or ""
    return getattr(author, attname(name)) or ""


def label_of(name: str) -> str:
    return capfirst(Author._meta.get_field(name).verbose_name)
