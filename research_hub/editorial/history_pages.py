"""The history of an entry in the admin: its versions, what changed between two of them, and back to an older one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from research_hub.activity.sync import writing
from research_hub.languages.keys import is_number

from . import audit, history
from .compare import compare
from .forms import named_notes
from .history import Revision
from .versions import apply, snapshot
from .workflow import STEPS, may_edit

VERSIONS_ON_A_PAGE = 50
DIGITS = 9  # of the number of a row or a version
MOST_DELETED = 200

STEP_NAMES = {
    "create": gettext_lazy("Created"),
    "save": gettext_lazy("Saved"),
    "restore_version": gettext_lazy("Older version brought back"),
    "recover": gettext_lazy("Recovered"),
    "translate": gettext_lazy("Translation approved"),
    "import": gettext_lazy("Imported"),
    "undo_import": gettext_lazy("Import taken back"),
    "publish_failed": gettext_lazy("Could not be published at its time"),
    history.DELETED: gettext_lazy("Deleted"),
} | {code: step.label for code, step in STEPS.items()}


class HistoryPages:
    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        pages = [
            ("<int:pk>/compare/", self.compare_page, "compare"),
            ("<int:pk>/restore/<int:number>/", self.restore_page, "restore"),
            ("deleted/", self.deleted_page, "deleted"),
            ("deleted/<slug:uid>/", self.recover_page, "recover"),
        ]
        own = [path(at, self.admin_site.admin_view(page), name=f"{name}_{code}") for at, page, code in pages]
        return [*own, *super().get_urls()]

    def entry_shown(self, request, pk):
        """The entry, for who may see it here; else a 404 that tells nothing."""
        entry = self.get_queryset(request).filter(pk=pk).first()
        if entry is None or not self.has_view_permission(request, entry):
            raise Http404
        return entry

    def page(self, request, template: str, entry=None, status=200, **context):
        context |= self.admin_site.each_context(request) | {"opts": self.opts, "original": entry}
        return TemplateResponse(request, f"admin/editorial/{template}.html", context, status=status)

    def history_view(self, request, object_id, extra_context=None):
        entry = self.entry_shown(request, int(object_id) if is_number(object_id, DIGITS) else None)
        found = Revision.objects.of(entry).newest_first().select_related("made_by").defer("snapshot")
        versions = Paginator(found, VERSIONS_ON_A_PAGE).get_page(request.GET.get("page"))
        for version in versions:
            version.step_name = STEP_NAMES.get(version.step, version.step)
            version.status_name = type(entry).Status(version.status).label
            version.notes = named_notes(entry, version)
        return self.page(
            request,
            "history",
            entry,
            title=_("History"),
            subtitle=str(entry),
            versions=versions,
            may_restore=may_edit(request.user, entry),
        )

    # Comparing

    def compare_page(self, request, pk):
        """?from= and ?to= are numbers of versions, `live` for what readers see, `now` for what is being written."""
        entry = self.entry_shown(request, pk)
        sides = [
            self.side(entry, request.GET.get(name, default)) for name, default in (("from", "live"), ("to", "now"))
        ]
        (before, old), (after, new) = sides
        return self.page(
            request, "compare", entry, title=_("Compare"), subtitle=str(entry),
            before=before, after=after, changes=compare(old, new),
        )  # fmt: skip

    def side(self, entry, which: str):
        """What to call this side of the comparison, and its snapshot."""
        if which == "live":
            return _("What readers see"), snapshot(entry.main)
        if which == "now":
            return _("What is being written"), snapshot(entry.written_on)
        version = self.version(entry, which)
        return _("Version %d") % version.number, version.snapshot

    def version(self, entry, number) -> Revision:
        version = (
            Revision.objects.of(entry).filter(number=int(number)).first() if is_number(str(number), DIGITS) else None
        )
        if version is None:
            raise Http404
        return version

    # Bringing back

    def restore_page(self, request, pk, number):
        """An older version into the row that is being written: readers see nothing of it until it is published."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        with writing():
            entry = self.entry_shown(request, pk)
            if not may_edit(request.user, entry):
                raise PermissionDenied
            version = self.version(entry, number)
            try:
                with transaction.atomic():
                    row, lost = self.bring_back(request, entry, version)
            except ValidationError as error:
                self.message_user(request, self.explain(error), messages.ERROR)
                return HttpResponseRedirect(self.address_of(entry.written_on))
        self.message_user(request, _("Version %d is in the form again.") % version.number, messages.SUCCESS)
        self.tell_lost(request, lost)
        return HttpResponseRedirect(self.address_of(row))

    def bring_back(self, request, entry, version):
        row, lost = entry.written_on.locked(), []
        if snapshot(row) == version.snapshot:
            return row, lost
        if row.has_been_public:
            row = row.work_on(version.snapshot, by=request.user)
        else:
            lost = apply(version.snapshot, row)
        self.sign(request, row)
        history.record(row, "restore_version", by=request.user, note=_("Version %d") % version.number)
        audit.record("save", by=request.user, subject=row.main, request=request, version=version.number)
        return row, lost

    def tell_lost(self, request, lost: list[str]):
        if lost:
            words = _("This could not be brought back, because it is gone: %s") % ", ".join(sorted(set(lost)))
            self.message_user(request, words, messages.WARNING)

    def recoverable(self, request):
        """Deleted drafts: everybody's for who reviews, for others those that they deleted themselves."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        found = history.deleted(self.model).select_related("made_by")
        return found if self.has_review_permission(request) else found.filter(made_by=request.user)

    def deleted_page(self, request):
        versions = self.recoverable(request).defer("snapshot")[:MOST_DELETED]
        return self.page(request, "deleted", title=_("Deleted drafts"), versions=versions)

    def recover_page(self, request, uid):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        with writing():
            version = self.recoverable(request).filter(uid=uid).first()
            if version is None:
                raise Http404
            try:
                entry, lost = history.recover(version, self.model, by=request.user)
            except ValidationError as error:
                self.message_user(request, self.explain(error), messages.ERROR)
                return HttpResponseRedirect("../")
            audit.record("save", by=request.user, subject=entry, request=request, recovered=True)
        self.message_user(request, _("“%s” is a draft again.") % entry, messages.SUCCESS)
        self.tell_lost(request, lost)
        return HttpResponseRedirect(self.address_of(entry))
