"""What was published in both languages helps whoever translates the same or nearly the same again."""

import json
import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz, process

from research_hub.activity.words import words_of
from research_hub.translation import memory
from research_hub.translation.fingerprint import norm
from research_hub.translation.likeness import LEAST
from research_hub.translation.memory import (
    Pair,
    Segment,
    SegmentKey,
    SegmentUse,
    forget,
    forget_everything,
    remember,
    remember_many,
    segments_of,
    suggestions,
)
from research_hub.translation.sentences import aligned, sentences

database = pytest.mark.django_db


def know(source, target, uid="known", field="summary", language="en", is_rich=False):
    remember(uid, field, language, source, target, is_rich=is_rich)


def helped(source, language="en", is_rich=False, **options):
    """Each sentence, with the translations suggested for it."""
    found = suggestions(source, language, is_rich=is_rich, **options)
    return [(one.sentence, [suggestion.target for suggestion in one.suggestions]) for one in found]


def best(source, language="en", **options):
    """The best translation of a single sentence, and how similar its source is; None where there is none."""
    (one,) = suggestions(source, language, is_rich=False, **options)
    return (one.suggestions[0].target, one.suggestions[0].similarity) if one.suggestions else None


def rows():
    return [set(model.objects.values_list(*columns)) for model, *columns in STORED]


STORED = [(Segment, "id", "text_en", "text_es"), (SegmentUse, "segment_id", "uid", "field"), (SegmentKey, "pk")]
NOTHING = [set()] * 3


# Sentences


@pytest.mark.parametrize(
    "text",
    [
        "It rained. | It was cold! | Was it? | Yes.",
        "Llovió. | ¿Hacía frío? | ¡Sí! | «Mucho.» | “Bastante.” | Ángel lo vio.",
        "He said “Go.” | Then he left… | (Nobody saw it.) | It was over.",
        "Dr. Ruiz and Mrs. Vega met J. M. Coe.",
        "La Dra. Ruiz y el Sr. Vega se reunieron.",
        "The U.S. Congress met.",
        "El Congreso de EE. UU. Votó en contra.",  # which is meant cannot be known
        "Los RR. HH. Humanos. | Otra cosa.",
        "See no. 5, p. 3 and vol. 2 of 3.5 pages, e.g. this one.",
        "Véase el art. 5 y la pág. 3, p. ej. en las núm. 2 y 3.",
        "It grew by 5. | Then by 6.",
        "no capital. so no sentence",
        "…",
        "One",
    ],
)
def test_a_paragraph_is_parted_into_its_sentences(text):
    wanted = text.split(" | ")
    assert sentences(" ".join(wanted)) == wanted


@given(st.text(alphabet="aB1.!?…¿«» \t\u00a0’”", min_size=1))
def test_no_letter_is_lost_between_sentences(paragraph):
    assert "".join("".join(sentences(paragraph)).split()) == "".join(paragraph.split())


@pytest.mark.parametrize(
    ("source", "target", "is_rich", "pairs"),
    [
        ("One. Two.", "Uno. Dos.", False, [("One.", "Uno."), ("Two.", "Dos.")]),
        ("One. Two.", "Uno y dos.", False, [("One. Two.", "Uno y dos.")]),
        ("One.\n\nTwo. Three.", "Uno.\nDos y tres.", False, [("One.", "Uno."), ("Two. Three.", "Dos y tres.")]),
        ("One.\nTwo.", "Uno. Dos.", False, []),
        ("<p><em>One</em> is.</p><p>2.</p>", "<p>Uno es.</p><p>II.</p>", True, [("One is.", "Uno es."), ("2.", "II.")]),
        ("<h2>A</h2><ul><li>B</li></ul>", "<h2>C</h2><p>D</p>", True, [("A", "C"), ("B", "D")]),
        ("5 < 6", "5 < 6 y", False, [("5 < 6", "5 < 6 y")]),
        ("One.", "", False, []),
        ("", "", True, []),
    ],
)
def test_two_texts_are_aligned_where_their_paragraphs_agree(source, target, is_rich, pairs):
    assert aligned(source, target, is_rich) == pairs


# Equal and similar


@database
def test_a_sentence_that_was_translated_is_suggested_in_either_direction():
    know("Water is a right.", "El agua es un derecho.", language="en")
    know("La tierra es de todos.", "The land is everybody’s.", language="es", uid="other")
    assert best("Water is a right.", "en") == ("El agua es un derecho.", 100)
    assert best("El agua es un derecho.", "es") == ("Water is a right.", 100)
    assert best("La tierra es de todos.", "es") == ("The land is everybody’s.", 100)
    assert best("The land is everybody’s.", "en") == ("La tierra es de todos.", 100)
    assert best("El agua es un derecho.", "en") is None  # as English it is unknown


@database
@pytest.mark.parametrize(
    ("sought", "similarity"),
    [
        ("The  “water” law – of Peru\u0301.", 100),
        ("The «water» law — of Peru\u0301.", 100),
        ("The 'water' law - of Per\u00fa.", 100),
        ("The “Water” law – of Perú.", 99),
        ("The “water” law – of Perú!", 99),
        ("The “water” law – of Chile.", 80),
        ("The new “water” law – of Chile.", 72),
    ],
)
def test_typography_makes_no_difference_and_words_do(sought, similarity):
    know("The “water” law – of Perú.", "La ley")
    assert best(sought) == ("La ley", similarity)


@database
def test_what_shares_less_than_six_words_in_ten_is_not_suggested():
    know("Rivers of the northern border region", "Ríos")
    assert best("Rivers of the northern border state") == ("Ríos", 83)
    assert best("Rivers of the south") is None
    assert best("Forests without rivers") is None


@database
def test_the_equal_one_comes_first_then_the_most_similar_and_no_more_than_asked_for():
    for number, source in enumerate(["A map of all rivers", "A map of all big rivers", "The map of all big rivers"]):
        know(source, f"Mapa {number}", uid=f"entry{number}")
    know("A map of all rivers", "Plano", uid="other")
    assert helped("A map of all rivers", most=9) == [("A map of all rivers", ["Mapa 0", "Plano", "Mapa 1", "Mapa 2"])]
    assert helped("A map of all rivers", most=2) == [("A map of all rivers", ["Mapa 0", "Plano"])]


@database
def test_the_same_translation_is_told_once_with_the_sentence_most_like():
    know("Read the report now.", "Lea el informe.", uid="one")
    know("Read the report.", "Lea  el informe.", uid="two")
    (one,) = suggestions("Read the report.", "en", is_rich=False)
    assert [(told.source, told.similarity, told.uid) for told in one.suggestions] == [("Read the report.", 100, "two")]


@database
def test_each_sentence_is_helped_in_its_order_even_where_nothing_is_known():
    know("One is here.", "Uno está aquí.")
    text = "<h2>A title</h2><p>One is <strong>here</strong>. Nothing more.</p><p>One is here.</p>"
    assert helped(text, is_rich=True) == [
        ("A title", []),
        ("One is here.", ["Uno está aquí."]),
        ("Nothing more.", []),
        ("One is here.", ["Uno está aquí."]),
    ]


@database
def test_a_paragraph_that_was_translated_as_a_whole_is_told_as_a_whole():
    know("We thank the fund. It paid.", "Agradecemos al fondo, que pagó.")
    assert helped("We thank the fund. It paid.\nAnd more. Ever more.") == [
        ("We thank the fund. It paid.", ["Agradecemos al fondo, que pagó."]),
        ("And more.", []),
        ("Ever more.", []),
    ]


@database
@pytest.mark.parametrize("text", ["", "  \n ", "***", "?!", "<p></p>"])
def test_a_text_without_words_finds_nothing_and_is_not_remembered(text):
    know(text, "Algo", is_rich=True)
    know("Something", text, is_rich=True, uid="other")
    assert rows() == NOTHING
    assert not any(targets for _sentence, targets in helped(text))


@database
def test_the_entrys_own_sentences_are_left_out_but_not_those_it_shares():
    know("Water is a right.", "El agua es un derecho.", uid="own")
    know("Land is a right too.", "La tierra también.", uid="own", field="body")
    know("Land is a right too.", "La tierra también.", uid="other")
    found = suggestions("Water is a right.\nLand is a right too.", "en", is_rich=False, leave_out="own")
    assert [[told.uid for told in one.suggestions if told.similarity == 100] for one in found] == [[], ["other"]]


# What is held


@database
def test_what_a_text_said_before_is_forgotten_when_it_says_something_else():
    know("One is here. Two is there.", "Uno aquí. Dos allá.")
    know("One is here. Three is lost.", "Uno aquí. Tres perdido.")
    assert helped("One is here. Two is there. Three is lost.") == [
        ("One is here.", ["Uno aquí."]),
        ("Two is there.", []),
        ("Three is lost.", ["Tres perdido."]),
    ]


@database
def test_nothing_stays_of_what_can_no_longer_be_aligned():
    know("One is here.", "Uno aquí.")
    know("One is here.", "Uno.\nAquí.")
    assert rows() == NOTHING


@database
def test_a_sentence_that_is_the_same_in_both_languages_is_not_remembered():
    know("Research Hub – “2017”", "Research Hub — «2017»")
    assert rows() == NOTHING


@database
def test_an_entry_is_forgotten_text_by_text_or_whole():
    know("Water for all", "Agua para todos", field="title")
    know("Who gets it", "Quién la recibe", field="summary")
    know("It never rains", "Nunca llueve", field="body")
    know("Land without people", "Tierra sin gente", uid="other")
    kept = rows()
    forget("known", "title", "summary")
    assert best("Water for all") is None and best("Who gets it") is None
    assert best("It never rains") == ("Nunca llueve", 100)
    forget("known")
    assert best("It never rains") is None
    assert best("Land without people") == ("Tierra sin gente", 100)
    forget("other")
    assert rows() == NOTHING != kept


@database
def test_a_sentence_of_two_entries_is_held_once_and_until_both_have_forgotten_it():
    for uid in ("one", "two"):
        know("Read the report.", "Lea el informe.", uid=uid)
    assert Segment.objects.count() == 1
    forget("one")
    assert best("Read the report.") == ("Lea el informe.", 100)
    forget("two")
    assert rows() == NOTHING


@database
def test_many_are_remembered_as_one_by_one_and_again_without_a_change():
    pairs = [
        Pair(f"e{n % 40}", f"f{n % 7}", "en", f"Number {n} of us. Read it.", f"El {n}. Léalo.", False)
        for n in range(300)
    ]
    for pair in pairs:
        know(pair.source, pair.target, pair.uid, pair.field)
    one_by_one = rows()
    remember_many(iter(pairs))
    assert rows() == one_by_one
    forget_everything()
    assert rows() == NOTHING
    remember_many(iter(pairs))
    assert rows() == one_by_one


def test_a_sentence_keeps_its_numbers_else_what_is_held_must_be_remembered_anew():
    (segment,) = segments_of(Pair("e", "title", "en", "Water is a right.", "El agua es un derecho.", False))
    assert segment.pk == 7211457309668504340
    assert segment.found_by() == {
        -8956201529766120048, -8451179733258262437, -7750335178300224690, -3824211078450497136,
        -2383874284100515993, -1273775393715693842, 9373187246698595, 1026395337370807360,
    }  # fmt: skip


# However much is held


def reads(work):
    with CaptureQueriesContext(connection) as seen:
        work()
    return len(seen)


@database
def test_a_sentence_that_stands_everywhere_costs_no_more_than_any_other():
    know("Read the report.", "Lea el informe.")
    assert reads(lambda: helped("Read the report.")) == 2
    remember_many(Pair(f"e{n}", "body", "en", "Read the report.", "Lea el informe.", False) for n in range(500))
    assert reads(lambda: helped("Read the report.")) == 2
    assert reads(lambda: forget("e7")) == reads(lambda: forget("known"))
    assert best("Read the report.", leave_out="e0") == ("Lea el informe.", 100)


@database
@pytest.mark.parametrize("bound", ["MOST_READ", "MOST_COMPARED"])
def test_of_many_sentences_alike_so_many_are_read_and_no_more(monkeypatch, bound):
    remember_many(Pair(f"e{n}", "title", "en", "Annual report", f"Informe {n} anual", False) for n in range(20))
    assert len(helped("Annual report", most=50)[0][1]) == 20
    monkeypatch.setattr(memory, bound, 5)
    assert len(helped("Annual report", most=50)[0][1]) == 5


@database
def test_of_a_long_text_the_first_sentences_are_sought_in_few_queries():
    text = "\n".join(f"Sentence {n} about number {n * n} of many." for n in range(200))
    know(text, text.replace("Sentence", "Oración"))
    assert reads(lambda: helped(text)) == 6  # two for each 38 of the first hundred
    assert [bool(found) for _sentence, found in helped(text)] == [True] * 100 + [False] * 100


@database
def test_nearly_all_that_a_search_of_everything_would_find_is_found(shared_data):
    known = real_sentences(shared_data, 2_000)
    remember_many(Pair(f"e{n}", "title", "en", text, f"Texto {n}", False) for n, text in enumerate(known))
    words = [words_of(norm(text, False)) for text in known]
    wanted = found = 0
    for number in range(0, len(known), 2):
        others = words[:number] + words[number + 1 :]
        brute = process.extractOne(words[number], others, scorer=fuzz.ratio, score_cutoff=LEAST)
        if brute:
            wanted += 1
            found += (best(known[number], leave_out=f"e{number}") or ("", 0))[1] >= int(min(brute[1], 99))
    assert wanted > 100
    assert found / wanted > 0.93


def real_sentences(folder, size):
    found = {}
    for name in ("programming_historian", "digitalgov_2019-2025", "open_data_day_events_2023-2026"):
        for line in (folder / "corpus" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            for text in (record["title_en"], *sentences(record["summary_en"])):
                if "\n" not in text and words_of(text) and len(sentences(text)) == 1:
                    found[norm(text, False)] = text
    return random.Random(1).sample(list(found.values()), size)
