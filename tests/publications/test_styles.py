"""Formatted references, in three styles and two languages.

How they were checked: CHICAGO, APA, MLA and what goes with them is what pandoc 2.17 makes of the same CSL-JSON with
the styles chicago-author-date (18th edition), apa (7th) and modern-language-association (9th), in the locales en-US and
es-MX. Only in Spanish we write “s. f.” for “s/f”, “31 de agosto” for “el 31 de agosto” and “agosto 31”, and “y” for
APA's “&”. Where the manuals know better than these styles, a test of its own says what they ask for.
"""

from datetime import date

import pytest
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from publications.citing import Name, Reference
from publications.models import PublicationType
from publications.styles import citations
from research_hub.activity.dates import read_iso
from research_hub.languages.text import Text

TYPES = {
    "brief": PublicationType(code="policy-brief", csl="report"),
    "report": PublicationType(code="report", csl="report"),
    "book": PublicationType(code="book", csl="book"),
    "article": PublicationType(code="article", csl="article-magazine"),
}
TITLES = {"en": "Rivers Without Owners", "es": "Ríos sin dueño"}
NAMES = {"en": "Policy Brief", "es": "Nota de política"}

GARCIA, IBARRA, CRUZ = Name("García", "Ana María"), Name("Ibarra", "Luis J."), Name("de la Cruz", "Jean-Paul")
KING, WARD, RUIZ, CHEN = Name("King", "Martin Luther", "Jr."), Name("Ward", "Zoe"), Name("Ruiz", "Abel"), Name("Chen")
EVERYBODY = [GARCIA, IBARRA, CRUZ, KING, WARD, RUIZ, CHEN]


def reference(language="en", *, type="brief", authors=(GARCIA,), date="2017-08-31", **fields):
    """By default a policy brief by one author; people of other roles by the name of the role."""
    roles = ("editor", "translator", "contributor")
    people = {"author": list(authors)} | {role: fields.pop(role) for role in roles if role in fields}
    words = fields.pop("title", TITLES[language])
    series = Text(fields.pop("series", ""), language, language)
    told = {
        "uid": "0123456789",
        "type": TYPES[type],
        "type_name": NAMES[language],
        "title": Text(words, fields.pop("written_in", language), language),
        "people": people,
        "date": read_iso(date),
        "series": series,
        "number": "",
        "publisher": "Research Hub",
        "doi": "",
        "isbn": "",
        "url": "https://hub.example/r/",
        "pdf": "",
        "abstract": "",
    }
    return Reference(**told | fields)


def cited(style, *args, **fields):
    made = citations(reference(*args, **fields), date(2024, 6, 3))
    return {citation["style"]: citation["text"] for citation in made}[style]


CHICAGO = [
    ({}, "García, Ana María. 2017. <i>{}</i>. {}. Research Hub. https://hub.example/r/."),
    ({"type": "report"}, "García, Ana María. 2017. <i>{}</i>. Research Hub. https://hub.example/r/."),
    ({"date": "2017-02"}, "García, Ana María. 2017. <i>{}</i>. {}. Research Hub. https://hub.example/r/."),
    ({"doi": "10.5555/h.1"}, "García, Ana María. 2017. <i>{}</i>. {}. Research Hub. https://doi.org/10.5555/h.1."),
    (
        {"series": "Field Notes", "number": "3"},
        "García, Ana María. 2017. <i>{}</i>. {}. Field Notes 3. Research Hub. https://hub.example/r/.",
    ),
    ({"authors": [CHEN]}, "Chen. 2017. <i>{}</i>. {}. Research Hub. https://hub.example/r/."),
    (
        {"authors": EVERYBODY},
        "García, Ana María, Luis J. Ibarra, Jean-Paul de la Cruz, et al. 2017. <i>{}</i>. {}. Research Hub. "
        "https://hub.example/r/.",
    ),
    ({"authors": [], "editor": []}, "Research Hub. 2017. <i>{}</i>. {}. Research Hub. https://hub.example/r/."),
    (
        {"authors": [], "editor": [GARCIA]},
        "García, Ana María, ed. 2017. <i>{}</i>. {}. Research Hub. https://hub.example/r/.",
    ),
]
CHICAGO_EN = [
    (
        {"authors": [GARCIA, IBARRA]},
        "García, Ana María, and Luis J. Ibarra. 2017. <i>Rivers Without Owners</i>. Policy Brief. Research Hub. "
        "https://hub.example/r/.",
    ),
    (
        {"authors": [KING, IBARRA, CRUZ]},
        "King, Martin Luther, Jr., Luis J. Ibarra, and Jean-Paul de la Cruz. 2017. <i>Rivers Without Owners</i>. "
        "Policy Brief. Research Hub. https://hub.example/r/.",
    ),
    (
        {"editor": [IBARRA, CRUZ], "translator": [KING]},
        "García, Ana María. 2017. <i>Rivers Without Owners</i>. Policy Brief. Edited by Luis J. Ibarra and Jean-Paul "
        "de la Cruz. Translated by Martin Luther King Jr. Research Hub. https://hub.example/r/.",
    ),
    (
        {"date": ""},
        "García, Ana María. n.d. <i>Rivers Without Owners</i>. Policy Brief. Research Hub. Accessed June 3, 2024. "
        "https://hub.example/r/.",
    ),
    (
        {"type": "article"},
        "García, Ana María. 2017. “Rivers Without Owners.” <i>Research Hub</i>, August 31. https://hub.example/r/.",
    ),
    (
        {"type": "article", "date": "2017-02"},
        "García, Ana María. 2017. “Rivers Without Owners.” <i>Research Hub</i>, February. https://hub.example/r/.",
    ),
    (
        {"type": "article", "date": "2017"},
        "García, Ana María. 2017. “Rivers Without Owners.” <i>Research Hub</i>. https://hub.example/r/.",
    ),
    (
        {"type": "article", "title": "Who Owns the “Big” River?"},
        "García, Ana María. 2017. “Who Owns the ‘Big’ River?” <i>Research Hub</i>, August 31. https://hub.example/r/.",
    ),
]
CHICAGO_ES = [
    (
        {"authors": [GARCIA, CRUZ]},
        "García, Ana María, y Jean-Paul de la Cruz. 2017. <i>Ríos sin dueño</i>. Nota de política. Research Hub. "
        "https://hub.example/r/.",
    ),
    (
        {"editor": [CRUZ], "translator": [KING, WARD]},
        "García, Ana María. 2017. <i>Ríos sin dueño</i>. Nota de política. Editado por Jean-Paul de la Cruz. Traducido "
        "por Martin Luther King Jr. y Zoe Ward. Research Hub. https://hub.example/r/.",
    ),
    (
        {"date": ""},
        "García, Ana María. s. f. <i>Ríos sin dueño</i>. Nota de política. Research Hub. Consultado el 3 de junio de "
        "2024. https://hub.example/r/.",
    ),
    (
        {"type": "article"},
        "García, Ana María. 2017. “Ríos sin dueño”. <i>Research Hub</i>, 31 de agosto. https://hub.example/r/.",
    ),
    (
        {"type": "article", "title": "¿De quién es el río?"},
        "García, Ana María. 2017. “¿De quién es el río?” <i>Research Hub</i>, 31 de agosto. https://hub.example/r/.",
    ),
]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("fields", "text"), CHICAGO)
def test_chicago_where_the_languages_agree(language, fields, text):
    assert cited("Chicago", language, **fields) == text.format(TITLES[language], NAMES[language])


@pytest.mark.parametrize(
    ("language", "fields", "text"), [("en", *case) for case in CHICAGO_EN] + [("es", *case) for case in CHICAGO_ES]
)
def test_chicago_in_the_words_of_each_language(language, fields, text):
    assert cited("Chicago", language, **fields) == text


APA = [
    ({}, "García, A. M. (2017). <i>{}</i> [{}]. Research Hub. https://hub.example/r/"),
    ({"type": "report"}, "García, A. M. (2017). <i>{}</i>. Research Hub. https://hub.example/r/"),
    ({"doi": "10.5555/h.1"}, "García, A. M. (2017). <i>{}</i> [{}]. Research Hub. https://doi.org/10.5555/h.1"),
    (
        {"authors": [], "editor": [GARCIA]},
        "García, A. M. (Ed.). (2017). <i>{}</i> [{}]. Research Hub. https://hub.example/r/",
    ),
    ({"authors": [CHEN]}, "Chen. (2017). <i>{}</i> [{}]. Research Hub. https://hub.example/r/"),
]
APA_IN_WORDS = [
    (
        "en",
        {"authors": [GARCIA, IBARRA, CRUZ]},
        "García, A. M., Ibarra, L. J., &amp; de la Cruz, J.-P. (2017). <i>Rivers Without Owners</i> [Policy Brief]. "
        "Research Hub. https://hub.example/r/",
    ),
    (
        "en",
        {"authors": [KING, Name("Cruz", "Juan de la")]},
        "King, M. L., Jr., &amp; Cruz, J. de la. (2017). <i>Rivers Without Owners</i> [Policy Brief]. Research Hub. "
        "https://hub.example/r/",
    ),
    (
        "en",
        {"authors": [], "editor": [GARCIA, IBARRA]},
        "García, A. M., &amp; Ibarra, L. J. (Eds.). (2017). <i>Rivers Without Owners</i> [Policy Brief]. Research Hub. "
        "https://hub.example/r/",
    ),
    (
        "en",
        {"type": "article"},
        "García, A. M. (2017, August 31). Rivers Without Owners. <i>Research Hub</i>. https://hub.example/r/",
    ),
    (
        "en",
        {"type": "article", "date": "2017-02", "title": "Who Owns the River?"},
        "García, A. M. (2017, February). Who Owns the River? <i>Research Hub</i>. https://hub.example/r/",
    ),
    (
        "es",
        {"authors": [GARCIA, CRUZ]},
        "García, A. M., y de la Cruz, J.-P. (2017). <i>Ríos sin dueño</i> [Nota de política]. Research Hub. "
        "https://hub.example/r/",
    ),
    (
        "es",
        {"type": "article"},
        "García, A. M. (2017, 31 de agosto). Ríos sin dueño. <i>Research Hub</i>. https://hub.example/r/",
    ),
]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("fields", "text"), APA)
def test_apa_where_the_languages_agree(language, fields, text):
    assert cited("APA", language, **fields) == text.format(TITLES[language], NAMES[language])


@pytest.mark.parametrize(("language", "fields", "text"), APA_IN_WORDS)
def test_apa_in_the_words_of_each_language(language, fields, text):
    assert cited("APA", language, **fields) == text


@pytest.mark.parametrize(
    ("count", "end"),
    [(20, "N18, Z., &amp; N19, Z. (2017)."), (21, "N18, Z., … N20, Z. (2017)."), (270, "N18, Z., … N269, Z. (2017).")],
)
def test_apa_names_twenty_authors_and_of_more_the_last(count, end):
    assert end in cited("APA", authors=[Name(f"N{number}", "Zed") for number in range(count)])


def test_apa_asks_for_no_day_of_reading_of_what_does_not_change():
    assert cited("APA", date="") == (
        "García, A. M. (n.d.). <i>Rivers Without Owners</i> [Policy Brief]. Research Hub. https://hub.example/r/"
    )
    assert "(s. f.)" in cited("APA", "es", date="")


def test_apa_numbers_a_series_and_puts_all_notes_into_one_parenthesis():
    told = {"series": "Field Notes", "number": "3", "editor": [IBARRA, CRUZ], "translator": [WARD]}
    english = "(L. J. Ibarra &amp; J.-P. de la Cruz, Eds.; Z. Ward, Trans.; Field Notes No. 3) [Policy Brief]."
    spanish = "(L. J. Ibarra y J.-P. de la Cruz, Eds.; Z. Ward, Trad.; Field Notes, núm. 3) [Nota de política]."
    assert english in cited("APA", **told)
    assert spanish in cited("APA", "es", **told)
    assert "(Field Notes WP-3) [" in cited("APA", series="Field Notes", number="WP-3")


def test_apa_leaves_out_the_series_of_a_book():
    assert "Field Notes" not in cited("APA", type="book", series="Field Notes", number="3")


def test_apa_does_not_name_the_institute_twice():
    expected = "Research Hub. (2017). <i>Rivers Without Owners</i> [Policy Brief]. https://hub.example/r/"
    assert cited("APA", authors=[]) == expected


MLA = [
    (
        "en",
        {},
        "García, Ana María. <i>Rivers Without Owners</i>. Policy Brief. Research Hub, 31 Aug. 2017, "
        "https://hub.example/r/.",
    ),
    (
        "en",
        {"authors": [GARCIA, IBARRA], "date": "2017-12"},
        "García, Ana María, and Luis J. Ibarra. <i>Rivers Without Owners</i>. Policy Brief. Research Hub, Dec. 2017, "
        "https://hub.example/r/.",
    ),
    (
        "en",
        {"authors": [GARCIA, IBARRA, CRUZ], "date": "2017-05", "series": "Field Notes", "number": "3"},
        "García, Ana María, et al. <i>Rivers Without Owners</i>. Policy Brief. Research Hub, May 2017, "
        "https://hub.example/r/. Field Notes 3.",
    ),
    (
        "en",
        {"authors": [], "editor": [GARCIA, IBARRA], "date": "2017"},
        "García, Ana María, and Luis J. Ibarra, editors. <i>Rivers Without Owners</i>. Policy Brief. Research Hub, "
        "2017, https://hub.example/r/.",
    ),
    (
        "en",
        {"type": "book", "series": "Field Notes", "number": "3"},
        "García, Ana María. <i>Rivers Without Owners</i>. Research Hub, 2017, https://hub.example/r/. Field Notes 3.",
    ),
    (
        "en",
        {"type": "article"},
        "García, Ana María. “Rivers Without Owners.” <i>Research Hub</i>, 31 Aug. 2017, https://hub.example/r/.",
    ),
    (
        "es",
        {"authors": [GARCIA, CRUZ]},
        "García, Ana María, y Jean-Paul de la Cruz. <i>Ríos sin dueño</i>. Nota de política. Research Hub, 31 de "
        "agosto de 2017, https://hub.example/r/.",
    ),
    (
        "es",
        {"type": "article", "date": "2017-02"},
        "García, Ana María. “Ríos sin dueño”. <i>Research Hub</i>, febrero de 2017, https://hub.example/r/.",
    ),
]


@pytest.mark.parametrize(("language", "fields", "text"), MLA)
def test_mla_in_the_words_of_each_language(language, fields, text):
    assert cited("MLA", language, **fields) == text


@pytest.mark.parametrize(("month", "short"), [("04", "Apr."), ("06", "June"), ("07", "July"), ("09", "Sept.")])
def test_mla_shortens_english_months_of_more_than_four_letters(month, short):
    assert f"Research Hub, {short} 2017, " in cited("MLA", date=f"2017-{month}")


def test_mla_asks_when_the_undated_was_read():
    assert cited("MLA", date="").endswith("Research Hub, https://hub.example/r/. Accessed 3 June 2024.")
    assert cited("MLA", "es", date="").endswith("Consultado el 3 de junio de 2024.")


def test_mla_begins_what_the_institute_wrote_and_published_with_the_title():
    assert cited("MLA", authors=[]).startswith("<i>Rivers Without Owners</i>. Policy Brief. Research Hub, 31 Aug. 2017")


def test_mla_begins_only_the_first_of_those_who_helped_with_a_capital():
    helped = cited("MLA", editor=[IBARRA], translator=[CRUZ, WARD, RUIZ])
    assert "Policy Brief. Edited by Luis J. Ibarra, translated by Jean-Paul de la Cruz et al., Research Hub," in helped
    article = cited("MLA", type="article", translator=[WARD])
    assert "“Rivers Without Owners.” Translated by Zoe Ward. <i>Research Hub</i>," in article


def test_spanish_says_e_before_the_sound_of_i_and_has_no_comma_before_y_among_more_than_two():
    assert "García, Ana María, Zoe Ward e Inés Luna. 2017." in cited(
        "Chicago", "es", authors=[GARCIA, WARD, Name("Luna", "Inés")]
    )
    assert "García, A. M., e Ibarra, L. J. (2017)." in cited("APA", "es", authors=[GARCIA, IBARRA])


def test_an_editor_is_no_man_or_woman_in_spanish():
    assert "García, Ana María, ed. <i>" in cited("MLA", "es", authors=[], editor=[GARCIA])


@pytest.mark.parametrize("style", ["Chicago", "APA", "MLA"])
@pytest.mark.parametrize("type", ["brief", "article"])
def test_a_title_of_the_other_language_says_its_own_within_the_words_of_the_page(style, type):
    text = cited(style, type=type, title="Ríos sin dueño", written_in="es", date="")
    assert ' lang="es">Ríos sin dueño</' in text
    assert "n.d." in text or "Accessed" in text
    assert get_language() == "en"


@pytest.mark.parametrize("style", ["Chicago", "APA", "MLA"])
@pytest.mark.parametrize("type", ["brief", "article"])
def test_no_word_of_it_is_markup(style, type):
    evil = "<img src=x onerror=alert(1)> & Co."
    people = {"authors": [Name(evil)], "editor": [Name(evil, evil)], "translator": [Name(evil)]}
    text = cited(style, type=type, title=evil, series=evil, number=evil, publisher=evil, **people)
    assert isinstance(text, SafeString)
    assert "<img" not in text
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; Co." in text
    assert "&amp;amp;" not in text and "&amp;lt;" not in text


@pytest.mark.parametrize("title", ["Who Owns It?", "The End of the U.S.", "Now!", "And Then…"])
def test_no_full_stop_follows_another_stop(title):
    for style in ("Chicago", "APA", "MLA"):
        for type in ("report", "article"):
            text = cited(style, type=type, title=title)
            assert f"{title}." not in text and f"{title}”." not in text and f"{title}</i>." not in text
