"""What differs between two versions of an entry, as staff read it."""

from collections import Counter
from copy import deepcopy
from datetime import UTC, datetime
from difflib import SequenceMatcher

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.utils import translation

from publications.models import Author, PublicationDownload
from research_hub.activity.dates import PartialDate
from research_hub.editorial.compare import compare
from research_hub.editorial.differences import MOST_PAIRS, differences, shortened
from research_hub.editorial.versions import snapshot
from tests.factories import make_author, make_event, make_publication, make_region, make_series, make_topic

pytestmark = pytest.mark.django_db


def changed(entry, **fields):
    """What is said of these fields after they were changed."""
    old = snapshot(entry)
    for name, value in fields.items():
        setattr(entry, name, value)
    return in_short(compare(old, snapshot(entry)))


def in_short(changes):
    return {change.name: marked(change.pieces) for change in changes}


def marked(pieces):
    """The pieces as one text: [-taken out-]{+put in+}(said about it)."""
    signs = {"same": "{}", "del": "[-{}-]", "ins": "{{+{}+}}", "note": "({})", "gap": "<{}>"}
    return "".join(signs[kind].format(text.strip()) + " " * text.endswith((" ", "\n")) for kind, text in pieces).strip()


def words(old, new):
    return marked(differences(old, new))


def soup(html):
    return BeautifulSoup(html, "html.parser")


# Texts, word by word


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Water in Chiapas", "Water in Oaxaca", "Water in [-Chiapas-] {+Oaxaca+}"),
        ("Water in Chiapas", "Water in Chiapas", "Water in Chiapas"),
        ("Water", "", "[-Water-]"),
        ("", "Agua y tierra", "{+Agua y tierra+}"),
        ("One two three", "One three", "One [-two-] three"),
        ("One three", "One two three", "One {+two+} three"),
        ("One.\nTwo.\nThree.", "One.\nThree.", "One. [-Two.-] Three."),
        ("A first. A second.", "A first. A third. A second.", "A first. {+A third.+} A second."),
        ("niño bonito", "nin\u0303o feo", "nin\u0303o [-bonito-] {+feo+}"),
    ],
)
def test_a_text_is_compared_word_by_word(old, new, shown):
    assert words(old, new) == shown


def test_a_sentence_of_which_little_is_left_is_shown_as_one_taken_out_and_one_put_in():
    old, new = "The river was dry in the summer of 2017.", "Nobody had asked the people who live there."
    assert words(old, new) == f"[-{old}-] {{+{new}+}}"


def test_nothing_is_lost_of_either_text():
    old = "One two.\nThree four five six.\n\nSeven\teight nine."
    new = "One  two!\nThree four six.\nTen.\nSeven eight nine"
    pieces = differences(old, new)
    assert "".join(text for kind, text in pieces if kind in ("same", "del")).split() == old.split()
    assert "".join(text for kind, text in pieces if kind in ("same", "ins")).split() == new.split()


def test_long_stretches_that_stayed_are_left_out_but_for_what_is_next_to_a_change():
    text = " ".join(f"w{number}" for number in range(200))
    pieces = shortened(differences(f"old {text} end", f"new {text} fin"))
    assert [kind for kind, _text in pieces] == ["del", "ins", "same", "gap", "same", "del", "ins"]
    assert pieces[3].text == "160 words that are in both"
    first = shortened(differences(f"{text} old", f"{text} new"))
    assert [kind for kind, _text in first] == ["gap", "same", "del", "ins"]


# How much work it is


LONG = "\n".join(
    " ".join(f"w{(paragraph * 7 + word * word) % 499}" for word in range(99)) + "." for paragraph in range(400)
)  # some 40,000 words


@pytest.fixture
def work(monkeypatch):
    """Counts what difflib looks at: for each unit in the stretch that it searches, every place where it stands."""
    done, search = Counter(), SequenceMatcher.find_longest_match

    def counted(self, alo=0, ahi=None, blo=0, bhi=None):
        done["pairs"] += sum(len(self.b2j.get(self.a[place], ())) for place in range(alo, ahi))
        done["units"] += ahi - alo
        return search(self, alo, ahi, blo, bhi)

    monkeypatch.setattr(SequenceMatcher, "find_longest_match", counted)
    return done


def test_a_word_in_a_long_text_costs_little(work):
    assert len(LONG.split()) == 39_600
    new = LONG.replace("w17 ", "changed ", 1)
    assert [kind for kind, _text in differences(LONG, new)] == ["same", "del", "ins", "same"]
    assert work["pairs"] + work["units"] < 1_000


def test_changes_all_over_a_long_text_cost_as_much_as_it_is_long(work):
    pieces = differences(LONG, "A new paragraph.\n" + LONG.replace("w17 ", "changed "))
    assert ("note" not in [kind for kind, _text in pieces]) and len(pieces) > 100
    assert work["pairs"] + work["units"] < 20 * 39_600


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (LONG.replace("\n", " ").replace(".", ""), " ".join(reversed(LONG.split()))),
        ("same. " * 20_000, "other " + "same. " * 20_000 + "last"),
        ("a b " * 10_000, "b b a " * 7_000),
        ("\n".join(["a"] * 20_000), "b\n" + "\n".join(["a"] * 19_000) + "\nb"),
    ],
)
def test_what_would_take_hours_is_shown_whole_and_it_is_said(work, old, new):
    pieces = differences(old, new)
    assert pieces[0].kind == "note"
    assert "".join(text for kind, text in pieces if kind in ("same", "del")).split() == old.split()
    assert "".join(text for kind, text in pieces if kind in ("same", "ins")).split() == new.split()
    assert work["pairs"] <= 2 * MOST_PAIRS


# Fields


def test_nothing_differs_between_equal_versions():
    publication = make_publication(topics=[make_topic()], authors=[make_author()])
    assert compare(snapshot(publication), snapshot(publication)) == []


def test_both_languages_of_a_text_are_compared_each_under_its_name():
    publication = make_publication("Water in Chiapas", title_es="Agua en Chiapas")
    old = snapshot(publication)
    publication.title_en, publication.title_es = "Water in Oaxaca", "Agua en Oaxaca"
    changes = compare(old, snapshot(publication))
    assert [(change.name, change.label, change.language, change.language_name) for change in changes] == [
        ("title_en", "Title", "en", "English"),
        ("title_es", "Title", "es", "Spanish"),
    ]
    with translation.override("es"):
        assert [change.label for change in compare(old, snapshot(publication))] == ["Título", "Título"]


def test_rich_text_is_compared_as_its_words_and_never_as_mark_up():
    publication = make_publication(body_en="<h2>Water</h2><p>It is <strong>scarce</strong> here.</p>")
    shown = changed(publication, body_en="<h2>Water</h2><p>It is <em>plenty</em> here.</p><p>More &lt;b&gt;.</p>")
    assert shown == {"body_en": "Water\nIt is [-scarce-] {+plenty+} here. {+More <b>.+}"}


def test_where_only_the_formatting_differs_that_is_said():
    publication = make_publication(body_en="<p>It is <strong>scarce</strong>.</p>", summary_en="One  two")
    assert changed(publication, body_en="<p>It is <em>scarce</em>.</p>", summary_en="One two") == {
        "body_en": "(Only its formatting differs.)",
        "summary_en": "(Only its spaces and line breaks differ.)",
    }


def test_a_link_that_leads_elsewhere_is_shown():
    publication = make_publication(body_en='<p>See <a href="https://example.org/?a=1&amp;b=2">the data</a> there.</p>')
    shown = changed(publication, body_en='<p>See <a href="https://evil.example/">the data</a> there.</p>')
    assert shown == {"body_en": "See the data [-(https://example.org/?a=1&b=2)-] {+(https://evil.example/)+} there."}


def test_a_date_is_shown_as_it_is_printed():
    publication = make_publication(date="2017-08-31")
    assert changed(publication, date=PartialDate.month(2017, 2)) == {"date": "[-August 31, 2017-]{+February 2017+}"}
    with translation.override("es"):
        assert changed(publication, date=PartialDate.year(2018)) == {"date": "[-febrero de 2017-]{+2018+}"}


def test_what_is_chosen_is_shown_by_its_name():
    event = make_event(format="online")
    assert changed(event, format="hybrid", all_day=True, country="MX") == {
        "format": "[-Online-]{+In person and online+}",
        "all_day": "[-No-]{+Yes+}",
        "country": "{+MX+}",
    }


def test_a_moment_is_shown_in_the_zone_of_the_event():
    event = make_event(time_zone="America/Mexico_City")
    shown = changed(event, starts_at=datetime(2017, 8, 31, 17, tzinfo=UTC))
    assert shown["starts_at"] == "[-August 31, 2017, 1 p.m. (CDT)-]{+August 31, 2017, noon (CDT)+}"


def test_other_records_are_shown_by_name_even_when_they_are_gone():
    first, second = make_series("Field Notes"), make_series("Essays")
    publication = make_publication(series=first)
    old = snapshot(publication)
    publication.series = second
    new = snapshot(publication)
    assert in_short(compare(old, new)) == {"series": "[-Field Notes-]{+Essays+}"}
    publication.save()
    pk = first.pk
    first.delete()
    assert in_short(compare(old, new)) == {"series": f"[-no. {pk}, which is gone-]{{+Essays+}}"}


def test_a_version_from_before_a_field_existed_or_after_it_went_is_compared_all_the_same():
    publication = make_publication()
    old, new = snapshot(publication), snapshot(publication)
    del old["fields"]["subtitle_en"]
    new["fields"]["subtitle_en"] = "New words"
    old["fields"]["colour"] = "blue"
    old["rows"]["footnotes"] = [{"number": 1, "note_en": "Old words"}]
    assert in_short(compare(old, new)) == {
        "subtitle_en": "{+New words+}",
        "colour": "[-blue-]",
        "footnotes": "[-1, Old words-]",
    }


# Relations and rows


def test_a_link_that_came_or_went_is_shown_by_name():
    mexico, peru, chile = (make_region(name) for name in ("Mexico", "Peru", "Chile"))
    publication = make_publication(regions=[mexico, peru])
    old = snapshot(publication)
    publication.regions.set([mexico, chile])
    assert in_short(compare(old, snapshot(publication))) == {"regions": "[-Peru-]{+Chile+}"}


def test_rows_that_came_went_and_moved_are_told_apart():
    ana, luz, eva = (make_author(name) for name in ("Ana", "Luz", "Eva"))
    publication = make_publication(authors=[ana, luz, eva])
    old = snapshot(publication)
    publication.authorships.filter(author=ana).update(position=9)
    publication.authorships.filter(author=luz).delete()
    publication.authorships.create(author=make_author("Sol"), position=4, role="editor")
    (change,) = compare(old, snapshot(publication))
    assert (change.name, change.label, change.is_list) == ("authorships", "Authors", True)
    assert change.pieces == [
        ("del", "Luz, Author"),
        ("ins", "Sol, Editor"),
        ("note", "Eva, Author: moved from place 3 to place 1"),
    ]


def test_rows_after_a_new_one_have_not_moved():
    topics = [make_topic(name) for name in ("Water", "Land", "Air")]
    publication = make_publication(topics=topics[1:])
    old = deepcopy(snapshot(publication))
    publication.publication_topics.create(topic=topics[0], position=0)
    publication.publication_topics.filter(topic=topics[1]).update(position=1)
    publication.publication_topics.filter(topic=topics[2]).update(position=2)
    (change,) = compare(old, snapshot(publication))
    assert change.pieces == [("ins", "Water")]


def test_what_differs_within_a_row_is_named_after_the_row():
    publication = make_publication(authors=[make_author("Ana")], media=["video"])
    old = snapshot(publication)
    publication.authorships.update(affiliation="UNAM")
    publication.media.update(transcript_es="Todo lo que se dice", duration=60)
    changes = compare(old, snapshot(publication))
    assert {change.name: (change.label, change.language, marked(change.pieces)) for change in changes} == {
        "authorships.affiliation": ("Authors, Ana, Author: Affiliation at the time", "", "{+UNAM+}"),
        "media.duration": ("Recordings, https://media.example.org/1: Duration", "", "{+60+}"),
        "media.transcript_es": (
            "Recordings, https://media.example.org/1: Transcript",
            "es",
            "{+Todo lo que se dice+}",
        ),
    }


def test_a_new_row_shows_its_texts_in_full():
    publication = make_publication()
    old = snapshot(publication)
    publication.media.create(kind="audio", url="https://media.example.org/2", duration=60, transcript_en="All of it")
    assert in_short(compare(old, snapshot(publication))) == {
        "media": "{+Audio, https://media.example.org/2+}",
        "media.duration": "{+60+}",
        "media.transcript_en": "{+All of it+}",
    }


def test_a_file_is_shown_by_language_and_size():
    publication = make_publication()
    old = snapshot(publication)
    english = {"file": "downloads/1.pdf", "language": "en", "bytes": 2048, "sha256": "a"}
    PublicationDownload.objects.create(publication=publication, **english)
    first = snapshot(publication)
    assert in_short(compare(old, first)) == {"downloads": "{+PDF, 2.0\xa0KB, English+}"}
    publication.downloads.update(file="downloads/2.pdf", bytes=4096, sha256="b", pages=7)
    assert in_short(compare(first, snapshot(publication))) == {
        "downloads.pages": "{+7+}",
        "downloads.file": "[-PDF, 2.0\xa0KB-]{+PDF, 4.0\xa0KB+}",
    }


def test_names_are_asked_for_once_for_each_model(django_assert_num_queries):
    publication = make_publication(
        topics=[make_topic(name) for name in "abcdef"], authors=[make_author(name) for name in "ghijkl"]
    )
    old = snapshot(publication)
    publication.series = make_series()
    publication.regions.set([make_region("Mexico"), make_region("Peru")])
    publication.authorships.all().delete()
    publication.publication_topics.all().delete()
    new = snapshot(publication)
    with django_assert_num_queries(4):
        compare(old, new)
    Author.objects.all().delete()
    with django_assert_num_queries(4):
        assert "is gone" in in_short(compare(old, new))["authorships"]


# As a page shows it


def page(old, new):
    return render_to_string("admin/editorial/_changes.html", {"changes": compare(old, new)})


def test_each_change_is_marked_for_eyes_and_ears_and_in_its_language():
    publication = make_publication("Water in Chiapas", title_es="Agua en Chiapas")
    old = snapshot(publication)
    publication.title_es = "Agua en Oaxaca"
    term, description = soup(page(old, snapshot(publication))).select(".change dt, .change dd")
    assert term.get_text(" ", strip=True) == "Title Spanish"
    assert description.get_text().strip() == "Agua en [taken out] Chiapas [put in] Oaxaca"
    assert [mark.get_text(" ", strip=True) for mark in description.select("[lang=es]")] == [
        "Agua en", "Chiapas", "Oaxaca"
    ]  # fmt: skip


def test_mark_up_in_a_text_is_shown_and_not_obeyed():
    publication = make_publication("Plain", media=["video"])
    old = snapshot(publication)
    publication.title_en = publication.summary_es = "<script>alert(1)</script>"
    publication.body_es = "<p>&lt;script&gt;alert(2)&lt;/script&gt; <img src=x onerror=alert(3)></p>"
    publication.regions.add(make_region("<b>Mexico</b>"))
    publication.media.update(label_en="<i>x</i>", url="https://example.org/'\"><script>")
    found = soup(page(old, snapshot(publication)))
    assert found.select("script, img, i, b") == []
    assert "<script>alert(1)</script>" in found.get_text() and "<b>Mexico</b>" in found.get_text()


def test_no_word_of_english_is_on_the_spanish_page():
    with translation.override("es"):
        publication = make_publication("Agua", body_en="<p>Uno</p>", authors=[make_author("Ana"), make_author("Luz")])
        old = snapshot(publication)
        publication.body_en = "<p><em>Uno</em></p>"
        publication.authorships.filter(author__name="Ana").update(position=5)
        text = soup(page(old, snapshot(publication))).get_text()
    assert "Solo cambia su formato." in text
    assert "Luz, Autoría: pasó del lugar 2 al 1" in text
