"""The audit log: what goes to it, who may read it, and that nothing takes anything from it."""

import csv
import io
import json
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.paginator import Paginator
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from research_hub.editorial import audit_admin
from research_hub.editorial.audit import AuditEntry, record
from research_hub.editorial.workflow import STEPS
from tests.factories import make_publication, make_user
from tests.pages import soup, words

from .cast import address, form_at, press

pytestmark = pytest.mark.django_db

Action = AuditEntry.Action
PASSWORD = "alondra-en-la-rama"
LOG = "/admin/editorial/auditentry/"
UTC = ZoneInfo("UTC")


def entries(*actions):
    return list(AuditEntry.objects.filter(action__in=actions).order_by("pk"))


def the_entry(*actions):
    (entry,) = entries(*actions)
    return entry


@pytest.fixture
def reader(client):
    user = make_user("administrator", username="reader")
    client.force_login(user)
    return user


def log_in(client, username, password=PASSWORD, **headers):
    return client.post("/admin/login/?next=/admin/", {"username": username, "password": password}, **headers)


def listed(client, where=LOG, **query):
    """The titles of what the list shows."""
    page = client.get(where, query)
    assert page.status_code == 200
    return [entry.subject for entry in page.context["cl"].result_list]


def exported(client, where=LOG, **query):
    """The rows of the file, by the names of the columns."""
    response = client.post(f"{where}export/", query_params=query)
    assert response.status_code == 200
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def write(subject, at=None, action=Action.SAVE, **fields):
    """An entry of another time, as only a test can make it."""
    at = at or datetime(2026, 3, 2, 12, tzinfo=UTC)
    return AuditEntry.objects.create(action=action, subject=subject, at=at, **fields)


# Who comes and goes


def test_logging_in_and_out_is_recorded_with_who_and_from_where(client):
    user = get_user_model().objects.create_user("ines", password=PASSWORD, is_staff=True)
    assert log_in(client, "ines", REMOTE_ADDR="192.0.2.7").status_code == 302
    client.post("/admin/logout/")
    come, gone = entries(Action.LOG_IN, Action.LOG_OUT)
    assert (come.action, come.actor_id, come.actor, come.address) == ("log_in", user.pk, "ines", "192.0.2.7")
    assert (gone.action, gone.actor_id, gone.actor) == ("log_out", user.pk, "ines")
    assert entries(Action.LOG_IN_FAILED) == []


def test_a_wrong_password_is_recorded_by_the_typed_name_and_never_the_password(client):
    get_user_model().objects.create_user("ines", password=PASSWORD, is_staff=True)
    assert log_in(client, "ines", "wrong-but-nearly-right").status_code == 200
    entry = the_entry(Action.LOG_IN_FAILED)
    assert (entry.actor_id, entry.actor) == (None, "ines")
    columns = [field.attname for field in AuditEntry._meta.concrete_fields]
    assert "wrong-but-nearly-right" not in repr([getattr(entry, column) for column in columns])
    assert entries(Action.LOG_IN) == []


def test_a_typed_name_cannot_write_a_second_line_nor_a_long_one(client):
    log_in(client, "ana\r\n2026 log_in root\u202e" + "x" * 70)
    assert the_entry(Action.LOG_IN_FAILED).actor.startswith("ana\\r\\n2026 log_in root\\u202exxx")
    record(Action.SAVE, by="y" * 500)
    assert the_entry(Action.SAVE).actor == "y" * 149 + "…"


def test_half_a_character_and_a_nul_are_written_down_all_the_same():
    record(Action.SAVE, by="a\x00b\ud800", reason="c\x00\nd", list=["\x00"])
    entry = the_entry(Action.SAVE)
    assert (entry.actor, entry.detail) == ("a\\x00b\\ud800", {"reason": "c\\x00\\nd", "list": ["\\x00"]})


@pytest.mark.parametrize(
    ("behind_proxy", "headers", "expected"),
    [
        (False, {"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}, "192.0.2.7"),
        (True, {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 203.0.113.9"}, "203.0.113.9"),
        (True, {"REMOTE_ADDR": "10.0.0.1"}, "10.0.0.1"),
        (True, {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "<script>"}, None),
        (False, {"REMOTE_ADDR": "fe80::1%eth0"}, "fe80::1"),
        (False, {"REMOTE_ADDR": ""}, None),  # a server behind a socket of the file system
    ],
)
def test_the_address_is_what_the_server_saw_or_what_its_own_proxy_says(settings, behind_proxy, headers, expected):
    settings.BEHIND_PROXY = behind_proxy
    record(Action.SAVE, request=RequestFactory().get("/", **headers))
    assert the_entry(Action.SAVE).address == expected


# What is recorded of a record


def test_an_entry_names_the_record_as_it_was_and_outlives_it_and_its_actor():
    publication, user = make_publication("Rivers"), make_user()
    record(Action.OVERRIDE, by=user, subject=publication, reason="The reviewer is ill.")
    uid, number, name = publication.uid, user.pk, user.username
    publication.withdraw(by=make_user())
    type(publication).objects.filter(pk=publication.pk).delete()
    get_user_model().objects.filter(pk=number).delete()
    entry = the_entry(Action.OVERRIDE)
    assert (entry.subject_type, entry.subject_key, entry.subject) == ("publications.publication", uid, "Rivers")
    assert (entry.actor_id, entry.actor, entry.detail) == (number, name, {"reason": "The reviewer is ill."})


def test_writing_it_down_takes_one_query_and_is_undone_with_what_it_tells_of(django_assert_num_queries):
    user = make_user()
    with django_assert_num_queries(1):
        record(Action.SUBMIT, by=user, subject=user)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(Action.APPROVE, by=user, subject=user)
        1 / 0  # noqa: B018
    assert [entry.action for entry in entries(Action.SUBMIT, Action.APPROVE)] == ["submit"]


def test_every_step_of_the_workflow_is_an_action():
    assert set(STEPS) <= set(Action.values)


def test_a_word_that_is_no_action_is_refused():
    with pytest.raises(ValueError, match="aprove"):
        record("aprove")


# Rights


def test_a_changed_account_is_recorded_with_what_it_could_before_and_after(client):
    client.force_login(administrator := make_user("administrator"))
    account = make_user("author")
    editor = Group.objects.get(name="editor")
    press(client, address(account), groups=[editor.pk], is_active=None)
    entry = the_entry(Action.RIGHTS_CHANGED)
    assert (entry.actor_id, entry.subject_type, entry.subject_key) == (administrator.pk, "auth.user", str(account.pk))
    assert entry.detail == {
        "before": {"groups": ["author"], "is_active": True},
        "after": {"groups": ["editor"], "is_active": False},
    }


def test_an_account_saved_as_it_was_and_one_that_is_refused_leave_no_entry(client):
    client.force_login(make_user("administrator"))
    account = make_user("author")
    press(client, address(account), first_name="Inés")
    account.refresh_from_db()
    assert account.first_name == "Inés"
    assert press(client, address(account), username="").status_code == 200  # shown again with its error
    client.force_login(make_user("editor"))
    assert client.post(address(account), {"username": "mine"}).status_code == 403
    assert entries(Action.RIGHTS_CHANGED, Action.SAVE) == []


def test_making_somebody_mightier_is_recorded(client):
    client.force_login(make_user("", is_superuser=True))
    account = make_user("author")
    press(
        client, address(account), is_superuser="on", user_permissions=[Permission.objects.get(codename="add_user").pk]
    )
    assert the_entry(Action.RIGHTS_CHANGED).detail == {
        "before": {"is_superuser": False, "user_permissions": []},
        "after": {"is_superuser": True, "user_permissions": ["auth.add_user"]},
    }


def test_a_new_account_and_its_end_are_recorded(client):
    client.force_login(make_user("administrator"))
    new = {"username": "ines", "password1": PASSWORD, "password2": PASSWORD}
    press(client, address(make_user(), view="add"), usable_password="true", **new)
    assert the_entry(Action.CREATE).detail["after"] | {"is_staff": True} == the_entry(Action.CREATE).detail["after"]
    ines = get_user_model().objects.get(username="ines")
    client.post(address(ines, view="delete"), {"post": "yes"})
    assert not get_user_model().objects.filter(username="ines").exists()
    entry = the_entry(Action.DELETE)
    assert (entry.subject, entry.detail["before"]["username"]) == ("ines", "ines")


def test_accounts_that_are_deleted_together_are_recorded_one_by_one(client):
    client.force_login(make_user("administrator"))
    gone = [make_user("author"), make_user("editor")]
    marked = {"action": "delete_selected", "_selected_action": [user.pk for user in gone], "post": "yes"}
    client.post("/admin/auth/user/", marked)
    assert not get_user_model().objects.filter(pk__in=marked["_selected_action"]).exists()
    assert {entry.subject for entry in entries(Action.DELETE)} == {user.username for user in gone}


def test_a_password_that_an_administrator_sets_is_recorded_and_one_that_is_refused_is_not(client):
    client.force_login(make_user("administrator"))
    account = make_user("author")
    where = f"/admin/auth/user/{account.pk}/password/"
    typed = {"usable_password": "true", "password1": PASSWORD, "set-password": "1"}
    assert client.post(where, typed | {"password2": "another-one-altogether"}).status_code == 200
    assert entries(Action.PASSWORD_CHANGED) == []
    assert client.post(where, typed | {"password2": PASSWORD}).status_code == 302
    entry = the_entry(Action.PASSWORD_CHANGED)
    assert (entry.subject, entry.detail) == (account.username, {})
    account.refresh_from_db()
    assert account.check_password(PASSWORD)


@pytest.mark.parametrize("number", ["0", "nobody"])
def test_the_password_of_nobody_is_a_404(client, number):
    client.force_login(make_user("administrator"))
    assert client.post(f"/admin/auth/user/{number}/password/", {}).status_code == 404


@pytest.mark.parametrize("language", ["", "/es"])
def test_ones_own_new_password_is_recorded(client, language):
    user = get_user_model().objects.create_user("ines", password=PASSWORD, is_staff=True)
    client.force_login(user)
    where, new = f"{language}/admin/password_change/", "martin-pescador-azul"
    typed = {"new_password1": new, "new_password2": new}
    assert client.post(where, typed | {"old_password": "not-this"}).status_code == 200
    assert entries(Action.PASSWORD_CHANGED) == []
    assert client.post(where, typed | {"old_password": PASSWORD}).url == f"{where}done/"
    entry = the_entry(Action.PASSWORD_CHANGED)
    assert (entry.actor, entry.subject) == ("ines", "ines")
    assert client.get("/admin/").status_code == 200  # still logged in
    user.refresh_from_db()
    assert user.check_password(new)


def test_ones_own_password_is_no_page_for_who_is_not_logged_in(client):
    assert client.get("/admin/password_change/").status_code == 302
    assert client.post("/admin/password_change/", {}).status_code == 302


def test_what_a_group_may_do_is_recorded_when_it_changes(client):
    client.force_login(make_user("administrator"))
    group = Group.objects.create(name="interns")
    make_user("", username="ines").groups.add(group)
    press(client, address(group), permissions=[Permission.objects.get(codename="view_topic").pk])
    assert the_entry(Action.RIGHTS_CHANGED).detail == {
        "before": {"permissions": []},
        "after": {"permissions": ["topics.view_topic"]},
    }
    client.post(address(group, view="delete"), {"post": "yes"})
    assert the_entry(Action.DELETE).detail["before"]["members"] == ["ines"]


# Append-only


def write_sql(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE editorial_auditentry SET actor = 'somebody else'",
        "UPDATE editorial_auditentry SET at = at WHERE actor = 'ines'",
        "DELETE FROM editorial_auditentry",
        "DELETE FROM editorial_auditentry WHERE actor = 'ines'",
        pytest.param("TRUNCATE editorial_auditentry", marks=pytest.mark.postgresql),
        pytest.param("TRUNCATE editorial_auditentry RESTART IDENTITY CASCADE", marks=pytest.mark.postgresql),
        pytest.param(
            "SET LOCAL session_replication_role = replica; DELETE FROM editorial_auditentry",
            marks=pytest.mark.postgresql,
        ),
    ],
)
def test_the_database_refuses_to_change_or_delete_what_is_written(sql):
    record(Action.SAVE, by="ines")
    with pytest.raises(IntegrityError, match="audit log"):
        write_sql(sql)
    assert the_entry(Action.SAVE).actor == "ines"


REPLACE = {
    "sqlite": "INSERT OR REPLACE INTO editorial_auditentry {values}",
    "postgresql": "INSERT INTO editorial_auditentry {values} ON CONFLICT (id) DO UPDATE SET actor = 'other'",
}
VALUES = """(id, at, action, actor, subject_type, subject_key, subject, detail)
    VALUES (%s, '2026-03-02 12:00:00', 'save', 'other', '', '', '', '{{}}')"""


def test_an_entry_is_not_written_over_by_another_of_the_same_number():
    entry = record(Action.SAVE, by="ines")
    sql = REPLACE[connection.vendor].format(values=VALUES).replace("{{}}", "{}")
    with pytest.raises(IntegrityError, match="audit log"):
        write_sql(sql, entry.pk)
    assert the_entry(Action.SAVE).actor == "ines"
    record(Action.SAVE, by="bea")  # and another is still taken
    assert [entry.actor for entry in entries(Action.SAVE)] == ["ines", "bea"]


def test_the_code_refuses_before_the_database_must():
    entry = record(Action.SAVE, by="ines")
    for change in (entry.save, entry.delete, AuditEntry.objects.all().delete):
        with pytest.raises(TypeError, match="audit log"):
            change()
    with pytest.raises(TypeError, match="never changed"):
        AuditEntry.objects.update(actor="somebody else")
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry(pk=entry.pk, action=Action.SAVE, actor="somebody else").save()
    assert the_entry(Action.SAVE).actor == "ines"


@pytest.mark.parametrize("turn", ["first", "second"])
@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_leaves_no_entry_behind_and_the_refusal_stands(turn):
    assert AuditEntry.objects.count() == 0
    record(Action.SAVE, by=turn)
    with pytest.raises(IntegrityError):
        write_sql("DELETE FROM editorial_auditentry")
    assert the_entry(Action.SAVE).actor == turn


# Who reads it


@pytest.mark.parametrize("role", ["author", "editor", "publisher", "translator"])
def test_only_who_may_read_the_log_opens_it(client, role):
    entry = record(Action.SAVE, by="ines")
    client.force_login(make_user(role))
    for where in (LOG, address(entry), address(entry, view="history"), f"{LOG}add/"):
        assert client.get(where).status_code == 403
    assert client.post(f"{LOG}export/").status_code == 403
    assert entries(Action.EXPORT) == []
    assertNotContains(client.get("/admin/"), LOG)


def test_a_visitor_is_asked_to_log_in(client):
    assert client.get(LOG).url == f"/admin/login/?next={LOG}"
    assert client.post(f"{LOG}export/").status_code == 302
    assert entries(Action.EXPORT) == []


@pytest.mark.parametrize("is_superuser", [False, True])
def test_who_reads_it_changes_nothing(client, is_superuser):
    entry = record(Action.SAVE, by="ines")
    client.force_login(make_user("administrator", is_superuser=is_superuser))
    assertNotContains(client.get(address(entry)), 'name="_save"')
    assertNotContains(client.get(LOG), f"{LOG}add/")
    assert client.get(f"{LOG}add/").status_code == 403
    for where in (f"{LOG}add/", address(entry), address(entry, view="delete")):
        assert client.post(where, {"actor": "somebody else", "post": "yes"}).status_code == 403
    marked = {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"}
    client.post(LOG, marked)
    assert the_entry(Action.SAVE).actor == "ines"


def test_an_address_that_leads_to_no_entry_goes_back_to_the_front(client, reader):
    assert client.get(f"{LOG}0/change/").url == "/admin/"


# The list


def test_the_newest_entry_comes_first_with_its_second(client, reader, settings):
    settings.TIME_ZONE = "America/Mexico_City"
    write("Older", datetime(2026, 3, 2, 12, 0, 5, tzinfo=UTC))
    write("Newer", datetime(2026, 3, 2, 12, 0, 6, tzinfo=UTC))
    assert listed(client, action="save") == ["Newer", "Older"]
    assertContains(client.get(LOG), "2026-03-02 06:00:05")


def test_the_list_is_narrowed_by_action_and_by_days_of_the_sites_clock(client, reader):
    late = datetime(2026, 3, 2, 23, 59, tzinfo=ZoneInfo("America/Mexico_City"))  # the third, in UTC
    write("Late on the second", late)
    write("Early on the third", late + timedelta(minutes=2), action=Action.EXPORT)
    assert listed(client, from_day="2026-03-02", to_day="2026-03-02") == ["Late on the second"]
    assert listed(client, from_day="2026-03-03", to_day="2026-03-03") == ["Early on the third"]
    assert listed(client, to_day="2026-03-03") == ["Early on the third", "Late on the second"]
    assert listed(client, action__exact="export") == ["Early on the third"]


@pytest.mark.parametrize("wrong", ["31/31/2024", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_filters_nothing_and_breaks_nothing(client, reader, wrong):
    write("Kept")
    answer = client.get(LOG, {"to_day": wrong})
    assert (answer.status_code, answer.url) == (302, f"{LOG}?e=1")
    assert client.post(f"{LOG}export/", query_params={"to_day": wrong}).url == LOG
    assert entries(Action.EXPORT) == []


def test_the_form_of_days_keeps_the_other_filters(client, reader):
    page = soup(client.get(LOG, {"action__exact": "save", "q": "river", "from_day": "2026-03-02"}))
    form = page.select_one("#changelist-filter form")
    sent = {field["name"]: field["value"] for field in form.select("input[name]")}
    assert sent == {"action__exact": "save", "q": "river", "from_day": "2026-03-02", "to_day": ""}


@pytest.mark.parametrize("asked", ["ines", "Rivers", "abc123", "192.0.2", "2001:db8"])
def test_an_entry_is_found_by_who_what_key_and_address(client, reader, asked):
    where = "2001:db8::7" if ":" in asked else "192.0.2.7"
    write("Rivers", actor="ines", subject_key="abc123", address=where)
    write("Another", actor="bea", subject_key="abc1234", address="203.0.113.1")
    assert listed(client, q=asked) == ["Rivers"]


def test_a_longer_list_takes_no_more_queries(client, reader):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            listed(client)
        return len(seen)

    write("One")
    queries()  # whatever is remembered between requests
    short = queries()
    for number in range(60):
        write(f"Number {number}", subject_type="publications.publication", actor_id=number)
    assert queries() == short
    assert short <= 6


def test_the_log_is_never_counted_whole(client, reader, monkeypatch):
    monkeypatch.setattr(audit_admin, "MOST_COUNTED", 60)
    for number in range(70):
        write(f"Number {number:02}")
    page = client.get(LOG)
    assertContains(page, "At most 60 are counted and shown here.")
    assert page.context["cl"].result_count == 60
    assert issubclass(type(page.context["cl"].paginator), Paginator)
    assert len(listed(client, p=2)) == 10
    assert len(exported(client, action__exact="save")) == 70
    assertNotContains(client.get(LOG, {"q": "Number 07"}), "are counted and shown here")


# One entry


def test_an_entry_is_read_in_either_language(client, reader):
    account = make_user("author", username="ines")
    press(client, address(account), groups=[Group.objects.get(name="editor").pk], is_active=None)
    entry = the_entry(Action.RIGHTS_CHANGED)
    english, spanish = (
        words(soup(client.get(address(entry, language))).select_one("#content")) for language in ("en", "es")
    )
    assert (
        "Rights changed" in english and "Before Active: yes Groups: author After Active: no Groups: editor" in english
    )
    assert (
        "Cambio de permisos" in spanish
        and "Antes Activo: sí Grupos: author Después Activo: no Grupos: editor" in spanish
    )


def test_what_others_wrote_is_shown_as_they_wrote_it(client, reader):
    entry = record(Action.OVERRIDE, by="<script>alert(1)</script>", reason="<b>ill</b>", before={"name": "<i>x</i>"})
    for where in (address(entry), LOG):
        assertNotContains(client.get(where), "<script>alert(1)")
    page = client.get(address(entry))
    assertContains(page, "&lt;b&gt;ill&lt;/b&gt;")
    assertContains(page, "Name: &lt;i&gt;x&lt;/i&gt;")


@pytest.mark.parametrize("page", ["list", "entry"])
def test_the_spanish_pages_share_no_word_with_the_english_ones(client, reader, page):
    entry = write("Ríos", actor="inés", subject_type="topics.topic", detail={"after": {"is_active": True}, "of": "1"})

    def words_in(language):
        where = address(entry, language, "changelist" if page == "list" else "change")
        read = soup(client.get(where))
        return set(re.findall(r"[^\W\d]+", f"{words(read.title)} {words(read.select_one('#content'))}".lower()))

    assert words_in("en") & words_in("es") <= {"ríos", "inés", "reader", "csv", "research", "hub", "a", "factor"}
    assert "momento" in words_in("es") and "moment" in words_in("en")


# Export


def test_the_export_has_what_the_list_shows_on_all_its_pages_and_is_recorded(client, reader):
    for number in range(55):
        write(f"Number {number}", subject_type="publications.publication", subject_key="k", actor="ines", actor_id=7)
    write("Another", action=Action.PUBLISH)
    rows = exported(client, action__exact="save")
    assert [row["What"] for row in rows] == [f"Number {number}" for number in reversed(range(55))]
    assert rows[0] == {
        "Moment": "2026-03-02T06:00:00-06:00", "Action": "Saved", "Code": "save", "Who": "ines", "Account number": "7",
        "Kind": "publication", "What": "Number 54", "Key": "k", "Details": "", "Network address": "",
    }  # fmt: skip
    entry = the_entry(Action.EXPORT)
    assert (entry.actor, entry.detail) == (
        "reader",
        {"of": "editorial.auditentry", "filters": {"action__exact": "save"}},
    )


def test_an_export_does_not_list_itself_and_the_next_one_does(client, reader):
    assert "export" not in [row["Code"] for row in exported(client)]
    assert exported(client)[0]["Code"] == "export"


def test_the_export_speaks_the_language_of_its_page(client, reader):
    write("Ríos", subject_type="publications.publication", detail={"reason": "Está enferma."})
    (row,) = exported(client, "/es" + LOG, action__exact="save")
    assert (row["Momento"], row["Acción"]) == ("2026-03-02T06:00:00-06:00", "Guardado")
    assert (row["Tipo"], row["Qué"]) == ("publicación", "Ríos")
    assert json.loads(row["Detalles"]) == {"reason": "Está enferma."}


def test_the_export_is_a_file_that_no_cache_keeps(client, reader):
    response = client.post(f"{LOG}export/")
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="audit-')
    assert "no-store" in response["Cache-Control"]
    assert response.getvalue().startswith("\ufeff".encode())


def test_the_button_exports_what_the_list_is_narrowed_to_and_a_link_exports_nothing(client, reader):
    page = soup(client.get(LOG, {"action__exact": "save", "q": "a b"}))
    form = page.select_one('form[action*="export/"]')
    assert form["action"] == f"{LOG}export/?action__exact=save&q=a+b"
    assert form.select_one('input[name="csrfmiddlewaretoken"]')
    assert client.get(f"{LOG}export/").status_code == 405
    assert entries(Action.EXPORT) == []


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1"])
def test_a_cell_that_a_spreadsheet_would_calculate_is_text(client, reader, cell):
    write(cell, actor=cell)
    (row,) = exported(client, action__exact="save")
    assert (row["What"], row["Who"]) == (f"'{cell}", f"'{cell}")


def test_a_cell_that_is_only_text_stays_as_it_is(client, reader):
    write('Ríos, lagos; «agua» = vida "x" - 2')
    (row,) = exported(client, action__exact="save")
    assert row["What"] == 'Ríos, lagos; «agua» = vida "x" - 2'


def test_the_export_button_is_on_the_form_of_no_other(client, reader):
    assertNotContains(client.get("/admin/auth/user/"), "auditentry/export")
    assert form_at(client, LOG) is not None
