"""The translation desk in the admin: the queue, a text beside its original, and what comes next."""

from functools import cached_property
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.generic import ListView, TemplateView, View
from js_asset import Media

from research_hub.activity.sync import writing
from research_hub.editorial import audit
from research_hub.editorial.compare import words_of_html
from research_hub.editorial.differences import differences
from research_hub.languages.text import clean_html, read

from . import glossary, memory, work
from .forms import BulkPlanForm, NoteForm, PlanForm, TextForm
from .progress import progress
from .queue import QueueFilter, next_for, rows_of, text_names
from .states import copied
from .tasks import State, Task, Verdict, texts_of
from .work import PLAN, REVIEW, WRITE, Seen, Text, may_approve, may_open, texts

SAID = {Verdict.Kind.STILL_CORRECT, Verdict.Kind.MINOR_CHANGE, Verdict.Kind.NOT_NEEDED}
REMEMBERED = 100  # entries that "next" does not lead back to


def is_uid(text: str) -> bool:
    return text.isascii() and text.isalnum()


class DeskPage:
    """A page of the admin for who has to do with translations."""

    title = ""

    def dispatch(self, request, *args, **kwargs):
        if not may_open(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **context):
        user = self.request.user
        rights = {
            "may_write": user.has_perm(WRITE),
            "may_review": user.has_perm(REVIEW),
            "may_plan": user.has_perm(PLAN),
        }
        shown = admin.site.each_context(self.request) | rights | {"title": self.title, "query": self.query}
        return super().get_context_data(**shown | context)

    @property
    def query(self) -> str:
        """The filter of the queue that the user came from."""
        return self.without("page", "after")

    def without(self, *names: str) -> str:
        """What the address asks for, but for these."""
        chosen = self.request.GET.copy()
        for name in names:
            chosen.pop(name, None)
        return chosen.urlencode()

    @cached_property
    def filter(self) -> QueueFilter:
        return QueueFilter(self.request.GET, Task.objects.all(), request=self.request)

    def address(self, name: str, *args, **more: str) -> str:
        query = "&".join(filter(None, [self.query, urlencode(more)]))
        address = reverse(f"admin:{name}", args=args)
        return f"{address}?{query}" if query else address


class Queue(DeskPage, ListView):
    template_name = "admin/translation/queue.html"
    paginate_by = 50

    @property
    def title(self):
        return _("Translation")

    def get_queryset(self):
        return self.filter.queue.select_related("assigned_to").prefetch_related("units")

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        counts = self.filter.counts()
        return context | {
            "filter": self.filter,
            "rows": rows_of(context["page_obj"]),
            "columns": list(text_names().values()),
            "states": [(state, *counts.get(state, (0, 0))) for state in State],
            "state_query": self.without("state", "page"),
            "page_query": self.without("page"),
            "plan": BulkPlanForm(),
        }

    def post(self, request):
        """Hand out those that were ticked."""
        work.refuse_unless(request.user.has_perm(PLAN))
        form = BulkPlanForm(request.POST)
        form.fields["uids"].choices = [(uid, uid) for uid in request.POST.getlist("uids") if is_uid(uid)]
        if form.is_valid():
            given = {name: form.cleaned_data[name] for name in ("assigned_to", "due_on") if form.cleaned_data[name]}
            with writing():
                for task in Task.objects.filter(uid__in=form.cleaned_data["uids"]):
                    work.plan(task, given, by=request.user, request=request)
            messages.success(request, _("The translations are handed out."))
        else:
            messages.error(request, _("Tick the entries that you mean, and choose a translator or a date."))
        return HttpResponseRedirect(self.address("translation"))


class Next(DeskPage, View):
    """To what is most useful to be done now, within the filter that the user came with."""

    def get(self, request):
        found = self.filter.queue
        seen = request.session.get("translations_seen", [])
        last = [uid for uid in request.GET.getlist("after") if is_uid(uid)]
        task = next_for(request.user, found, [*seen, *last]) or next_for(request.user, found, last)
        if task is None:
            messages.info(request, _("Nothing is left to be translated here."))
            return HttpResponseRedirect(self.address("translation"))
        return HttpResponseRedirect(self.address("translation_text", task.uid))


class Progress(DeskPage, TemplateView):
    template_name = "admin/translation/progress.html"

    @property
    def title(self):
        return _("Progress")

    def get_context_data(self, **context):
        found = progress()
        return super().get_context_data(**found, words_now=found["burn_down"].weeks[-1][1], **context)


class Sheet:
    """One text as the page shows it."""

    def __init__(self, form: TextForm, user):
        self.form, self.text, self.user = form, form.text, user

    @property
    def confirmations(self) -> list[tuple[str, str]]:
        """What may be said of the text without writing a word."""
        state, said = self.text.unit.state, []
        if state in work.CONFIRMED and work.may_write(self.user):
            said.append(("still_correct", _("Still correct")))
        if self.text.draft and self.text.is_behind and work.may_write(self.user):
            said.append(("renew", _("The draft is right for the changed original")))
        if state == State.STALE and work.may_call_minor(self.user, self.text.row):
            said.append(("minor_change", _("Minor change: the translation stays")))
        return said

    @property
    def may_be_left_out(self) -> bool:
        return self.text.unit.state == State.MISSING and work.may_write(self.user)

    @property
    def changes(self) -> list:
        """What became of the original since it was translated, piece by piece."""
        text = self.text
        if not text.is_behind:
            return []
        pair = (text.translated_from, text.source)
        return differences(*(words_of_html(clean_html(words)) if text.is_rich else words for words in pair))

    @property
    def source(self) -> str:
        return self.shown(self.text.source)

    @property
    def target(self) -> str:
        return self.shown(self.text.target)

    @property
    def words(self) -> str:
        return self.shown(self.text.words)

    @property
    def replaced(self) -> str:
        return self.shown(self.text.draft.replaced)

    def shown(self, words: str) -> str:
        return mark_safe(clean_html(words)) if self.text.is_rich else words

    @property
    def suggestions(self) -> list:
        """For each sentence of the original, what earlier translations have; of a settled text none is needed."""
        if self.text.is_settled or not work.may_write(self.user):
            return []
        text = self.text
        found = memory.suggestions(
            text.source, text.task.source_language, is_rich=text.is_rich, leave_out=text.task.uid
        )
        return [help for help in found if help.suggestions]

    @property
    def terms(self) -> list[str]:
        """What the institute says, where the translation says otherwise."""
        text = self.text
        if not text.words:
            return []
        found = glossary.missing(text.source, text.words, text.task.source_language, is_rich=text.is_rich)
        return [f"{term.advice(text.task.source_language)} {term.note}".strip() for term in found]

    @property
    def may_approve(self) -> bool:
        draft = self.text.draft
        return bool(draft and draft.is_in_review and may_approve(self.user, draft))


class SideBySide(DeskPage, TemplateView):
    """The texts of one entry: the original left, the translation right."""

    template_name = "admin/translation/text.html"
    forms: list[TextForm] | None = None

    @cached_property
    def task(self) -> Task:
        found = Task.objects.select_related("assigned_to").prefetch_related("units")
        return get_object_or_404(found, uid=self.kwargs["uid"])

    @cached_property
    def entry(self):
        return self.task.get_entry()

    @cached_property
    def texts(self) -> dict[str, Text]:
        return texts(self.task, self.entry)

    @property
    def title(self):
        return str(read(self.entry, "title")) or self.task.uid

    def get(self, request, uid):
        seen = [known for known in request.session.get("translations_seen", []) if known != uid]
        request.session["translations_seen"] = [*seen, uid][-REMEMBERED:]
        return super().get(request, uid=uid)

    def get_context_data(self, **context):
        forms = self.forms or [TextForm(text) for text in self.texts.values()]
        sheets = [Sheet(form, self.request.user) for form in forms]
        media = sum((form.media for form in forms), forms_media())
        return super().get_context_data(
            task=self.task,
            entry=self.entry,
            sheets=sheets,
            media=Media.from_media(media, nonce=getattr(self.request, "csp_nonce", "")),
            plan=PlanForm(instance=self.task),
            may_approve=any(sheet.may_approve for sheet in sheets),
            in_review=any(text.draft and text.draft.is_in_review for text in self.texts.values()),
            **context,
        )

    # What is sent

    def post(self, request, uid):
        """All of it, or, where it is refused, nothing but the note of that in the log."""
        try:
            with writing():  # what is looked at here is read under the lock
                self.refuse_tampering()
                return self.act(request.POST.get("do", "save"))
        except PermissionDenied as refusal:
            audit.record("refused", request=request, subject=self.entry, reason=str(refusal), page="translation")
            raise

    def refuse_tampering(self) -> None:
        """Nothing is expected but what the page's own forms hold."""
        expected = {"csrfmiddlewaretoken", "do", "uid", *NoteForm.base_fields, *PlanForm.base_fields}
        expected |= {f"{field}-{name}" for field in texts_of(self.task.model) for name in TextForm.base_fields}
        unknown = sorted(set(self.request.POST) - expected)
        if unknown or self.request.POST.get("uid") != self.task.uid:
            raise PermissionDenied(_("This form does not belong to this page: %s") % ", ".join(unknown or ["uid"]))

    def act(self, what: str):
        what, _colon, field = what.partition(":")
        is_kept = self.save_texts()
        if what == "autosave":
            return self.told_what_is_saved()
        if not is_kept or self.lost:
            return self.render_to_response(self.get_context_data(), status=409)
        self.look_again()
        try:
            with transaction.atomic():
                done = self.take(what, field)
        except ValidationError as error:
            self.forms = None
            messages.error(self.request, self.explain(error))
            status = 409 if isinstance(error, work.Conflict) else 422
            return self.render_to_response(self.get_context_data(), status=status)
        if done:
            messages.success(self.request, done)
        onward = self.address("translation_next", after=self.task.uid)
        return HttpResponseRedirect(onward if what in ("next", "submit_next") else self.request.get_full_path())

    def look_again(self) -> None:
        """At what is true now, after something was written."""
        for name in ("task", "entry", "texts"):
            self.__dict__.pop(name, None)

    def seen(self, field: str) -> Seen:
        return Seen.read(self.request.POST.get(f"{field}-seen", ""))

    @property
    def lost(self) -> list[tuple[str, str]]:
        """What was typed for texts that are not there any more, with their names."""
        sent = {field: self.request.POST.get(f"{field}-words", "") for field in texts_of(self.task.model)}
        gone = {field: words for field, words in sent.items() if field not in self.texts}
        names = text_names()
        return [(names[field], words) for field, words in gone.items() if is_typed(words, self.seen(field))]

    def save_texts(self) -> bool:
        """Keep what was typed; False where it cannot be, and the form says why."""
        post = self.request.POST
        sent = [text for text in self.texts.values() if f"{text.field}-words" in post]
        self.forms = [TextForm(text, post if text in sent else None) for text in self.texts.values()]
        kept = [self.save_text(form) for form in self.forms if form.is_bound]
        if any(form.is_changed for form in self.forms):
            work.settle(self.forms[0].text)
        return all(kept)

    def save_text(self, form: TextForm) -> bool:
        if not form.is_valid():
            return False
        seen, user, request = Seen.read(form.cleaned_data["seen"]), self.request.user, self.request
        try:
            form.is_changed = work.save(form.text, form.cleaned_data["words"], by=user, seen=seen, request=request)
        except work.Conflict as conflict:
            form.add_error("words", conflict)
            form.data = form.data.copy()
            form.data[form.add_prefix("seen")] = str(form.text.seen)
            return False
        return True

    def told_what_is_saved(self):
        errors = {form.text.field: next(iter(form.errors.values()))[0] for form in self.forms if form.errors}
        gone = [_("%s is not there any more.") % label for label, _words in self.lost]
        self.look_again()
        said = date_format(timezone.localtime(), "TIME_FORMAT")
        said = _("Not saved") if errors or gone else _("Saved at %s") % said
        seen = {field: str(text.seen) for field, text in self.texts.items() if field not in errors}
        return JsonResponse({"seen": seen, "said": " · ".join([said, *errors.values(), *gone])})

    def take(self, what: str, field: str) -> str:
        """The step that was asked for; returns what is to be said of it."""
        user, request = self.request.user, self.request
        drafts = [text for text in self.texts.values() if text.draft]
        match what:
            case "save" | "next":
                return _("Your draft is kept.") if drafts else ""
            case "submit" | "submit_next":
                work.hand_in(drafts, by=user, request=request)
                return _("The translation waits for review.")
            case "approve":
                work.approve(self.in_review(but_own=True), by=user, request=request)
                return _("The translation is approved; where the entry is public, readers have it now.")
            case "send_back":
                work.send_back(self.in_review(), by=user, note=self.note(), request=request)
                return _("The translation goes back to who wrote it.")
            case "take":
                work.plan(self.task, {"assigned_to": user}, by=user, request=request)
                return _("The translation is yours.")
            case "plan":
                return self.plan()
        if field not in self.texts:
            raise PermissionDenied(_("There is no such step."))
        return self.say(what, self.texts[field])

    def say(self, what: str, text: Text) -> str:
        """Something about one text, of which no word is written."""
        user, seen = self.request.user, self.seen(text.field)
        if what == "renew":
            work.renew(text, by=user, seen=seen)
        elif what in SAID:
            form = next(form for form in self.forms if form.text.field == text.field)
            reason = form.cleaned_data["reason"].strip() if form.is_bound else ""
            work.confirm(text, Verdict.Kind(what), by=user, seen=seen, reason=reason, request=self.request)
        else:
            raise PermissionDenied(_("There is no such step."))
        return _("That is written down.")

    def in_review(self, but_own=False) -> list[Text]:
        """The drafts in review, as the user has seen them: what came or changed since is to be looked at first."""
        found = [text for text in self.texts.values() if text.draft and text.draft.is_in_review]
        if but_own:
            found = [text for text in found if may_approve(self.request.user, text.draft)]
        for text in found:
            work.refuse_what_changed(text, self.seen(text.field))
        return found

    def note(self) -> str:
        form = NoteForm(self.request.POST)
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        return form.cleaned_data["note"]

    def plan(self) -> str:
        form = PlanForm(self.request.POST, instance=copied(self.task))
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        work.plan(self.task, form.cleaned_data, by=self.request.user, request=self.request)
        return _("The plan is kept.")

    def explain(self, error: ValidationError) -> str:
        if not hasattr(error, "error_dict"):
            return " ".join(error.messages)
        labels = {field: text.label for field, text in self.texts.items()}
        return " ".join(f"{labels.get(name, name)}: {' '.join(words)}" for name, words in error.message_dict.items())


def is_typed(words: str, seen: Seen) -> bool:
    return bool(words.strip()) and work.digest(words.replace("\r\n", "\n").strip()) != seen.words


def forms_media() -> Media:
    """What the boxes of the admin need that a form of ours does not ask for by itself."""
    return Media(js=["admin_hub/languages.js", "admin_hub/translation.js"], css={"all": ["admin/css/forms.css"]})
