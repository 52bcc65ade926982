"""The admin's own pages: the first one, which is one's desk, and how one wants to be told of things."""

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from research_hub.activity.kinds import KINDS

from .desk import Desk
from .notices import Notice, NoticeWish, language_of


class WishForm(forms.ModelForm):
    class Meta:
        model = NoticeWish
        fields = ["how", "language"]
        widgets = {"how": forms.RadioSelect, "language": forms.RadioSelect}


class HubSite(AdminSite):
    index_title = gettext_lazy("My desk")

    def get_urls(self):
        # Django's way to a record's page would tell the address of a draft to whoever may log in.
        urls = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        return [path("my-notices/", self.admin_view(self.my_notices), name="my_notices"), *urls]

    def index(self, request, extra_context=None):
        desk = Desk(request.user, self.opened_by(request))
        return super().index(request, {"desk": desk} | (extra_context or {}))

    def opened_by(self, request) -> list:
        """The kinds of entries that the user may open here."""
        models = [kind.model for kind in KINDS.values() if self.is_registered(kind.model)]
        return [model for model in models if self.get_model_admin(model).has_view_permission(request)]

    def my_notices(self, request):
        stored = NoticeWish.objects.filter(user=request.user).first()
        wish = stored or NoticeWish(user=request.user, language=language_of(request.user))
        form = WishForm(request.POST if request.method == "POST" else None, instance=wish)
        if request.method == "POST" and form.is_valid():
            NoticeWish.objects.update_or_create(user=request.user, defaults=form.cleaned_data)
            if wish.how == NoticeWish.How.NONE:
                Notice.objects.filter(recipient=request.user, sent_at=None).delete()
            messages.success(request, _("Your wishes are kept."))
            return HttpResponseRedirect(reverse("admin:my_notices"))
        context = self.each_context(request) | {"title": _("My notices"), "form": form}
        return TemplateResponse(request, "admin/editorial/my_notices.html", context)
