"""The interface is complete in Spanish."""

import re

import polib
import pytest

from tests import messages


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(messages.CATALOGUE))


def test_every_message_of_code_and_templates_is_in_the_catalogue_and_no_other(catalogue):
    assert {messages.key(entry) for entry in catalogue} == set(messages.collect())


def test_every_message_is_translated_and_none_is_doubtful(catalogue):
    assert [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy] == []


def test_a_translation_has_the_same_places_to_fill_as_its_message(catalogue):
    places = re.compile(r"%\(\w+\)[sd]|%[sd]")
    for entry in catalogue:
        wanted = set(places.findall(entry.msgid_plural or entry.msgid))
        for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            assert set(places.findall(text)) <= wanted, entry.msgid
            assert entry.msgid_plural or set(places.findall(text)) == wanted, entry.msgid


def test_the_compiled_catalogue_is_the_written_one(catalogue):
    compiled = polib.mofile(str(messages.CATALOGUE.with_suffix(".mo")))
    assert {messages.key(e): (e.msgstr, e.msgstr_plural) for e in compiled} == {
        messages.key(e): (e.msgstr, e.msgstr_plural) for e in catalogue
    }
