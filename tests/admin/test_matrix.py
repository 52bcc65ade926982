"""Every address and every action of the admin, as each role and as a visitor, by GET and by POST, against the table
of rights: an address that nobody thought about fails here."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import NoReverseMatch, URLResolver, reverse

from research_hub.activity.models import Activity
from research_hub.editorial import audit, history
from research_hub.editorial.models import Entry
from research_hub.editorial.preview import PreviewLink
from research_hub.editorial.roles import ENTRIES, ROLES
from research_hub.editorial.workflow import BEING_WRITTEN, STEPS, Answers, take
from research_hub.finding.legacy import LegacyAddress
from research_hub.importing.models import Batch, Equivalent
from research_hub.translation.models import Term
from tests import factories

from .test_unchanged_forms import make_image

pytestmark = [pytest.mark.django_db, pytest.mark.once]

VISITOR = "visitor"
NOBODY = "staff without a role"
EVERYBODY = [*ROLES, NOBODY, VISITOR]

# Addresses that are no model's: all of the staff may open them.
FOR_ALL_STAFF = {
    "index", "my_notices", "password_change", "password_change_done", "jsi18n", "second_factor", "my_sessions",
}  # fmt: skip
# The doors, before which nobody is anybody yet: tests/accounts goes through them.
DOORS = {
    "second_step", "second_factor_set_up", "password_reset", "password_reset_done", "password_link", "password_chosen",
}  # fmt: skip
ONLY_READ = {"password_change_done", "jsi18n"}
# Django's own: logging in and out, the list of an app's models, redirects to a form. The boxes that search have a test
# of their own below.
LEFT_OUT = {"login", "logout", "autocomplete", "app_list", None, *DOORS}

# The translation desk: what each page takes to be sent something. To be looked at, any of these rights will do. What is
# sent to the page of a text without its own number is refused to everybody: tests/translation has those who send it.
WRITE, REVIEW, PLAN = (f"translation.{right}_translation" for right in ("write", "review", "plan"))
TRANSLATION = {
    "translation": PLAN, "translation_next": None, "translation_progress": None, "translation_exchange": WRITE,
    "translation_download": None, "translation_text": None,
}  # fmt: skip

BOXES = {
    ("publications", "publication", "cover"): "media.image",
    ("publications", "publication", "regions"): "topics.region",
    ("publications", "publication", "series"): "publications.series",
    ("publications", "publication", "related"): "publications.publication",
    ("publications", "publicationtopic", "topic"): "topics.topic",
    ("publications", "authorship", "author"): "publications.author",
    ("publications", "author", "user"): "auth.user",
    ("events", "event", "publications"): "publications.publication",
    ("topics", "topic", "parent"): "topics.topic",
    ("importing", "equivalent", "topic"): "topics.topic",
    ("importing", "equivalent", "region"): "topics.region",
    ("importing", "equivalent", "series"): "publications.series",
    ("importing", "equivalent", "author"): "publications.author",
}


def rights(role: str) -> set[str]:
    return ROLES.get(role, set())


def has(role: str, action: str, label: str) -> bool:
    app, model = label.split(".")
    return f"{app}.{action}_{model}" in rights(role)


def looks(role, label):
    return any(has(role, action, label) for action in ("view", "change"))


def writes(role, entry, is_own):
    """Whether the role may change the content of this entry, as its state is."""
    label = entry._meta.label_lower
    reviews = has(role, "review", label)
    if entry.status == Entry.Status.APPROVED:
        return False
    if entry.status == Entry.Status.IN_REVIEW:
        return reviews
    return has(role, "change", label) and (reviews or is_own)


def steps_on(role, step, entry, is_own):
    label = entry._meta.label_lower
    if step.right == "write":
        allowed = has(role, "change", label) and (has(role, "review", label) or is_own)
    else:
        allowed = has(role, step.right, label)
    return allowed and step.is_open(entry)


def on_translation_desk(role: str, method: str, name: str) -> bool:
    return bool(rights(role) & {WRITE, REVIEW, PLAN}) if method == "get" else TRANSLATION[name] in rights(role)


def expected(role: str, method: str, what: str, record, is_own: bool) -> bool:
    """The table of rights, said once more and in other words than the code."""
    label = record._meta.label_lower
    if label == "editorial.auditentry":
        is_read = what in ("changelist", "change", "history") or (what == "export" and method == "post")
        return has(role, "view", label) and is_read and not (what == "change" and method == "post")
    if label == "activity.activity":  # what it shows is public
        return role != VISITOR and (what in ("changelist", "history") or (what, method) == ("change", "get"))
    if label == "importing.batch" and what in (
        "change",
        "delete",
        "table",
        "quality",
        "findings",
        "words",
    ):  # what is sent to its page is work begun
        may = has(role, "add", label) if method == "post" and what == "change" else looks(role, label)
        return may and what != "delete"
    match what, method:
        case "list", _:
            return looks(role, label) and method == "get"
        case ("changelist" | "history", _) | ("change" | "step" | "compare" | "download" | "preview", "get"):
            return looks(role, label)
        case "preview", "post":
            return looks(role, label)
        case "compare" | "download", "post":
            return looks(role, label)
        case "add", _:
            return has(role, "add", label)
        case "password_change" | "access", _:
            return has(role, "change", label)
        case "delete", _:
            is_free = label not in ENTRIES or (record.status in BEING_WRITTEN and writes(role, record, is_own))
            return has(role, "delete", label) and is_free
        case "change", "post":
            if label in ENTRIES:
                return writes(role, record, is_own)
            return has(role, "change", label)
        case "restore", "post":
            return looks(role, label) and writes(role, record, is_own)
        case (("merge" | "doubles"), _):
            return has(role, "change", label) and has(role, "delete", label)
        case "deleted", _:
            return has(role, "delete", label)
        case "recover", "post":
            return has(role, "review", label)
        case "preview_revoke", "post":
            return has(role, "review", label)
        case "step", "post":
            return steps_on(role, STEPS["submit"], record, is_own)
        case (("restore" | "recover" | "preview_revoke" | "export"), "get"):
            return False
    raise AssertionError(f"{what} by {method}: nobody has said who may")


def addresses():
    """The names of the admin's addresses, by what they are for and the model they are of."""

    def walk(patterns):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns)
            elif pattern.name not in LEFT_OUT:
                yield pattern.name

    return sorted(set(walk(admin.site.urls[0])))


@pytest.fixture
def cast(tmp_path):
    """A record of every model, and what its addresses speak of."""
    topic, author = factories.make_topic(), factories.make_author()
    draft = factories.make_publication("Draft", topics=[topic], authors=[author], published=False)
    event = factories.make_event("Draft event", topics=[topic], speakers=[author], published=False)
    live = factories.make_publication("Live", topics=[topic], authors=[author])
    somebody = factories.make_user("author", username="somebody")
    gone = {}
    for entry in (draft, event):
        history.record(entry, "save", by=somebody)
        entry.downloads.create(language="en", file=ContentFile(b"%PDF-1.4 %%EOF", "a.pdf"))
        doomed = type(entry)(title_en="Gone", **({"type": live.type} if entry is draft else {}))
        doomed.save()
        history.record(doomed, history.DELETED, by=somebody)
        gone[entry._meta.label_lower] = doomed.uid
        doomed.delete()
    records = [
        draft, event, topic, author, live.type, somebody, factories.make_region(), factories.make_series(),
        make_image(path=tmp_path / "a.png"), Group.objects.get(name="editor"), Activity.objects.get(),
        audit.record("export", by=somebody), Term.objects.create(term_en="water", term_es="agua"),
        LegacyAddress.objects.create(address="/node/1", uid=live.uid),
        Batch.objects.create(source="old-site", file="old.ris", state=Batch.State.PLANNED),
        Equivalent.objects.create(source="old-site", what="topic", word="H2O", topic=topic),
    ]  # fmt: skip
    links = {
        entry._meta.label_lower: PreviewLink.objects.create(
            model=entry._meta.label_lower,
            uid=entry.uid,
            made_by=somebody,
            expires_at=live.published_at.replace(year=2999),
        )
        for entry in (draft, event)
    }
    return {"records": {record._meta.label_lower: record for record in records}, "gone": gone, "links": links}


def split(name: str, records) -> tuple[str, str]:
    """What the address is for, and the model: publications_publication_change → change, publications.publication."""
    for label in sorted(records, key=len, reverse=True):
        prefix = label.replace(".", "_") + "_"
        if name.startswith(prefix):
            return name.removeprefix(prefix), label
    raise AssertionError(f"{name}: no model of the cast")


def fill(name: str, what: str, label: str, cast) -> str:
    record = cast["records"][label]
    arguments = {
        "step": [record.pk, "submit"],
        "list": ["csv"],
        "restore": [record.pk, 1],
        "recover": [cast["gone"].get(label)],
        "preview_revoke": [record.pk, getattr(cast["links"].get(label), "pk", None)],
        "download": [record.pk, what == "download" and record.downloads.get().pk],
    }.get(what)
    for candidate in (arguments, [], [record.pk]):
        if candidate is not None:
            try:
                return reverse(f"admin:{name}", args=candidate)
            except NoReverseMatch:
                continue
    raise AssertionError(f"{name}: cannot be filled in")


def is_let_in(client, method: str, url: str) -> bool:
    """Whether the answer is a page or the deed; what was done is undone, for the next one to find all as it was."""
    with transaction.atomic():
        response = getattr(client, method)(url)
        if hasattr(response, "streaming_content"):
            list(response.streaming_content)
        transaction.set_rollback(True)
    if response.status_code == 302:
        return "/login/" not in response["Location"]
    assert response.status_code in (200, 403, 404, 405, 422), (method, url, response.status_code)
    return response.status_code in (200, 422)


def log_in(client, role: str):
    if role == VISITOR:
        client.logout()
        return None
    user = factories.make_user("" if role == NOBODY else role)
    client.force_login(user)
    return user


@pytest.mark.parametrize("role", EVERYBODY)
def test_every_address_lets_in_whom_the_table_says(client, cast, role):
    log_in(client, role)
    wrong = []
    for name in addresses():
        for method in ("get", "post"):
            if name in FOR_ALL_STAFF:
                wanted, url = role != VISITOR and (method == "get" or name not in ONLY_READ), reverse(f"admin:{name}")
            elif name in TRANSLATION:
                draft = cast["records"]["publications.publication"]
                url = reverse(f"admin:{name}", args=[draft.uid] if name == "translation_text" else [])
                url += "?format=po&language=es"
                wanted = on_translation_desk(role, method, name)
            else:
                what, label = split(name, cast["records"])
                record = cast["records"][label]
                wanted, url = expected(role, method, what, record, is_own=False), fill(name, what, label, cast)
            if is_let_in(client, method, url) != wanted:
                wrong.append(f"{method} {url}: {'let in' if not wanted else 'refused'}")
    assert wrong == []


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_box_that_searches_answers_who_may_see_what_it_finds(client, cast, role):
    log_in(client, role)
    for (app, model, field), found in BOXES.items():
        query = f"?app_label={app}&model_name={model}&field_name={field}"
        answer = client.get(reverse("admin:autocomplete") + query)
        assert (answer.status_code == 200) == looks(role, found), (field, answer.status_code)
        assert client.post(reverse("admin:autocomplete") + query).status_code in (302, 403, 405)


def in_state(status: str, make):
    """An entry that came to this state by its steps."""
    people = "authors" if make is factories.make_publication else "speakers"
    entry = make("One", topics=[factories.make_topic()], published=False, **{people: [factories.make_author()]})
    first, second = factories.make_user("editor"), factories.make_user("publisher")
    way = {
        "draft": [], "in_review": ["submit"], "changes_requested": ["submit", "request_changes"],
        "approved": ["submit", "approve"], "published": ["submit", "approve", "publish"],
        "withdrawn": ["submit", "approve", "publish", "withdraw"],
    }[status]  # fmt: skip
    for code in way:
        take(code, entry, by=first if code == "submit" else second, answers=Answers(reason_en="x"))
    entry.refresh_from_db()
    return entry


@pytest.mark.parametrize("make", [factories.make_publication, factories.make_event])
@pytest.mark.parametrize("status", Entry.Status.values)
def test_every_step_is_open_to_whom_the_table_says_and_to_nobody_else(client, status, make):
    entry = in_state(status, make)
    name = f"admin:{entry._meta.app_label}_{entry._meta.model_name}_step"
    wrong = []
    for role in EVERYBODY:
        user = log_in(client, role)
        for is_own in (False, True):
            if is_own and user:
                type(entry)._base_manager.filter(pk=entry.pk).update(created_by=user)
            for step in STEPS.values():
                wanted = steps_on(role, step, entry, is_own and user is not None)
                if is_let_in(client, "post", reverse(name, args=[entry.pk, step.code])) != wanted:
                    wrong.append(f"{role}{' (own)' * is_own}: {step.code}")
        type(entry)._base_manager.filter(pk=entry.pk).update(created_by=None)
    assert wrong == []


@pytest.mark.parametrize("status", Entry.Status.values)
def test_the_form_of_an_entry_is_open_to_whom_the_table_says(client, status):
    entry = in_state(status, factories.make_publication)
    url = reverse("admin:publications_publication_change", args=[entry.pk])
    wrong = []
    for role in EVERYBODY:
        user = log_in(client, role)
        for is_own in (False, True):
            if is_own and user:
                type(entry)._base_manager.filter(pk=entry.pk).update(created_by=user)
            if is_let_in(client, "post", url) != writes(role, entry, is_own and user is not None):
                wrong.append(f"{role}{' (own)' * is_own}")
        type(entry)._base_manager.filter(pk=entry.pk).update(created_by=None)
    assert wrong == []


ACTIONS = {"submit_chosen": "submit", "approve_chosen": "approve", "publish_chosen": "publish"}


@pytest.mark.parametrize("role", EVERYBODY)
def test_every_action_on_many_does_what_the_table_allows_and_nothing_else(client, role):
    log_in(client, role)
    model_admin = admin.site.get_model_admin(type(factories.make_publication("Any", published=False)))
    assert set(model_admin.actions) == {*ACTIONS, "delete_selected"}
    url = reverse("admin:publications_publication_changelist")
    for status in Entry.Status.values:
        entry = in_state(status, factories.make_publication)
        for action, code in ACTIONS.items():
            with transaction.atomic():
                client.post(url, {"action": action, "_selected_action": [entry.pk]})
                moved = type(entry).objects.get(pk=entry.pk).status != status
                transaction.set_rollback(True)
            assert moved == steps_on(role, STEPS[code], entry, is_own=False), (status, action)
        with transaction.atomic():
            client.post(url, {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"})
            is_gone = not type(entry).objects.filter(pk=entry.pk).exists()
            transaction.set_rollback(True)
        allowed = expected(role, "post", "delete", entry, is_own=False) and not entry.published_at
        assert is_gone == allowed, status
