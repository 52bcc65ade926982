"""A changed word changes the fingerprint of a text; nothing else does. Tried on thousands of edits."""

import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from research_hub.translation.fingerprint import fingerprint, norm

TRIES = 1500
LETTERS = "abcdefghijklmnñopqrstuvwxyzáéíóúüABC0123"
words = st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=1, max_size=12)
spaces = st.sampled_from([" ", "  ", "\n", "\t", "\xa0", "\u2009", " \r\n "])
quotes = st.sampled_from([("“", "”"), ('"', '"'), ("«", "»"), ("« ", " »"), ("‘", "’"), ("'", "'"), ("„", "“")])
dashes = st.sampled_from(["—", " — ", "–", " - ", "--", "\u2011", "-"])
tags = st.sampled_from([("<p>", "</p>"), ("<ul><li>", "</li></ul>"), ("<h2>", "</h2>"), ('<p class="x">', "</p>")])
inline = st.sampled_from(
    [("", ""), ("<em>", "</em>"), ("<strong>", "</strong>"), ('<a href="https://a.example/">', "</a>")]
)


def set_in(found: list[str], space: str, quote: tuple[str, str], dash: str) -> str:
    """The words with the second in quotation marks and a dash after the third."""
    start, end = quote
    marked = [f"{start}{word}{end}" if place == 1 else word for place, word in enumerate(found)]
    head, tail = space.join(marked[:3]), space.join(marked[3:])
    return f"{head}{dash}{tail}" if tail else head


@settings(max_examples=TRIES)
@given(words, spaces, spaces, quotes, quotes, dashes, dashes)
def test_quotes_dashes_and_spaces_are_setting(found, s1, s2, q1, q2, d1, d2):
    assert norm(set_in(found, s1, q1, d1), False) == norm(set_in(found, s2, q2, d2), False)


@settings(max_examples=TRIES)
@given(words, st.data())
def test_a_changed_word_is_seen(found, data):
    place = data.draw(st.integers(0, len(found) - 1))
    other = data.draw(st.text(LETTERS, max_size=8))
    assume(other != found[place])
    changed = [*found[:place], *([other] if other else []), *found[place + 1 :]]
    assert fingerprint(" ".join(found), False) != fingerprint(" ".join(changed), False)


@settings(max_examples=TRIES)
@given(words, st.data())
def test_words_that_change_places_are_seen(found, data):
    moved = data.draw(st.permutations(found))
    assume(moved != found)
    assert fingerprint(" ".join(found), False) != fingerprint(" ".join(moved), False)


@settings(max_examples=TRIES)
@given(words, tags, tags, inline, inline)
def test_mark_up_and_its_attributes_are_setting(found, block, other_block, mark, other_mark):
    one, two = (
        f"{start}{left}{found[0]}{right} {' '.join(found[1:])}{end}"
        for (start, end), (left, right) in ((block, mark), (other_block, other_mark))
    )
    assert fingerprint(one, True) == fingerprint(two, True)


@settings(max_examples=TRIES)
@given(words)
def test_how_an_accent_is_stored_is_setting(found):
    text = " ".join(found)
    assert fingerprint(unicodedata.normalize("NFD", text), False) == fingerprint(text, False)


@settings(max_examples=TRIES)
@given(st.text())
def test_any_text_has_a_fingerprint_and_keeps_it(text):
    assert norm(norm(text, False), False) == norm(text, False)
    assert fingerprint(text, False) == fingerprint(f"\n{text} ", False)


@pytest.mark.parametrize("html", ["<p></p>", "<p> &nbsp;</p><hr>", "", None, "<script>x</script>"])
def test_what_has_no_word_has_no_fingerprint(html):
    assert fingerprint(html, True) == ""


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("<p>One</p><p>Two</p>", "<p>OneTwo</p>"),
        ("<p>A &lt;b&gt; c</p>", "<p>A c</p>"),
        ("<p>Not <s>so</s></p>", "<p>Not</p>"),
    ],
)
def test_where_one_word_ends_and_what_only_looks_like_mark_up_count(one, two):
    assert fingerprint(one, True) != fingerprint(two, True)


def test_plain_text_that_looks_like_mark_up_is_words():
    assert fingerprint("a <b> c", False) != fingerprint("a c", False)
