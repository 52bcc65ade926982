"""Settings: what is wrong is refused at the start, in sentences."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.checks import run_checks

from research_hub.operations.environment import (
    Environment,
    WrongSettings,
    are_databases,
    are_networks,
    database_at,
    is_class,
    is_site,
    is_strong,
    is_zone,
)

KEY = "kq7-Zr2_wXvB9nTfL4sYpHc8JdMgE3aUoViN6xRbK1eWtSyQ5uDhC0zG"


@pytest.fixture
def env():
    return Environment()


def said(env) -> str:
    with pytest.raises(WrongSettings) as refused:
        env.refuse_wrong()
    return str(refused.value)


def manage(*command, **given):
    of_tests = settings.ENVIRONMENT.names | {"DJANGO_ALLOW_ASYNC_UNSAFE"}
    clean = {name: value for name, value in os.environ.items() if name not in of_tests}
    environment = clean | {"DJANGO_SETTINGS_MODULE": "research_hub.settings", "DATA_DIR": "var/test"} | given
    return subprocess.run(
        [sys.executable, *command], env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize(
    ("kind", "given", "right"),
    [
        ("int", "soon", "a whole number"),
        ("int", "", "a whole number"),
        ("bool", "perhaps", "true or false"),
        ("float", "1,5", "a number"),
    ],
)
def test_a_value_of_the_wrong_sort_is_shown_beside_what_is_right(env, monkeypatch, kind, given, right):
    monkeypatch.setenv("ANYTHING", given)
    assert getattr(env, kind)("ANYTHING", 7) == 7
    assert said(env).splitlines()[1] == f"ANYTHING is {json.dumps(given) if given else 'empty'}: it must be {right}."


def test_a_number_has_bounds_and_a_word_its_choice(env, monkeypatch):
    monkeypatch.setenv("MANY", "101")
    monkeypatch.setenv("WORD", "blue")
    env.int("MANY", 5, least=1, most=100), env.str("WORD", "red", among=("red", "green"))
    assert "it must be a whole number from 1 to 100." in said(env)
    assert 'WORD is "blue": it must be one of red, green.' in said(env)
    monkeypatch.setenv("MANY", "100")
    monkeypatch.setenv("WORD", "green")
    right = Environment()
    assert (right.int("MANY", 5, least=1, most=100), right.str("WORD", "red", among=("red", "green"))) == (100, "green")
    right.refuse_wrong()


@pytest.mark.parametrize(
    ("kind", "name", "given"),
    [
        ("dj_db_url", "DATABASE_URL", "mysql://joe:hunter2@h/db"),
        ("dj_db_url", "DATABASE_URL", "postgres://joe:hunter2@h:port/db"),
        ("dj_cache_url", "CACHE_URL", "memory://hunter2"),
        ("dj_email_url", "EMAIL_URL", "pigeon://joe:hunter2@h"),
        ("int", "AWS_SECRET", "hunter2"),
        ("int", "SIGNING_KEY", "hunter2"),
        ("int", "REPLICA_URLS", "hunter2"),
    ],
)
def test_a_secret_is_never_shown(env, monkeypatch, kind, name, given):
    monkeypatch.setenv(name, given)
    default = {"dj_db_url": "sqlite:///x", "dj_cache_url": "locmem://", "dj_email_url": "console:"}.get(kind, 1)
    getattr(env, kind)(name, default)
    assert f"{name} is wrong: it must be " in said(env)
    assert "hunter2" not in said(env)


def test_all_that_is_wrong_is_said_at_once(env, monkeypatch):
    for name in ("ONE", "TWO"):
        monkeypatch.setenv(name, "many")
        env.int(name, 1)
    assert said(env).startswith("2 settings are wrong (docs/settings.md):\nONE is")


def test_what_somebody_put_into_a_value_stays_on_its_line(env, monkeypatch):
    monkeypatch.setenv("MANY", "1\nSECRET_KEY is fine\x1b[2J" + "x" * 500)
    env.int("MANY", 1)
    assert len(said(env).splitlines()) == 2 and "\x1b" not in said(env) and len(said(env)) < 300


def test_a_secret_may_stand_in_a_file(env, monkeypatch, tmp_path):
    (tmp_path / "key").write_text(f"{KEY}\n")
    monkeypatch.setenv("SIGNING_KEY_FILE", str(tmp_path / "key"))
    assert env.str("SIGNING_KEY", check=is_strong) == KEY
    monkeypatch.setenv("SIGNING_KEY_FILE", str(tmp_path / "none"))
    env.str("SIGNING_KEY", check=is_strong)
    assert "SIGNING_KEY_FILE must name a file that can be read" in said(env)


@pytest.mark.parametrize("key", ["", "short", "x" * 60, "demo-only-" * 5, "change-me-" * 8, f"django-insecure-{KEY}"])
def test_a_weak_key_is_refused(key):
    assert not is_strong(key)
    assert is_strong(KEY)


@pytest.mark.parametrize(
    ("url", "is_right"),
    [
        ("https://hub.example", True),
        ("http://127.0.0.1:8000/", True),
        ("hub.example", False),
        ("https://hub.example/site", False),
        ("https://joe@hub.example", False),
        ("https://hub.example:many", False),
        ("ftp://hub.example", False),
        ("https://[::1", False),
    ],
)
def test_the_address_of_the_site_is_a_whole_one(url, is_right):
    assert is_site(url) is is_right


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (is_zone, ["Europe/Madrid", "UTC"], ["Mars", "../etc/passwd", "Europe"]),
        (are_networks, [["10.0.0.0/8", "::1"], []], [["10.0.0.1/8"], ["here"]]),
        (is_class, ["", "logging.NullHandler"], ["logging.info", "no.such", "x"]),
    ],
)
def test_zones_networks_and_classes_are_those_that_there_are(check, right, wrong):
    assert [check(value) for value in [*right, *wrong]] == [True] * len(right) + [False] * len(wrong)


@pytest.mark.parametrize(
    ("given", "meant"),
    [("SECRET_KEYS", "SECRET_KEY"), ("TIMEZONE", "TIME_ZONE"), ("ALOWED_HOSTS", "ALLOWED_HOSTS"), ("debug", "DEBUG")],
)
def test_a_name_that_looks_like_a_setting_misspelt_is_warned_of(monkeypatch, given, meant):
    monkeypatch.setenv(given, "1")
    warnings = [str(found.msg) for found in run_checks() if found.id == "research_hub.W001"]
    assert warnings == [f"{given} is in the environment and is read by nothing: was {meant} meant?"]


def test_names_of_others_are_not_taken_for_ours():
    usual = ["PATH", "HOME", "LANG", "HOSTNAME", "PWD", "TEST_DATABASE_URL", "PYTHONPATH", "SECRET_KEY_FILE", "PORT"]
    assert settings.ENVIRONMENT.misspelt(usual) == {}


@pytest.mark.parametrize("command", ["migrate", "check"])
def test_no_command_ends_in_a_traceback_where_the_key_is_missing(command):
    told = manage("manage.py", command)
    assert told.returncode == 1
    assert "SECRET_KEY is not set: it must be at least 50 random characters" in told.stderr
    assert "Traceback" not in told.stderr + told.stdout


def test_a_server_is_told_once_and_does_not_start():
    told = manage("-c", "import research_hub.wsgi", SECRET_KEY="too-short", CONN_MAX_AGE="soon")
    assert told.returncode == 3  # which makes gunicorn give up instead of trying for ever
    assert told.stderr.splitlines()[0] == "2 settings are wrong (docs/settings.md):"
    assert "too-short" not in told.stderr and "Traceback" not in told.stderr


REPLICA = "postgres://joe:hunter2@replica/hub"


@pytest.mark.parametrize("wrong", ["mysql://joe:hunter2@h/hub", "postgres://joe:hunter2@h:port/hub", "hunter2", ""])
def test_a_replica_that_is_no_database_is_refused_in_a_sentence(env, monkeypatch, wrong):
    monkeypatch.setenv("DATABASE_REPLICA_URLS", f"{REPLICA}, {wrong}")
    given = {"subcast": database_at, "check": are_databases}
    assert env.list("DATABASE_REPLICA_URLS", [], right="addresses", **given) == []
    assert said(env).splitlines()[1:] == ["DATABASE_REPLICA_URLS is wrong: it must be addresses."]


def test_a_server_reads_its_replicas_or_says_how_they_are_written():
    print_them = "import research_hub.settings as s; print([s.DATABASES[name]['HOST'] for name in s.DATABASE_REPLICAS])"
    right = manage("-c", print_them, SECRET_KEY=KEY, DATABASE_REPLICA_URLS=f"{REPLICA}, {REPLICA}")
    assert (right.returncode, right.stdout) == (0, "['replica', 'replica']\n"), right.stderr
    wrong = manage("-c", "import research_hub.wsgi", SECRET_KEY=KEY, DATABASE_REPLICA_URLS=f"{REPLICA},replica2")
    assert wrong.returncode == 3
    assert "DATABASE_REPLICA_URLS is wrong: it must be addresses separated by commas" in wrong.stderr
    assert "hunter2" not in wrong.stderr and "Traceback" not in wrong.stderr


def test_the_check_before_a_deployment_finds_nothing():
    right = {"SECRET_KEY": KEY, "SITE_URL": "https://hub.example", "ALLOWED_HOSTS": "hub.example, www.hub.example"}
    told = manage("manage.py", "check", "--deploy", "--fail-level", "WARNING", **right)
    assert (told.returncode, told.stderr) == (0, ""), told.stderr
    assert "no issues (0 silenced)" in told.stdout
