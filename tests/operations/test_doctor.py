"""The doctor: what is wrong is found, and how to mend it is said."""

import json
import os
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command, get_commands
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from publications.models import Publication
from research_hub.activity.models import Activity
from research_hub.editorial.audit import AuditEntry
from research_hub.editorial.notices import Notice
from research_hub.media.models import Image
from research_hub.operations import looks
from research_hub.operations.models import Heartbeat
from research_hub.translation.tasks import Unit
from tests.factories import make_author, make_image, make_publication, make_topic, make_user
from tests.servers import free_port

pytestmark = pytest.mark.django_db


def doctor(*checks, **options):
    """What it prints, and whether it ends well."""
    out = StringIO()
    try:
        call_command("doctor", *checks, stdout=out, stderr=StringIO(), no_color=True, **options)
    except CommandError:
        return out.getvalue(), False
    return out.getvalue(), True


def found(check):
    """The state of this check, and its findings."""
    told, ends_well = doctor(check, json=True)
    (result,) = json.loads(told)
    assert ends_well is (result["state"] != "wrong")
    return result["state"], result["findings"]


@pytest.fixture
def well(settings):
    """A site that runs as it is deployed, with an entry, a picture and a file."""
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SILENCED_SYSTEM_CHECKS = ["async.E001"]  # of a variable that browser tests set, and need till they end
    Heartbeat.beat("publish_due")
    make_image(size=(330, 250))
    entry = make_publication(topics=[make_topic()], authors=[make_author()])
    entry.downloads.create(language="en", file=ContentFile(b"%PDF-1.4 %%EOF", "a.pdf"))
    return entry


def old(name):
    """A file that has lain there for hours."""
    default_storage.save(name, ContentFile(b"x"))
    os.utime(default_storage.path(name), (0, 0))


def test_a_site_that_is_well_is_told_so_in_either_language(well):
    for language, clock in (("en", "✓ Clock"), ("es", "✓ Reloj")):
        told, ends_well = doctor(language=language)
        assert ends_well, told
        assert clock in told and "✗" not in told


def test_a_check_of_settings_that_is_silenced_is_not_told(well, settings, monkeypatch):
    monkeypatch.setenv("SECRET_KEYS", "1")
    assert found("settings")[0] == "advice"
    settings.SILENCED_SYSTEM_CHECKS += ["research_hub.W001"]
    assert found("settings") == ("right", [])


def test_every_command_that_checks_is_among_its_checks(well):
    told, _ends_well = doctor(json=True)
    commands = {name for name in get_commands() if name.startswith("check_")}
    assert {"check_activity", "check_translations"} <= commands
    assert commands <= {result["check"] for result in json.loads(told)}


def test_a_check_is_asked_for_alone_and_one_that_there_is_not_is_refused(well):
    told, _ends_well = doctor("roles", "clock")
    assert [line[2:] for line in told.splitlines()] == ["Clock", "Roles"]
    with pytest.raises(CommandError, match="There is no check hearts"):
        call_command("doctor", "hearts")


def take_a_right(entry, **fixtures):
    Group.objects.get(name="editor").permissions.remove(Group.objects.get(name="editor").permissions.first())


def give_a_right(entry, **fixtures):
    Group.objects.get(name="author").permissions.add(Group.objects.get(name="administrator").permissions.last())


def lose_a_file(entry, **fixtures):
    default_storage.delete(entry.downloads.get().file.name)


def lose_a_rendition(entry, **fixtures):
    default_storage.delete(Image.objects.get().renditions[0])


def leave_files(entry, **fixtures):
    old("downloads/stray.pdf")
    old("images/stray/320w.webp")


def forget_renditions(entry, **fixtures):
    Image.objects.update(renditions=[])


def stop_the_schedule(entry, **fixtures):
    Heartbeat.objects.update(at=timezone.now() - timedelta(hours=1))


def miss_a_moment(entry, **fixtures):
    rows = Publication._base_manager.filter(pk=entry.pk)
    rows.update(withdraw_at=timezone.now() - timedelta(hours=1), scheduled_by=make_user(), reason_en="Old.")


def spoil_a_list(entry, **fixtures):
    Activity.objects.update(media=7)


def spoil_a_state(entry, **fixtures):
    Unit.objects.all().delete()


def undo_a_migration(entry, **fixtures):
    MigrationRecorder.Migration.objects.filter(app="operations").delete()


def set_the_clock_back(entry, **fixtures):
    AuditEntry.objects.create(action="log_in", at=timezone.now() + timedelta(hours=3))


def put_a_file_where_the_folder_was(entry, settings, tmp_path):
    (tmp_path / "occupied").write_text("")
    settings.MEDIA_ROOT = tmp_path / "occupied"


def forget_at_once(entry, settings, tmp_path):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


def lose_the_mail_server(entry, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()


def let_a_notice_wait(entry, settings, tmp_path):
    waits = {
        "recipient": make_user(email="a@hub.example"),
        "step": "submit",
        "uid": entry.uid,
        "title": "T",
        "path": "/",
    }
    Notice.objects.create(made_at=timezone.now() - timedelta(days=2), **waits)


def collect_nothing(entry, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    manifest = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": manifest}


@pytest.mark.parametrize(
    ("check", "spoil", "words", "mend"),
    [
        ("roles", take_a_right, "other rights", "install_roles"),
        ("roles", give_a_right, "other rights", "install_roles"),
        ("files", lose_a_file, "1 file is gone", "backup"),
        ("files", lose_a_rendition, "1 file is gone", "backup"),
        ("schedule", stop_the_schedule, "last ran at", "publish_due"),
        ("schedule", miss_a_moment, "1 entry is past its moment", "publish_due"),
        ("check_activity", spoil_a_list, "The lists differ", "rebuild_activity"),
        ("check_translations", spoil_a_state, "The states differ", "make_translations"),
        ("migrations", undo_a_migration, "has not been made", "manage.py migrate"),
        ("clock", set_the_clock_back, "still to come", "timedatectl"),
        ("storage", put_a_file_where_the_folder_was, "No file can be kept", "right to write"),
        ("cache", forget_at_once, "forgets", "Redis"),
        ("mail", lose_the_mail_server, "does not let us in", "EMAIL_URL"),
        ("mail", let_a_notice_wait, "has waited", "send_notices"),
        ("static", collect_nothing, "not been collected", "collectstatic"),
    ],
)
def test_what_is_wrong_is_found_with_the_way_to_mend_it(well, settings, tmp_path, check, spoil, words, mend):
    assert found(check)[0] != "wrong"
    spoil(well, settings=settings, tmp_path=tmp_path)
    state, findings = found(check)
    assert state == "wrong"
    assert any(words in one["words"] and mend in one["mend"] and one["wrong"] for one in findings), findings


@pytest.mark.parametrize(
    ("check", "spoil", "words"),
    [("files", leave_files, "2 files are there"), ("renditions", forget_renditions, "1 picture lacks")],
)
def test_what_is_only_worth_a_thought_does_not_fail(well, check, spoil, words):
    assert found(check) == ("right", [])
    spoil(well)
    state, (one,) = found(check)
    assert state == "advice" and words in one["words"] and one["details"] and not one["wrong"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans without knowing what its tables hold")
def test_tables_that_postgresql_has_never_analysed_are_told_until_it_has(well, monkeypatch):
    assert found("database") == ("right", [])
    monkeypatch.setattr(looks, "MUCH", 0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE a_new_one AS SELECT 1 AS n")
        state, (one,) = found("database")
        assert state == "advice" and "a_new_one" in one["details"] and "vacuumdb --analyze" in one["mend"]
        cursor.execute("ANALYZE")
    assert found("database") == ("right", [])


def test_a_file_that_came_just_now_is_no_stray_one(well):
    default_storage.save("downloads/new.pdf", ContentFile(b"x"))
    assert found("files") == ("right", [])


def test_a_setting_misspelt_is_told(well, monkeypatch):
    monkeypatch.setenv("ALOWED_HOSTS", "hub.example")
    state, findings = found("settings")
    assert state == "advice"
    assert any("ALLOWED_HOSTS" in one["words"] for one in findings)


def test_what_was_mended_as_it_says_is_well_again(well):
    for spoil, check, command in (
        (take_a_right, "roles", "install_roles"),
        (spoil_a_list, "check_activity", "rebuild_activity"),
        (spoil_a_state, "check_translations", "make_translations"),
        (miss_a_moment, "schedule", "publish_due"),
        (forget_renditions, "renditions", "make_renditions"),
    ):
        spoil(well)
        assert found(check)[0] != "right"
        call_command(command, stdout=StringIO(), stderr=StringIO())
        assert found(check) == ("right", []), check


def test_without_a_database_the_rest_is_looked_at_all_the_same(well, monkeypatch):
    def gone(*args, **kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", gone)
    told, ends_well = doctor(json=True)
    states = {result["check"]: (result["state"], result["findings"]) for result in json.loads(told)}
    assert not ends_well
    assert "connection refused" in states["database"][1][0]["words"]
    assert states["storage"] == ("right", [])
    assert "the database does not answer" in states["roles"][1][0]["words"]


def test_it_speaks_spanish(well):
    stop_the_schedule(well)
    told, ends_well = doctor("schedule", "check_activity", language="es")
    assert not ends_well
    assert "✗ Programación" in told and "→ Haga que cron o systemd ejecute" in told
    spoil_a_list(well)
    told, _ends_well = doctor("check_activity", language="es")
    assert "Las listas difieren de las entradas en 1 lugar." in told and "→ ejecute rebuild_activity" in told
