import time
from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from research_hub.activity.dates import (
    MAX_YEAR,
    MIN_YEAR,
    UNDATED,
    DateError,
    PartialDate,
    Precision,
    parse_date,
    print_date,
    read_iso,
)

thoroughly = settings(deadline=None, max_examples=100)
languages = st.sampled_from(["en", "es"])
numbers = st.integers(1, 2**30 - 1)


def periods(first: date, last: date):
    """A day, a month or a year that a reader could type."""
    days = st.dates(first, last)
    return st.one_of(
        days.map(PartialDate.day),
        days.map(lambda day: PartialDate.month(day.year, day.month)),
        days.map(lambda day: PartialDate.year(day.year)),
    )


def spans(first: date, last: date):
    return st.tuples(st.dates(first, last), st.dates(first, last)).map(lambda ends: PartialDate.days(*sorted(ends)))


any_period = periods(date(MIN_YEAR, 1, 1), date(MAX_YEAR, 12, 31))
any_date = st.one_of(any_period, spans(date(MIN_YEAR, 1, 1), date(MAX_YEAR, 12, 31)), st.just(UNDATED))

# Two years are enough for every way in which periods can meet, and little enough to go through day by day.
NEAR = date(2016, 1, 1), date(2017, 12, 31)
near_period = periods(*NEAR)
near_date = st.one_of(near_period, spans(*NEAR))
# A few days at the turn of two months: dates that begin together are common here.
close_date = periods(date(2016, 12, 30), date(2017, 1, 2)) | spans(date(2016, 12, 30), date(2017, 1, 2))


def august(day: int) -> date:
    return date(2017, 8, day)


# What a partial date is


def test_a_month_lasts_from_its_first_to_its_last_day():
    assert PartialDate.month(2024, 2) == PartialDate(date(2024, 2, 1), date(2024, 2, 29), Precision.MONTH)
    assert PartialDate.month(2017, 12).hi == date(2017, 12, 31)


def test_a_year_lasts_from_january_to_december():
    assert PartialDate.year(2017) == PartialDate(date(2017, 1, 1), date(2017, 12, 31), Precision.YEAR)


def test_a_span_of_one_day_is_that_day():
    assert PartialDate.days(august(31), august(31)) == PartialDate.day(august(31))


def test_only_the_undated_is_undated():
    assert UNDATED.is_undated
    assert not PartialDate.year(2017).is_undated


@pytest.mark.parametrize(
    ("lo", "hi", "precision"),
    [
        (None, None, Precision.DAY),
        (None, None, Precision.YEAR),
        (august(1), august(31), Precision.NONE),
        (august(1), None, Precision.DAY),
        (None, august(1), Precision.NONE),
        (august(2), august(1), Precision.DAY),
        (august(1), august(30), Precision.MONTH),
        (august(1), date(2017, 9, 30), Precision.MONTH),
        (date(2017, 1, 1), date(2017, 12, 30), Precision.YEAR),
        (date(2016, 1, 1), date(2017, 12, 31), Precision.YEAR),
        (august(1), august(1), 7),
    ],
)
def test_a_contradiction_is_refused(lo, hi, precision):
    with pytest.raises(ValueError, match="precision"):
        PartialDate(lo, hi, precision)


def test_a_moment_is_refused_where_a_day_belongs():
    with pytest.raises(ValueError, match="precision"):
        PartialDate.day(datetime(2017, 8, 31, 18, 30))


@pytest.mark.parametrize("year", [1, 999, 3000, 9999])
def test_a_year_without_four_digits_or_too_far_away_is_refused(year):
    for make in (PartialDate.year, lambda year: PartialDate.month(year, 1)):
        with pytest.raises(ValueError, match="precision"):
            make(year)
    with pytest.raises(ValueError, match="precision"):
        PartialDate.days(*sorted([date(year, 6, 15), date(2017, 6, 15)]))


# ISO text


@pytest.mark.parametrize(
    ("partial", "text"),
    [
        (PartialDate.day(august(31)), "2017-08-31"),
        (PartialDate.month(2017, 2), "2017-02"),
        (PartialDate.year(2017), "2017"),
        (UNDATED, ""),
        (PartialDate.days(date(2017, 8, 30), date(2017, 9, 1)), "2017-08-30/2017-09-01"),
    ],
)
def test_iso_text_is_as_short_as_the_date_is_vague(partial, text):
    assert partial.iso() == str(partial) == text
    assert read_iso(text) == partial


@thoroughly
@given(any_date)
def test_iso_text_leads_back_to_the_date(partial):
    assert read_iso(partial.iso()) == partial


@pytest.mark.parametrize(
    "text",
    [
        "17",
        "2017-8",
        "2017-13",
        "2017-02-29",
        "20170831",
        "2017-W05-1",
        "0999",
        "3000-01",
        " 2017",
        "2017\n",
        "２０１７",
        "2017/2018",
        "2017-08-31/2017-08-30",
        "2017-08-31/2017-08-31",
        "20170830/20170901",
        "2017-08-30/2017-08-31/2017-09-01",
        "/",
        pytest.param("9" * 10_000, id="endless"),
    ],
)
def test_text_that_iso_would_not_write_is_refused(text):
    with pytest.raises(ValueError):
        read_iso(text)


@thoroughly
@given(st.text(st.characters()) | st.text("0123456789-/"))
def test_stored_text_is_read_exactly_or_refused(text):
    with suppress(ValueError):
        assert read_iso(text).iso() == text


# Order


def test_a_list_goes_from_the_newest_to_the_vaguest_and_the_undated_stand_last():
    newest_first = [
        PartialDate.day(date(2017, 8, 31)),
        PartialDate.day(date(2017, 2, 1)),
        PartialDate.month(2017, 2),
        PartialDate.day(date(2017, 1, 27)),
        PartialDate.day(date(2017, 1, 1)),
        PartialDate.month(2017, 1),
        PartialDate.year(2017),
        PartialDate.day(date(2016, 12, 31)),
        UNDATED,
    ]

    assert sorted(newest_first, key=lambda partial: partial.sort_key(1), reverse=True) == newest_first


def test_the_number_breaks_a_tie():
    assert PartialDate.year(2017).sort_key(2) > PartialDate.year(2017).sort_key(1)
    assert UNDATED.sort_key(2) > UNDATED.sort_key(1)


@thoroughly
@given(st.lists(st.tuples(close_date | any_date, numbers), min_size=2, max_size=8))
def test_keys_sort_by_first_day_then_precision_then_number(rows):
    def stated_order(row):
        partial, number = row
        return (not partial.is_undated, partial.lo or date.min, -partial.precision, number)

    by_key = sorted(rows, key=lambda row: row[0].sort_key(row[1]))

    assert [stated_order(row) for row in by_key] == sorted(map(stated_order, rows))


@thoroughly
@given(any_date, numbers)
def test_a_key_is_positive_and_exact_in_javascript(partial, number):
    assert 0 < partial.sort_key(number) < 2**53


def test_the_highest_key_of_all_is_exact_in_javascript():
    assert PartialDate.day(date(MAX_YEAR, 12, 31)).sort_key(2**30 - 1) < 2**53


@pytest.mark.parametrize("number", [-1, 0, 2**30])
@pytest.mark.parametrize("partial", [UNDATED, PartialDate.year(2017)])
def test_a_number_that_would_spill_into_the_date_is_refused(partial, number):
    with pytest.raises(ValueError, match="30 bits"):
        partial.sort_key(number)


# Overlap


def test_a_vague_date_overlaps_a_bound_inside_it():
    february = PartialDate.month(2017, 2)

    assert february.overlaps(PartialDate.day(date(2017, 2, 28)), None)
    assert february.overlaps(None, PartialDate.day(date(2017, 2, 1)))
    assert not february.overlaps(PartialDate.day(date(2017, 3, 1)), None)
    assert not february.overlaps(None, PartialDate.day(date(2017, 1, 31)))


def test_until_includes_its_whole_period():
    assert PartialDate.day(date(2017, 12, 31)).overlaps(None, PartialDate.year(2017))
    assert not PartialDate.day(date(2018, 1, 1)).overlaps(None, PartialDate.year(2017))


def test_the_undated_overlap_only_when_nobody_asks_for_a_date():
    year = PartialDate.year(2017)

    assert UNDATED.overlaps(None, None)
    assert not UNDATED.overlaps(year, None)
    assert not UNDATED.overlaps(None, year)
    assert not UNDATED.overlaps(year, year)


@thoroughly
@given(near_date, st.none() | near_period, st.none() | near_period)
def test_overlap_is_having_a_day_in_common(partial, since, until):
    start = since.lo if since else NEAR[0]
    end = until.hi if until else NEAR[1]
    assume(start <= end)

    assert partial.overlaps(since, until) == bool(days_from(partial.lo, partial.hi) & days_from(start, end))


def days_from(first: date, last: date) -> set[date]:
    return {first + timedelta(days) for days in range((last - first).days + 1)}


# In print


@pytest.mark.parametrize(
    ("partial", "english", "spanish"),
    [
        (PartialDate.day(august(31)), "August 31, 2017", "31 de agosto de 2017"),
        (PartialDate.month(2017, 2), "February 2017", "febrero de 2017"),
        (PartialDate.year(2017), "2017", "2017"),
        (UNDATED, "Undated", "Sin fecha"),
        (PartialDate.days(august(30), august(31)), "August 30–31, 2017", "30–31 de agosto de 2017"),
        (
            PartialDate.days(date(2017, 8, 30), date(2017, 9, 2)),
            "August 30 – September 2, 2017",
            "30 de agosto – 2 de septiembre de 2017",
        ),
        (
            PartialDate.days(date(2017, 12, 30), date(2018, 1, 2)),
            "December 30, 2017 – January 2, 2018",
            "30 de diciembre de 2017 – 2 de enero de 2018",
        ),
        (
            PartialDate.days(date(2017, 8, 30), date(2018, 8, 31)),
            "August 30, 2017 – August 31, 2018",
            "30 de agosto de 2017 – 31 de agosto de 2018",
        ),
    ],
)
def test_a_date_is_printed_as_precisely_as_it_is_known(partial, english, spanish):
    assert print_date(partial, "en") == english
    assert print_date(partial, "es") == spanish


def test_the_language_of_the_request_does_not_change_what_is_printed():
    with translation.override("es"):
        assert print_date(PartialDate.day(august(31)), "en") == "August 31, 2017"


@thoroughly
@given(any_period, languages, languages)
def test_what_is_printed_in_either_language_can_be_typed_in_either(partial, printed_in, typed_in):
    assert parse_date(print_date(partial, printed_in), typed_in) == partial


# What readers type


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2017", "2017"),
        ("2017-02", "2017-02"),
        ("2017-2", "2017-02"),
        ("2017-02-28", "2017-02-28"),
        ("2017-2-8", "2017-02-08"),
        ("2017/02/28", "2017-02-28"),
        ("02/2017", "2017-02"),
        ("2/2017", "2017-02"),
        ("2.2017", "2017-02"),
        ("02-2017", "2017-02"),
        ("feb 2017", "2017-02"),
        ("Feb. 2017", "2017-02"),
        ("  FEB    2017 ", "2017-02"),
        ("feb\u00a02017", "2017-02"),
        ("  30   de   septiembre   de   2017  ", "2017-09-30"),
        ("fébrero 2017", "2017-02"),
        ("Febrero de 2017", "2017-02"),
        ("febrero del 2017", "2017-02"),
        ("February, 2017", "2017-02"),
        ("Feb 3, 2017", "2017-02-03"),
        ("Feb. 3, 2017", "2017-02-03"),
        ("February 3 2017", "2017-02-03"),
        ("3 February 2017", "2017-02-03"),
        ("03 feb. 2017", "2017-02-03"),
        ("31 de agosto de 2017", "2017-08-31"),
        ("31 de agosto del 2017", "2017-08-31"),
        ("31 agosto 2017", "2017-08-31"),
        ("31 ago. 2017", "2017-08-31"),
        ("31 de ago de 2017", "2017-08-31"),
        ("29 Feb 2024", "2024-02-29"),
        ("２０１７", "2017"),
        ("２０１７－０２", "2017-02"),
        ("1000", "1000"),
        ("2999-12-31", "2999-12-31"),
    ],
)
def test_most_dates_mean_the_same_to_every_reader(text, iso, language):
    assert parse_date(text, language).iso() == iso


@pytest.mark.parametrize("text", ["06/03/2024", "6/3/2024", "6.3.2024", "06-03-2024", " 06 / 03 / 2024 "])
def test_day_and_month_in_figures_stand_in_the_order_of_the_reader(text):
    assert parse_date(text, "en").iso() == "2024-06-03"
    assert parse_date(text, "es").iso() == "2024-03-06"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("names", "month"),
    [
        ("jan ene january enero", 1),
        ("feb february febrero", 2),
        ("mar march marzo", 3),
        ("apr abr april abril", 4),
        ("may mayo", 5),
        ("jun june junio", 6),
        ("jul july julio", 7),
        ("aug ago august agosto", 8),
        ("sep sept september septiembre setiembre", 9),
        ("oct october octubre", 10),
        ("nov november noviembre", 11),
        ("dec dic december diciembre", 12),
    ],
)
def test_every_month_is_known_by_its_names_and_abbreviations(names, month, language):
    for name in names.split():
        for written in (name, name.upper(), name.title(), f"{name}."):
            assert parse_date(f"{written} 2017", language) == PartialDate.month(2017, month)


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("", "en", "format"),
        (" \t\n", "en", "format"),
        ("\0", "en", "format"),
        ("2017\0", "en", "format"),
        ("9" * 64, "en", "format"),
        ("feb " + "9" * 60, "en", "format"),
        ("<script>", "en", "format"),
        ("yesterday", "en", "format"),
        ("brumaire 2017", "en", "format"),
        ("de 2017", "es", "format"),
        ("3 Feb 3 2017", "en", "format"),
        ("february", "en", "format"),
        ("-2017", "en", "format"),
        ("5", "en", "format"),
        ("201", "en", "format"),
        ("20170228", "en", "format"),
        ("06/03-2024", "en", "format"),
        ("06//2024", "en", "format"),
        ("006/03/2024", "en", "format"),
        ("2017-2018", "en", "format"),
        ("1/2/3/2024", "en", "format"),
        ("2017-08-30/2017-09-01", "en", "format"),
        ("٢٠١٧", "en", "format"),
        ("Feb ２０１７ ½", "en", "format"),
        ("17", "en", "two_digit_year"),
        ("06/03/24", "en", "two_digit_year"),
        ("02/17", "es", "two_digit_year"),
        ("Feb 17", "en", "two_digit_year"),
        ("3 de febrero de 17", "es", "two_digit_year"),
        ("13/45/2024", "en", "impossible"),
        ("13/45/2024", "es", "impossible"),
        ("31/31/2024", "en", "impossible"),
        ("31/31/2024", "es", "impossible"),
        ("29/02/2023", "en", "impossible"),
        ("29/02/2023", "es", "impossible"),
        ("31/12/2024", "en", "impossible"),
        ("12/31/2024", "es", "impossible"),
        ("2023-02-29", "en", "impossible"),
        ("31 Jun 2024", "en", "impossible"),
        ("00/2024", "en", "impossible"),
        ("0/0/2024", "en", "impossible"),
        ("2024-00", "en", "impossible"),
        ("13/2024", "en", "impossible"),
        ("0000", "en", "range"),
        ("0999", "en", "range"),
        ("3000", "en", "range"),
        ("12/31/9999", "en", "range"),
        ("12/31/9999", "es", "range"),
        ("feb 9999", "en", "range"),
    ],
)
def test_what_cannot_be_used_has_a_reason(text, language, code):
    with pytest.raises(DateError) as refusal:
        parse_date(text, language)
    assert refusal.value.code == code


@pytest.mark.parametrize("piece", ["9", "a", " ", "1/", "1 de ", "feb ", "\ufdfa"])
def test_ten_thousand_characters_are_refused_at_once(piece):
    text = (piece * 10_000)[:10_000] + "2017"
    started = time.perf_counter()

    with pytest.raises(DateError) as refusal:
        parse_date(text, "es")

    assert refusal.value.code == "format"
    assert time.perf_counter() - started < 0.1


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("yesterday", "This is not a date we can read."),
        ("06/03/24", "Write the year with four digits."),
        ("31/31/2024", "There is no such date. Check the day and the month."),
        ("0999", f"Years from {MIN_YEAR} to {MAX_YEAR} can be searched."),
    ],
)
def test_the_reader_is_told_what_to_do(text, advice):
    with translation.override("en"), pytest.raises(DateError) as refusal:
        parse_date(text, "en")
    with translation.override("en"):
        assert refusal.value.message == str(refusal.value) == advice


# Text made of the pieces of dates gets further into the reading than text made of anything.
near_dates = st.lists(
    st.sampled_from(["2017", "0", "00", "31", "13", "9999", "feb", "sept", "de", "/", "-", ".", ",", " ", "½", "٣"])
).map("".join)


@thoroughly
@given(st.text(st.characters()) | st.text("0123456789/.- ") | near_dates, languages)
def test_any_text_is_a_date_or_an_explained_refusal(text, language):
    try:
        found = parse_date(text, language)
    except DateError as refusal:
        assert refusal.code in DateError.MESSAGES
    else:
        assert read_iso(found.iso()) == found


@pytest.mark.parametrize(
    ("text", "language"),
    [("May 1st, 2017", "en"), ("1st May 2017", "en"), ("1º de mayo de 2017", "es"), ("1.º de mayo de 2017", "es")],
)
def test_the_first_of_a_month_may_be_written_as_an_ordinal(text, language):
    assert parse_date(text, language) == PartialDate.day(date(2017, 5, 1))
