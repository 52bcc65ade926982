"""What a password must be, and what it may not be."""

from hashlib import sha1

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from research_hub.accounts.passwords import is_listed


def is_refused(password, user=None) -> bool:
    try:
        validate_password(password, user)
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize(
    "password",
    [
        "short-again",  # 11
        "1q2w3e4r5t6y",  # of the 20,000
        "Research Hub 2026!",
        "hub-example-research",
        "administrator",
        "contraseña-2026",
        "ResearchResearchHub",
    ],
)
def test_it_is_refused(password):
    assert is_refused(password)


@pytest.mark.parametrize(
    "password",
    [
        "alondra en la rama",
        "x" * 4 + "y" * 4 + "zwvu",
        "314159265358",  # of figures alone: there are no rules for kinds of characters
        "the heron waits beside the research hub",
        "ñandú-ceibo-mate",
        "k" + "ab" * 500,
        " leading and trailing ",
    ],
)
def test_it_is_taken(password):
    assert not is_refused(password)


def test_words_of_the_operator_are_refused_too(settings):
    assert not is_refused("migration-lab")
    settings.PASSWORD_WORDS = ["Migration", "Lab"]
    assert is_refused("migration-lab")


def listed(path, passwords):
    sums = sorted(sha1(password.encode()).hexdigest().upper() for password in passwords)
    path.write_text("".join(f"{digest}:{n}\n" for n, digest in enumerate(sums)))
    return path


def test_a_stolen_one_is_refused_where_the_operator_has_a_list(settings, tmp_path):
    stolen = [f"alondra en la rama {n}" for n in range(1000)]
    settings.BREACHED_PASSWORDS = str(listed(tmp_path / "list.txt", stolen))
    assert is_refused("alondra en la rama 77")
    assert not is_refused("alondra en la rama 1000")


@given(st.sets(st.text(min_size=1), max_size=30), st.text(min_size=1))
def test_every_line_of_a_list_is_found_and_nothing_else(tmp_path_factory, stolen, other):
    path = listed(tmp_path_factory.mktemp("stolen") / "list.txt", stolen)
    assert all(is_listed(password, path) for password in stolen)
    assert is_listed(other, path) == (other in stolen)
