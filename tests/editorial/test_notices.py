"""Who is told of what by e-mail, in which language, how often, and never twice."""

import threading
from datetime import timedelta
from io import StringIO
from smtplib import SMTPServerDisconnected

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import connection
from django.utils import timezone, translation
from pytest_django.asserts import assertContains

from publications.models import Publication
from research_hub.editorial import notices
from research_hub.editorial.notices import Notice, NoticeWish, tell
from research_hub.editorial.workflow import Answers, take
from tests.factories import make_author, make_event, make_publication, make_topic, make_user

pytestmark = pytest.mark.django_db


def somebody(role, name, **fields):
    return make_user(role, username=name, **{"email": f"{name}@example.org"} | fields)


@pytest.fixture
def cast():
    """One person for each role."""
    return {role: somebody(role, role) for role in ("author", "editor", "publisher", "translator", "administrator")}


@pytest.fixture
def step(django_capture_on_commit_callbacks):
    """Take a step, and let happen what happens once it is committed."""

    def take_step(code, entry, **answers):
        by = answers.pop("by")
        with django_capture_on_commit_callbacks(execute=True):
            return take(code, entry, by=by, answers=Answers(**answers))

    return take_step


@pytest.fixture
def told(step):
    """Who is told of a step."""

    def after(code, entry, **answers):
        mail.outbox.clear()
        step(code, entry, **answers)
        return sorted(address.removesuffix("@example.org") for message in mail.outbox for address in message.to)

    return after


def complete(title="The Report", make=make_publication, **fields):
    people = "authors" if make is make_publication else "speakers"
    return make(title, topics=[make_topic()], published=False, **{people: [make_author()]} | fields)


def draft_of(user, make=make_publication, **fields):
    return complete(make=make, created_by=user, updated_by=user, **fields)


def in_review(user, make=make_publication):
    entry = draft_of(user, make)
    return take("submit", entry, by=user)


# Who


@pytest.mark.parametrize("make", [make_publication, make_event])
def test_what_is_submitted_to_nobody_is_told_to_all_who_may_review_it(cast, told, make):
    entry = draft_of(cast["author"], make)
    assert told("submit", entry, by=cast["author"]) == ["administrator", "editor", "publisher"]


def test_what_is_submitted_to_somebody_is_told_to_nobody_else(cast, told):
    entry = draft_of(cast["author"])
    assert told("submit", entry, by=cast["author"], assigned_to=cast["publisher"]) == ["publisher"]


def test_who_did_it_is_not_told(cast, told):
    assert told("submit", draft_of(cast["editor"]), by=cast["editor"]) == ["administrator", "publisher"]


@pytest.mark.parametrize("fields", [{"email": ""}, {"is_active": False}, {"is_staff": False}])
def test_who_cannot_read_it_is_not_told(cast, told, fields):
    somebody("editor", "absent", **fields)
    assert told("submit", draft_of(cast["author"]), by=cast["author"]) == ["administrator", "editor", "publisher"]


def test_who_lost_their_role_is_told_nothing_of_what_they_wrote(cast, told):
    entry = in_review(cast["author"])
    cast["author"].groups.clear()
    assert told("approve", entry, by=cast["editor"]) == []


@pytest.mark.parametrize("code", ["approve", "request_changes", "take_back"])
@pytest.mark.parametrize("make", [make_publication, make_event])
def test_who_wrote_it_is_told_what_became_of_it_each_once(cast, told, code, make):
    signed = somebody("author", "signed")
    corrected = somebody("editor", "corrected")
    people = {"authors" if make is make_publication else "speakers": [make_author("Ana", user=signed)]}
    entry = complete(make=make, created_by=cast["author"], updated_by=cast["author"], **people)
    take("submit", entry, by=cast["author"])
    type(entry)._base_manager.filter(pk=entry.pk).update(updated_by=corrected)
    assert told(code, entry, by=cast["editor"]) == ["author", "corrected", "signed"]


def test_who_wrote_it_is_told_of_its_publication_schedule_withdrawal_and_return(cast, told):
    entry = in_review(cast["author"])
    take("approve", entry, by=cast["editor"])
    soon = timezone.now() + timedelta(days=1)
    assert told("schedule", entry, by=cast["publisher"], moment=soon) == ["author"]
    assert "Scheduled for" in mail.outbox[0].body
    assert "America/Mexico_City" in mail.outbox[0].body
    for code, answers in [("publish", {}), ("withdraw", {"reason_en": "Wrong"}), ("restore", {})]:
        assert told(code, entry, by=cast["publisher"], **answers) == ["author"], code


def test_who_submitted_a_working_copy_is_told_that_it_is_public(cast, told):
    live = make_publication("Live", topics=[make_topic()], authors=[make_author(user=cast["author"])])
    copy = Publication.objects.create(
        revises=live, created_by=cast["author"], updated_by=cast["author"], type=live.type, title_en="Better",
        summary_en="Words.", date_lo=live.date_lo, date_hi=live.date_hi, date_precision=live.date_precision,
    )  # fmt: skip
    copy.publication_topics.create(topic=live.topics.get())
    copy.authorships.create(author=live.authors.get())
    take("submit", copy, by=cast["author"])
    Publication.objects.filter(pk=copy.pk).update(updated_by=cast["editor"])
    take("approve", copy, by=cast["publisher"])
    assert told("publish", copy, by=cast["publisher"]) == ["author", "editor"]
    assert Notice.objects.last().path == f"/admin/publications/publication/{live.pk}/change/"


@pytest.mark.parametrize("code", ["publish_failed", "missed"])
def test_of_what_missed_its_time_who_scheduled_it_and_all_publishers_are_told(
    cast, code, django_capture_on_commit_callbacks
):
    entry = complete(created_by=cast["author"])
    with django_capture_on_commit_callbacks(execute=True):
        tell(code, entry, by=cast["publisher"], note="No author")
    assert sorted(message.to[0] for message in mail.outbox) == ["administrator@example.org", "publisher@example.org"]
    assert "No author" in mail.outbox[0].body


def test_a_step_of_which_nobody_need_know_tells_nobody(cast, told):
    entry = in_review(cast["author"])
    take("approve", entry, by=cast["editor"])
    take("schedule", entry, by=cast["publisher"], answers=Answers(moment=timezone.now() + timedelta(days=1)))
    assert told("unschedule", entry, by=cast["publisher"]) == []


# What


def test_the_message_says_what_happened_to_what_by_whom_why_where_and_how_to_hear_less(cast, step):
    entry = in_review(cast["author"])
    cast["editor"].first_name, cast["editor"].last_name = "Eva", "Luna"
    step("request_changes", entry, by=cast["editor"], note="Shorter, please.\nAnd name the year.")
    message = mail.outbox[-1]
    assert message.subject == "[Research Hub] Changes requested: The Report"
    for words in [
        "Changes requested", "The Report", "By: Eva Luna", "Shorter, please.\nAnd name the year.",
        f"https://hub.example/admin/publications/publication/{entry.pk}/change/", "https://hub.example/admin/my-notices/",
    ]:  # fmt: skip
        assert words in message.body, words
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_the_message_is_in_the_language_its_reader_wants(cast, step):
    NoticeWish.objects.create(user=cast["author"], language="es")
    entry = draft_of(cast["author"], title_es="El informe")
    take("submit", entry, by=cast["author"])
    step("approve", entry, by=cast["editor"])
    message = mail.outbox[-1]
    with translation.override("es"):
        assert message.subject == f"[Research Hub] {translation.gettext('Approved')}: El informe"
    assert "https://hub.example/es/admin/my-notices/" in message.body
    assert "/es/admin/publications/publication/" in message.body


def test_a_title_of_several_lines_or_of_great_length_makes_one_short_subject(cast, step):
    entry = draft_of(cast["author"], title="Land\r\nBcc: all@example.org " + "and water " * 60)
    step("submit", entry, by=cast["author"])
    subject = mail.outbox[0].subject
    assert "\n" not in subject and "\r" not in subject
    assert len(subject) == 150
    assert mail.outbox[0].message()["Bcc"] is None


def test_mark_up_stays_as_it_was_written(cast, step):
    step("submit", draft_of(cast["author"], title="Land & <Water>"), by=cast["author"], note='"5 > 3"')
    assert "Land & <Water>" in mail.outbox[0].body
    assert '"5 > 3"' in mail.outbox[0].body


# How often


def run_command():
    out = StringIO()
    call_command("send_notices", stdout=out)
    return out.getvalue()


def test_who_wants_a_digest_gets_one_message_with_all_since_the_last(cast, told):
    NoticeWish.objects.create(user=cast["author"], how="digest")
    first, second = draft_of(cast["author"], title="First"), draft_of(cast["author"], title="Second")
    for entry in (first, second):
        take("submit", entry, by=cast["author"])
        assert told("approve", entry, by=cast["editor"]) == []
    Notice.objects.exclude(recipient=cast["author"]).delete()
    assert run_command() == "Messages sent: 1. Notices still waiting: 0.\n"
    (message,) = mail.outbox
    assert message.subject == "[Research Hub] 2 notices"
    assert "First" in message.body and "Second" in message.body
    assert run_command().startswith("Messages sent: 0.")
    assert len(mail.outbox) == 1


def test_who_wants_nothing_is_told_nothing_then_or_later(cast, told):
    NoticeWish.objects.create(user=cast["author"], how="none")
    entry = in_review(cast["author"])
    assert told("approve", entry, by=cast["editor"]) == []
    NoticeWish.objects.update(how="each")
    Notice.objects.exclude(recipient=cast["author"]).delete()
    assert run_command().startswith("Messages sent: 0.")


def test_notices_of_three_months_ago_are_let_go(cast, step):
    step("submit", draft_of(cast["author"]), by=cast["author"])
    assert Notice.objects.count() == 3
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        run_command()
    assert Notice.objects.count() == 0


# Never twice, and never in the way


class OutOfOrder(EmailBackend):
    """A mail server that refuses one address."""

    def send_messages(self, messages):
        if messages[0].to == ["editor@example.org"]:
            raise SMTPServerDisconnected("gone")
        return super().send_messages(messages)


class Unreachable(EmailBackend):
    def open(self):
        raise ConnectionRefusedError("nobody there")


def test_what_could_not_be_sent_is_sent_later_and_only_that(cast, step, settings, caplog):
    settings.EMAIL_BACKEND = f"{__name__}.OutOfOrder"
    entry = draft_of(cast["author"])
    step("submit", entry, by=cast["author"])
    entry.refresh_from_db()
    assert entry.status == "in_review"
    assert sorted(message.to[0] for message in mail.outbox) == ["administrator@example.org", "publisher@example.org"]
    assert "could not be sent to editor" in caplog.text
    assert run_command() == "Messages sent: 0. Notices still waiting: 1.\n"

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert run_command() == "Messages sent: 1. Notices still waiting: 0.\n"
    assert mail.outbox[-1].to == ["editor@example.org"]
    assert len(mail.outbox) == 3


def test_without_a_mail_server_the_step_is_taken_and_all_is_sent_later(cast, step, settings, caplog):
    settings.EMAIL_BACKEND = f"{__name__}.Unreachable"
    entry = draft_of(cast["author"])
    step("submit", entry, by=cast["author"])
    entry.refresh_from_db()
    assert entry.status == "in_review"
    assert "cannot be reached" in caplog.text
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert run_command() == "Messages sent: 3. Notices still waiting: 0.\n"


def test_a_step_does_not_fail_because_of_its_notices(cast, step, monkeypatch, caplog):
    def broken(*args):
        Notice.objects.create(recipient_id=cast["author"].pk, step=None)  # which the database refuses

    monkeypatch.setattr(notices, "write_down", broken)
    entry = draft_of(cast["author"])
    step("submit", entry, by=cast["author"])
    entry.refresh_from_db()
    assert entry.status == "in_review"
    assert "Nobody is told" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_of_a_step_that_is_not_kept_nobody_is_told():
    author = somebody("author", "author")
    somebody("editor", "editor")
    entry = draft_of(author)
    Publication.objects.filter(pk=entry.pk).update(summary_en="")
    with pytest.raises(Exception, match="summary"):
        take("submit", entry, by=author)
    assert not Notice.objects.exists()
    assert mail.outbox == []


class Slow(EmailBackend):
    """A mail server that takes its time over its first message, until the test lets it go on."""

    started, go_on = threading.Event(), threading.Event()

    def send_messages(self, messages):
        self.started.set()
        self.go_on.wait(20)
        return super().send_messages(messages)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["each", "digest"])
def test_two_machines_that_send_at_once_send_each_once(settings, how):
    editor = somebody("editor", "editor")
    NoticeWish.objects.create(user=editor, how=how)
    Notice.objects.bulk_create(Notice(recipient=editor, step="submit", title=f"N{n}", path="/") for n in range(3))
    settings.EMAIL_BACKEND = f"{__name__}.Slow"
    Slow.started.clear()
    Slow.go_on.clear()

    def other_machine():
        call_command("send_notices", stdout=StringIO())
        connection.close()

    other = threading.Thread(target=other_machine)
    other.start()
    assert Slow.started.wait(20)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    run_command()
    Slow.go_on.set()
    other.join(20)
    bodies = "".join(message.body for message in mail.outbox)
    assert [bodies.count(f"N{n}\n") for n in range(3)] == [1, 1, 1]


# The page of one's wishes


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_somebody_chooses_how_they_are_told(client, prefix):
    client.force_login(user := somebody("author", "author"))
    page = client.get(f"{prefix}/admin/my-notices/")
    assertContains(page, "author@example.org")
    assert not NoticeWish.objects.exists()
    assert client.post(f"{prefix}/admin/my-notices/", {"how": "digest", "language": "es"}).status_code == 302
    wish = NoticeWish.objects.get()
    assert (wish.user, wish.how, wish.language) == (user, "digest", "es")
    client.post(f"{prefix}/admin/my-notices/", {"how": "each", "language": "en"})
    assert NoticeWish.objects.get().how == "each"


def test_a_wish_that_is_none_is_refused(client):
    client.force_login(somebody("author", "author"))
    assert client.post("/admin/my-notices/", {"how": "hourly", "language": "en"}).status_code == 200
    assert not NoticeWish.objects.exists()


def test_who_stops_the_notices_is_not_sent_those_that_wait(client):
    client.force_login(user := somebody("author", "author"))
    Notice.objects.create(recipient=user, step="approve", title="Old", path="/")
    client.post("/admin/my-notices/", {"how": "none", "language": "en"})
    client.post("/admin/my-notices/", {"how": "each", "language": "en"})
    assert run_command().startswith("Messages sent: 0.")


def test_only_staff_who_are_logged_in_have_wishes(client):
    assert client.get("/admin/my-notices/").status_code == 302
    client.force_login(make_user("", is_staff=False))
    assert client.post("/admin/my-notices/", {"how": "none", "language": "en"}).status_code == 302
    assert not NoticeWish.objects.exists()


def test_a_forged_form_changes_nothing(client):
    user = somebody("author", "author")
    client = type(client)(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.post("/admin/my-notices/", {"how": "none", "language": "en"}).status_code == 403
    assert not NoticeWish.objects.exists()


def test_an_account_without_an_address_is_told_so(client):
    client.force_login(make_user("author"))
    assertContains(client.get("/admin/my-notices/"), "has no e-mail address")
