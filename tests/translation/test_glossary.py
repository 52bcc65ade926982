"""The institute's own words: editors keep them, translators look them up and are told which they have not used."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from pytest_django.asserts import assertContains, assertNotContains

from research_hub.translation.glossary import Term, missing, terms_in
from tests.admin.cast import address, press
from tests.factories import make_user
from tests.pages import soup, words

pytestmark = pytest.mark.django_db
WATER, LAW = ("water right", "derecho de agua; derecho al agua"), ("water rights law", "ley de aguas")


def make_term(term_en="water right", term_es="derecho de agua", note=""):
    return Term.objects.create(term_en=term_en, term_es=term_es, note=note)


def found(text, language="en", is_rich=False):
    return [term.preferred(language) for term in terms_in(text, language, is_rich=is_rich)]


def missed(source, target, language="en", is_rich=False):
    return [term.preferred(language) for term in missing(source, target, language, is_rich=is_rich)]


# What a text uses


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Who has a water right?", True),
        ("Water Rights are sold.", True),
        ("the WATER RIGHT’S price", True),
        ("A water-right is land.", True),
        ("underwater rights", False),
        ("waters of the right bank", False),
        ("a right to water", False),
        ("Of water. Rights of way.", False),
        ("water\nright", False),
        ("", False),
    ],
)
def test_a_term_is_found_as_whole_words_in_order_whatever_their_ending(text, is_found):
    make_term(*WATER)
    assert found(text) == ["water right"] * is_found


@pytest.mark.parametrize(
    "text", ["Los derechos de agua.", "EL DERECHO AL AGUA", "derechos al agua", "el derecho de a\u0301gua"]
)
def test_any_of_the_forms_of_a_term_is_found_with_and_without_accents(text):
    make_term(*WATER)
    assert found(text, "es") == ["derecho de agua"]


def test_a_term_is_found_with_an_accent_where_it_is_written_without():
    make_term("policy", "politica publica")
    assert found("Las políticas públicas", "es") == ["politica publica"]


def test_the_longest_term_wins_where_one_is_part_of_another():
    make_term(*WATER)
    make_term(*LAW)
    make_term("law", "ley")
    assert found("The water rights law") == ["water rights law"]
    assert found("A law on the water rights law and water rights") == ["law", "water rights law", "water right"]


def test_terms_that_share_a_word_are_both_found():
    make_term("clean water", "agua limpia")
    make_term(*WATER)
    assert found("clean water rights") == ["clean water", "water right"]


def test_no_term_runs_from_one_block_of_rich_text_into_the_next():
    make_term(*WATER)
    assert found("<p>clean water</p><p>right now</p>", is_rich=True) == []
    assert found("<p>A <em>water</em> right</p>", is_rich=True) == ["water right"]
    assert found('<p><a href="https://water.example/right">Here</a></p>', is_rich=True) == []


# What a translation lacks


def test_a_term_is_missed_unless_the_translation_has_one_of_its_forms():
    make_term(*WATER)
    assert missed("Water rights matter.", "Importa el agua.") == ["water right"]
    assert missed("Water rights matter.", "Importan los derechos de agua.") == []
    assert missed("Water rights matter.", "Importa el derecho al agua.") == []
    assert missed("Land matters.", "Importa la tierra.") == []
    assert missed("Water rights matter.", "") == ["water right"]


def test_a_term_is_missed_into_english_as_well():
    make_term(*WATER)
    assert missed("Importan los derechos al agua.", "Claims to water matter.", "es") == ["derecho de agua"]
    assert missed("Importan los derechos al agua.", "Water rights matter.", "es") == []


def test_a_shorter_term_is_not_missed_where_the_longer_one_was_meant():
    make_term(*WATER)
    make_term(*LAW)
    assert missed("The water rights law", "La ley de aguas") == []
    assert missed("The water rights law", "La norma") == ["water rights law"]


def test_a_form_with_several_meanings_is_missed_where_none_of_them_is_said():
    make_term("law", "ley; derecho")
    make_term("right", "derecho")
    assert missed("El derecho", "The law", "es") == []
    assert missed("El derecho", "The right", "es") == []
    assert missed("El derecho", "The rule", "es") == ["ley", "derecho"]


def test_a_term_that_is_missed_twice_is_told_once():
    make_term(*WATER)
    assert missed("<p>Water rights.</p><p>A water right.</p>", "<p>Nada.</p>", is_rich=True) == ["water right"]


@pytest.mark.parametrize(
    ("source", "page", "told"),
    [
        ("en", "en", "The institute says “derecho de agua” for “water right”."),
        ("es", "en", "The institute says “water right” for “derecho de agua”."),
        ("en", "es", "El instituto traduce «water right» como «derecho de agua»."),
        ("es", "es", "El instituto traduce «derecho de agua» como «water right»."),
    ],
)
def test_what_is_missed_is_told_in_the_language_of_the_page(source, page, told):
    with translation.override(page):
        assert make_term(*WATER).advice(source) == told


def test_a_change_of_the_glossary_shows_at_once():
    term = make_term(*WATER)
    assert found("A water right and a land title") == ["water right"]
    term.term_en = "land title"
    term.save()
    assert found("A water right and a land title") == ["land title"]
    term.delete()
    assert found("A water right and a land title") == []


def test_a_text_costs_one_query_however_many_terms_there_are():
    Term.objects.bulk_create(Term(term_en=f"word number {n}", term_es=f"palabra {n}") for n in range(500))
    text = " ".join(f"word number {n}" for n in range(0, 1000, 5))
    for ask, result in [(found, 100), (lambda text: missed(text, text), 100)]:
        with CaptureQueriesContext(connection) as seen:
            assert len(ask(text)) == result
        assert len(seen) == 1


# The form


def add(client, language="en", **typed):
    return press(client, address(Term(), language, "add"), **typed)


@pytest.fixture
def editor(client):
    client.force_login(make_user("editor"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_editor_adds_changes_and_deletes_a_term(client, editor, language):
    add(client, language, term_en=" water  right ;; water claim;", term_es="derecho de agua", note="Not in Chile")
    term = Term.objects.get()
    assert (term.term_en, term.term_es, term.note) == ("water right; water claim", "derecho de agua", "Not in Chile")
    assert press(client, address(term, language), term_es="derechos de agua").status_code == 302
    term.refresh_from_db()
    assert term.term_es == "derechos de agua"
    client.post(address(term, language, "delete"), {"post": "yes"})
    assert not Term.objects.exists()


@pytest.mark.parametrize(
    ("language", "typed", "told"),
    [
        ("en", {"term_en": "water"}, "This field is required."),
        ("en", {"term_en": "water", "term_es": " ; "}, "Give the term."),
        ("es", {"term_en": "water", "term_es": ";"}, "Escriba el término."),
        ("en", {"term_en": "water; ?!", "term_es": "agua"}, "“?!” is no word."),
        ("es", {"term_en": "water; ?!", "term_es": "agua"}, "«?!» no contiene ninguna palabra."),
        ("en", {"term_en": "water", "term_es": "agua; las; Aguas"}, "“Aguas” stands here twice"),
        ("es", {"term_en": "water; Water", "term_es": "agua"}, "«Water» aparece dos veces"),
    ],
)
def test_a_term_that_is_not_whole_is_refused_with_a_reason(client, editor, language, typed, told):
    (errors,) = add(client, language, **typed).context["adminform"].form.errors.values()
    assert len(errors) == 1 and told in errors[0]
    assert not Term.objects.exists()


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "The glossary has this already: “water right = derecho de agua”. Add to that."),
        ("es", "El glosario ya lo tiene: «water right = derecho de agua». Complete ese término."),
    ],
)
def test_a_term_that_is_there_already_in_both_languages_is_refused(client, editor, language, told):
    make_term(*WATER)
    assertContains(add(client, language, term_en="Water Rights", term_es="pozo; derechos al agua"), told)
    assert Term.objects.count() == 1


def test_another_meaning_of_a_form_is_a_term_of_its_own(client, editor):
    make_term("bank", "banco")
    assert add(client, term_en="bank", term_es="ribera").status_code == 302
    assert press(client, address(Term.objects.get(term_es="ribera")), note="of a river").status_code == 302


@pytest.mark.parametrize(
    ("language", "told"), [("en", "This is in the glossary already."), ("es", "Esto ya está en el glosario.")]
)
def test_the_same_term_twice_is_refused_by_the_form_and_by_the_database(client, editor, language, told):
    make_term(*WATER)
    page = add(client, language, term_en=WATER[0], term_es=WATER[1])
    assert page.context["adminform"].form.non_field_errors() == [told]
    with pytest.raises(IntegrityError), transaction.atomic():
        make_term(*WATER)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("sought", ["claim", "agua", "Chile"])
def test_a_term_is_searched_by_any_of_its_forms_and_its_note(client, editor, language, sought):
    make_term("water right; claim", "derecho de agua", "not in Chile")
    make_term("land title", "título de tierra", "everywhere")
    assert listed(client, language, q=sought) == ["water right; claim"]


@pytest.mark.parametrize(("language", "order"), [("en", ["law", "right"]), ("es", ["right", "law"])])
def test_terms_are_listed_in_the_order_of_the_readers_language(client, editor, language, order):
    make_term("law", "ley")
    make_term("right", "derecho")
    assert listed(client, language) == order


def listed(client, language="en", **query):
    page = client.get(address(Term(), language, "changelist"), query)
    return [words(cell) for cell in soup(page).select("#result_list .field-english [lang=en]")]


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_input_says_the_language_of_its_text(client, editor, language):
    form = soup(client.get(address(Term(), language, "add")))
    assert [form.select_one(f"[name=term_{code}]")["lang"] for code in ("en", "es")] == ["en", "es"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_translator_reads_the_glossary_and_changes_nothing(client, language):
    term = make_term(*WATER)
    client.force_login(make_user("translator"))
    assert listed(client, language) == ["water right"]
    assertNotContains(client.get(address(term, language)), 'name="_save"')
    assert client.post(address(term, language), {"term_en": "x", "term_es": "y"}).status_code == 403
    assert client.get(address(term, language, "add")).status_code == 403
    assert client.post(address(term, language, "delete"), {"post": "yes"}).status_code == 403


def test_who_has_no_role_does_not_see_it(client):
    client.force_login(make_user(""))
    assert client.get(reverse("admin:translation_term_changelist")).status_code == 403
