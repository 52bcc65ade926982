from datetime import date

import pytest
from django.utils import translation

from research_hub.activity.dates import DateError, Precision
from tests.factories import make_publication, make_topic, make_user

from .cast import address, form_at, press

pytestmark = pytest.mark.django_db


@pytest.fixture
def publication(client):
    client.force_login(make_user("editor"))
    return make_publication(topics=[make_topic()], date="2017-08-31", published=False)


@pytest.mark.parametrize(
    ("language", "typed", "first", "precision"),
    [
        ("en", "06/03/2024", date(2024, 6, 3), Precision.DAY),
        ("es", "06/03/2024", date(2024, 3, 6), Precision.DAY),
        ("en", "02/2017", date(2017, 2, 1), Precision.MONTH),
        ("es", "febrero de 2017", date(2017, 2, 1), Precision.MONTH),
        ("en", "2017", date(2017, 1, 1), Precision.YEAR),
        ("es", "", None, Precision.NONE),
    ],
)
def test_a_date_is_typed_as_the_interface_language_writes_it(client, publication, language, typed, first, precision):
    assert press(client, address(publication, language), date=typed).status_code == 302
    publication.refresh_from_db()
    assert (publication.date_lo, publication.date_precision) == (first, precision)


def test_the_form_shows_the_date_as_iso_which_both_languages_read(client, publication):
    make_it_a_month = press(client, address(publication), date="August 2017")
    assert make_it_a_month.status_code == 302
    assert form_at(client, address(publication, "es"))["date"] == ["2017-08"]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("typed", "code"),
    [("31/31/2024", "impossible"), ("30/2/2024", "impossible"), ("soon", "format"), ("3/2/24", "two_digit_year")],
)
def test_what_is_no_date_is_refused_at_the_field_in_the_readers_language(client, publication, language, typed, code):
    page = press(client, address(publication, language), date=typed)
    with translation.override(language):
        assert page.context["adminform"].form.errors["date"] == [str(DateError.MESSAGES[code])]
    assert f'value="{typed}"' in page.content.decode()
    publication.refresh_from_db()
    assert publication.date_lo == date(2017, 8, 31)


def test_days_that_an_entry_lasts_are_kept_and_more_than_a_year_is_refused(client, publication):
    assert press(client, address(publication), date="2017-08-31/2017-09-02").status_code == 302
    publication.refresh_from_db()
    assert publication.date_hi == date(2017, 9, 2)
    page = press(client, address(publication), date="2017-08-31/2019-09-02")
    assert "date" in page.context["adminform"].form.errors
