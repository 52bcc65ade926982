"""What a word is to search, whatever the database: folded, stemmed, asked for and marked."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research_hub.activity.words import (
    ENGLISH,
    LONGEST_QUERY,
    LONGEST_WORD,
    MOST_TERMS,
    SPANISH,
    Query,
    Term,
    clean,
    compose,
    fold,
    highlight,
    parse,
    stem,
    words_of,
)

TOKEN = re.compile(r"[a-z0-9]+")


def word(text, **how):
    return Term((text,), **how)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Política", "politica"),
        ("AÑO", "ano"),
        ("Straße", "strasse"),
        ("women’s", "women"),
        ("Women's", "women"),
        ("ﬁscal", "fiscal"),
        ("İstanbul", "istanbul"),
        ("²", "2"),
        ("я", "q0044f"),
        ("x" * 90, "x" * LONGEST_WORD),
    ],
)
def test_a_word_is_folded(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    "family",
    [
        "política políticas político politica POLÍTICOS",
        "repatriación repatriar repatriados repatriacion",
        "investigación investigaciones investigacion",
        "joven jóvenes jovenes",
        "crimen crímenes crimenes",
        "interés intereses interes",
        "menor menores",
        "economía economia economías",
        "país países paises",
    ],
)
def test_the_forms_of_a_spanish_word_share_a_stem_with_and_without_accents(family):
    assert len({stem(fold(form), SPANISH) for form in family.split()}) == 1


@pytest.mark.parametrize(
    "family", ["smuggling smuggled", "minor minors Minors'", "policy policies", "migrant migrants"]
)
def test_the_forms_of_an_english_word_share_a_stem(family):
    assert len({stem(fold(form), ENGLISH) for form in family.split()}) == 1


def test_an_accent_that_is_a_character_of_its_own_does_not_part_a_word():
    assert words_of("poli\u0301ticas") == ["politicas"]
    assert highlight("poli\u0301ticas", "es", parse("política")) == "<mark>políticas</mark>"


def test_a_text_is_split_at_whatever_is_no_letter_or_digit():
    assert words_of("COVID-19: d’Ivoire, e_mail @ U.S.") == ["covid", "19", "d", "ivoire", "e", "mail", "u", "s"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("menores migrantes", [word("menores"), word("migrantes")]),
        ("Menores menores", [word("menores")]),
        ('"no acompañados"', [Term(("no", "acompanados"), is_phrase=True)]),
        ("«Ana García» “Ruiz”", [Term(("ana", "garcia"), is_phrase=True), Term(("ruiz",), is_phrase=True)]),
        ("migr*", [word("migr", is_prefix=True)]),
        ("mi* *", [word("mi")]),
        ("menores en la frontera", [word("menores"), word("frontera")]),
        ("the of", [word("the"), word("of")]),
        ('"', []),
        ('"unfinished row', [word("unfinished"), word("row")]),
        ("a AND", [word("a"), word("and")]),
        ("col:val", [word("col"), word("val")]),
        ("-foo", [word("foo")]),
        ("NEAR(", [word("near")]),
        ("*", []),
        ("?!… 😀", []),
        ("\0", []),
        ("", []),
    ],
)
def test_a_query_is_read(text, terms):
    assert parse(text) == Query(tuple(terms))


def test_a_long_query_is_cut():
    assert len(clean("long " * 2_000)) <= LONGEST_QUERY
    assert len(parse(" ".join(f"w{n}" for n in range(100))).terms) == MOST_TERMS


@given(st.text(max_size=500))
def test_any_text_is_a_query_of_plain_tokens(text):
    for term in parse(text).terms:
        assert all(TOKEN.fullmatch(token) for token in [*term.words, *term.tokens])


@given(st.text(alphabet=st.characters(), max_size=300))
def test_cleaning_is_done_once(text):
    assert clean(clean(text)) == clean(text)
    assert len(clean(text)) <= LONGEST_QUERY
    clean(text).encode()


@given(st.text(max_size=200), st.text(max_size=40), st.sampled_from(["en", "es"]))
def test_a_highlighted_text_is_the_text_escaped_with_marks_and_nothing_else(text, query, language):
    marked = highlight(text, language, parse(query))
    bare = marked.replace("<mark>", "").replace("</mark>", "")
    assert not re.search("[<>]", bare)
    assert html.unescape(bare) == compose(text)


@given(st.text(alphabet="ab <>&\"'/mrk", max_size=60), st.text(alphabet="ab mrk", max_size=20))
def test_no_markup_of_a_text_survives_its_highlighting(text, query):
    marked = highlight(text, "en", parse(query))
    assert not re.search("[<>]", re.sub("</?mark>", "", marked))
    assert marked.count("<mark>") == marked.count("</mark>")


@pytest.mark.parametrize(
    ("text", "language", "query", "marked"),
    [
        ("Los menores & la <b>", "es", "menor", "Los <mark>menores</mark> &amp; la &lt;b&gt;"),
        ("Políticas", "es", "politico", "<mark>Políticas</mark>"),
        ("Women’s rights", "en", "women", "<mark>Women’s</mark> rights"),
        ("Ana and Ana García", "en", '"ana garcia"', "Ana and <mark>Ana</mark> <mark>García</mark>"),
        ("Migrants", "en", "migr*", "<mark>Migrants</mark>"),
        ("Migrants", "en", "border", "Migrants"),
        ("", "en", "border", ""),
    ],
)
def test_the_words_that_were_sought_are_marked(text, language, query, marked):
    assert highlight(text, language, parse(query)) == marked
