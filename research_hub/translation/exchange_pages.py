"""Translations that leave for a translator's own tool, by the filter of the queue, and come back as drafts."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View

from research_hub.activity.kinds import KINDS
from research_hub.activity.sync import chunks, writing
from research_hub.editorial import audit
from research_hub.languages.addresses import absolute
from research_hub.languages.text import LANGUAGES, other, read

from . import work
from .exchange import FORMATS, MAX_BYTES, ExchangeError, Package, Unit, sendable, write
from .exchange import read as read_file
from .fingerprint import fingerprint
from .pages import DeskPage
from .states import sync_all_of
from .tasks import Draft, Task, named
from .work import Text, texts_of_many

MOST = 1000  # entries in one file
MOST_TEXTS = 5000  # that come back in one


def texts_of_tasks(tasks: list[Task]) -> dict[str, dict[str, Text]]:
    """The texts of their entries, by permanent name; the same few queries for all."""
    entries: dict[str, Model] = {}
    for kind in KINDS.values():
        keys = [task.object_id for task in tasks if task.kind == kind.code]
        rows = kind.model._base_manager.filter(pk__in=keys).select_related("working_copy")
        entries |= {entry.uid: entry for entry in rows}
    return texts_of_many([(task, entries[task.uid]) for task in tasks if task.uid in entries])


def unit_of(text: Text) -> Unit:
    entry = text.row.main
    return Unit(
        uid=text.task.uid,
        field=text.field,
        source=text.source,
        target=text.words,
        is_rich=text.is_rich,
        title=str(read(entry, "title")),
        label=text.label,
        url=absolute(entry.get_absolute_url()) if entry.is_published else "",
        state=text.unit.state,
    )


class Exchange(DeskPage, TemplateView):
    template_name = "admin/translation/exchange.html"

    @property
    def title(self):
        return _("Translations as files")

    def get_context_data(self, **context):
        found = self.filter.queue.order_by()
        counts = [(code, label, found.filter(language=code).count()) for code, label in Task.language.field.choices]
        return super().get_context_data(counts=counts, formats=FORMATS, most=MOST, chosen=self.chosen, **context)

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """The filter, for the hidden fields of a form that leads on from here."""
        return [(name, value) for name, values in self.request.GET.lists() for value in values if name != "page"]

    def post(self, request):
        work.refuse_unless(work.may_write(request.user))
        file = request.FILES.get("file")
        if file is None:
            return self.refused([(None, _("Choose a file."))])
        if file.size > MAX_BYTES:
            return self.refused([(None, _("The file is too large: take the texts out in parts."))])
        try:
            package = read_file(file.read())
        except ExchangeError as error:
            return self.refused(error.faults)
        with writing():
            taken_in = bring_back(package, by=request.user)
            if taken_in.faults:
                return self.refused(taken_in.faults)
            told = {"file": file.name, "texts": len(taken_in.changed)}
            audit.record("import", request=request, language=package.target_language, **told)
        messages.success(request, taken_in.words)
        for note in taken_in.notes:
            messages.warning(request, note)
        return HttpResponseRedirect(self.address("translation_exchange"))

    def refused(self, faults):
        return self.render_to_response(self.get_context_data(faults=faults), status=422)


@dataclass
class TakenIn:
    """What came of a file: of what has a fault, nothing is written."""

    faults: list[tuple[int | None, str]]
    changed: list[str] = field(default_factory=list)
    behind: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        words = ngettext("%(n)s text is a draft now.", "%(n)s texts are drafts now.", len(self.changed))
        return words % {"n": len(self.changed)} + (f" {self.said_of_those_behind}" if self.behind else "")

    @property
    def said_of_those_behind(self) -> str:
        words = ngettext(
            "The original of %(n)s of them has changed since the file was made: compare it.",
            "The originals of %(n)s of them have changed since the file was made: compare them.",
            self.behind,
        )
        return words % {"n": self.behind}


def bring_back(package: Package, *, by) -> TakenIn:
    """Write what returned as drafts; for who holds the lock of `writing()`."""
    known = known_texts(package)
    gone = _("There is no text “%s” here to be translated into this language. Take it out of the file.")
    result = TakenIn([(unit.line, gone % unit.name) for unit in package.units if unit.name not in known])
    if len(package.units) > MOST_TEXTS:
        result.faults.append((None, _("The file holds too many texts: bring it back in parts.")))
    for unit in package.units if not result.faults else ():
        take_in(unit, known[unit.name], result, by)
    sync_all_of({text.row.main for name, text in known.items() if name in result.changed})
    return result


def known_texts(package: Package) -> dict[str, Text]:
    uids, known = {unit.uid for unit in package.units}, {}
    for chunk in chunks(sorted(uids)):
        tasks = list(Task.objects.filter(uid__in=chunk, language=package.target_language).prefetch_related("units"))
        for uid, found in texts_of_tasks(tasks).items():
            known |= {f"{uid}/{field}": text for field, text in found.items()}
    return known


def take_in(unit: Unit, text: Text, result: TakenIn, by) -> None:
    """A draft of somebody else stays; one's own is replaced, and kept beside what took its place."""
    draft = text.draft
    if draft and draft.changed_by_id != by.pk and draft.text != unit.target:
        note = _("Line %(line)s: “%(name)s” has a draft by %(who)s, which is kept.")
        result.notes.append(note % {"line": unit.line, "name": unit.name, "who": draft.changed_by or "–"})
        return
    before = draft.text if draft else ""
    made_from = text.source if sendable(text.source) == unit.source else unit.source
    if is_old_news(text, unit):
        return
    if work.save(text, unit.target, by=by, made_from=made_from):
        result.changed.append(unit.name)
        result.behind += fingerprint(made_from, text.is_rich) != text.unit.source_print
        Draft.objects.filter(**named(text.place)).update(replaced=before)


def is_old_news(text: Text, unit: Unit) -> bool:
    """Whether the file brings back what stood here once and was given up for what stands here now."""
    target = fingerprint(unit.target, text.is_rich)
    return not text.draft and any(verdict.target_print == target for verdict in text.verdicts)


class Download(DeskPage, View):
    """What the filter of the queue finds, as a file; texts that are settled stay out."""

    def get(self, request):
        form = FORMATS.get(request.GET.get("format", ""))
        language = request.GET.get("language", "")
        if form is None or language not in LANGUAGES:
            raise Http404
        tasks = list(self.filter.queue.prefetch_related("units")[:MOST])
        units = [
            unit_of(text) for texts in texts_of_tasks(tasks).values() for text in texts.values() if not text.is_settled
        ]
        data = write(units, request.GET["format"], other(language), language)
        if len(data) > MAX_BYTES // 2:  # it comes back with the translations in it
            messages.error(request, _("That is too much for one file: narrow the queue first."))
            return HttpResponseRedirect(self.address("translation_exchange"))
        audit.record("export", request=request, format=request.GET["format"], language=language, entries=len(tasks))
        name = f"research-hub-{other(language)}-{language}-{timezone.localdate():%Y%m%d}{form.suffix}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(data, content_type=form.content_type, headers=headers)
