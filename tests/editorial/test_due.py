"""What was given a time happens when it has come: once, from however many machines, and late rather than never."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from publications.models import Publication
from research_hub.activity.models import Activity
from research_hub.editorial.audit import AuditEntry
from research_hub.editorial.history import Revision
from research_hub.editorial.versions import snapshot
from research_hub.editorial.workflow import Answers, take
from tests.checks import lists_equal_entries
from tests.factories import make_author, make_event, make_publication, make_topic, make_user

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def scheduled(title="Scheduled", moment=NOON, make=make_publication, **fields):
    """Approved, and given a time of publication, the day before."""
    people = {"authors" if make is make_publication else "speakers": [make_author()]}
    with time_machine.travel(moment - timedelta(days=1), tick=False):
        entry = make(title, topics=[make_topic()], published=False, **people | fields)
        take("submit", entry, by=make_user("editor"))
        take("approve", entry, by=make_user("editor"))
        take("schedule", entry, by=make_user("publisher"), answers=Answers(moment=moment))
    entry.refresh_from_db()
    return entry


def look(moment):
    out, err = StringIO(), StringIO()
    with time_machine.travel(moment, tick=False):
        call_command("publish_due", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def public():
    return sorted(Activity.objects.values_list("uid", flat=True))


@pytest.mark.parametrize("make", [make_publication, make_event])
def test_it_is_public_from_its_moment_and_not_a_second_before(client, make):
    entry = scheduled(make=make)
    look(NOON - timedelta(seconds=1))
    assert public() == []
    assert client.get(entry.get_absolute_url()).status_code == 404
    look(NOON)
    assert public() == [entry.uid]
    entry.refresh_from_db()
    assert entry.published_by == Revision.objects.filter(step="schedule").get().made_by
    assert client.get(entry.get_absolute_url()).status_code == 200
    assert lists_equal_entries()


def test_looking_again_does_nothing(client):
    scheduled()
    assert "Scheduled" in look(NOON)[0]
    assert look(NOON + timedelta(minutes=1)) == ("", "")
    assert Revision.objects.filter(step="publish").count() == 1


def test_after_an_outage_all_is_caught_up_with_in_order_and_what_was_missed_is_told():
    scheduled("Second", NOON + timedelta(hours=1))
    scheduled("First")
    out, _err = look(NOON + timedelta(hours=3))
    assert [line.partition("”")[0].partition("“")[2] for line in out.splitlines()] == ["First", "Second"]
    assert "late by 3:00:00" in out
    assert AuditEntry.objects.filter(action="publish").first().detail["late"]
    out, _err = look(NOON + timedelta(hours=3))
    assert out == ""


def test_within_five_minutes_nothing_is_late():
    scheduled()
    assert "late" not in look(NOON + timedelta(minutes=5))[0]


def test_what_cannot_be_published_any_more_stays_approved_without_a_time_and_keeps_no_other_back():
    spoilt, sound = scheduled("Spoilt"), scheduled("Sound")
    spoilt.topics.clear()
    _out, err = look(NOON)
    assert "Spoilt" in err and "topic" in err
    assert public() == [sound.uid]
    spoilt.refresh_from_db()
    assert (spoilt.status, spoilt.publish_at, spoilt.scheduled_by) == ("approved", None, None)
    assert "topic" in Revision.objects.get(step="publish_failed").note
    assert look(NOON) == ("", "")


def test_a_working_copy_takes_the_place_of_the_live_text_at_its_moment(client):
    live = make_publication("Old", topics=[make_topic()], authors=[make_author()])
    with time_machine.travel(NOON - timedelta(days=1), tick=False):
        written = snapshot(live)
        written["fields"]["title_en"] = "New"
        copy = live.work_on(written, by=make_user("editor"))
        take("submit", copy, by=make_user("editor"))
        take("approve", copy, by=make_user("editor"))
        take("schedule", copy, by=make_user("publisher"), answers=Answers(moment=NOON))
    assertContains(client.get(live.get_absolute_url()), "Old")
    look(NOON)
    live.refresh_from_db()
    assert live.title_en == "New"
    assert Publication.objects.count() == 1


def test_a_withdrawal_comes_at_its_moment_with_its_reason(client):
    live = make_publication("Live", topics=[make_topic()], authors=[make_author()])
    with time_machine.travel(NOON - timedelta(days=1), tick=False):
        answers = Answers(moment=NOON, reason_en="The licence ends.")
        take("plan_withdrawal", live, by=make_user("publisher"), answers=answers)
    assert public() == [live.uid]
    look(NOON)
    assert public() == []
    assertContains(client.get(live.get_absolute_url()), "The licence ends.", status_code=410)


def test_a_plan_that_was_taken_back_does_not_come_true():
    entry = scheduled()
    with time_machine.travel(NOON - timedelta(hours=1), tick=False):
        take("unschedule", entry, by=make_user("publisher"))
    assert look(NOON) == ("", "")
    assert public() == []


def test_a_file_under_embargo_is_named_and_given_to_nobody_until_its_moment(client, settings):
    live = make_publication("Live", topics=[make_topic()], authors=[make_author()], title_es="Vivo")
    file = live.downloads.create(
        language="en", file=ContentFile(b"%PDF-1.4 %%EOF", "a.pdf"), label_en="Whole", embargo_until=NOON
    )
    address = reverse("entry_download", args=[live.uid, file.pk, "live-en.pdf"])
    with time_machine.travel(NOON - timedelta(minutes=1), tick=False):
        page = client.get(live.get_absolute_url())
        assertContains(page, "Whole")
        assertNotContains(page, address)
        assert client.get(address).status_code == 404
    with time_machine.travel(NOON + timedelta(seconds=1), tick=False):
        assert client.get(address).status_code == 200
    look(NOON + timedelta(seconds=1))
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        assertContains(client.get(live.get_absolute_url()), address)


# The clocks of the place


@pytest.fixture
def madrid(settings):
    settings.TIME_ZONE = "Europe/Madrid"
    with timezone.override(ZoneInfo("Europe/Madrid")):
        yield ZoneInfo("Europe/Madrid")


def plan(client, entry, day, hour):
    address = reverse("admin:publications_publication_step", args=[entry.pk, "schedule"])
    return client.post(address, {"moment_0": day, "moment_1": hour})


@pytest.mark.parametrize(
    ("day", "hour", "utc"),
    [
        ("2027-03-28", "01:59", datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        ("2027-03-28", "03:00", datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        ("2027-10-31", "01:59", datetime(2027, 10, 30, 23, 59, tzinfo=UTC)),
        ("2027-10-31", "03:00", datetime(2027, 10, 31, 2, 0, tzinfo=UTC)),
    ],
)
def test_on_the_days_when_the_clocks_change_it_comes_at_the_hour_that_they_show(client, madrid, day, hour, utc):
    entry = scheduled(moment=datetime(2027, 12, 1, tzinfo=UTC))
    with time_machine.travel(datetime(2027, 1, 1, tzinfo=UTC), tick=False):
        client.force_login(make_user("publisher"))
        assert plan(client, entry, day, hour).status_code == 302
    look(utc - timedelta(seconds=1))
    assert public() == []
    look(utc)
    assert public() == [entry.uid]


@pytest.mark.parametrize(("day", "hour"), [("2027-03-28", "02:30"), ("2027-10-31", "02:30")])
def test_an_hour_that_does_not_come_or_comes_twice_is_refused_in_words(client, madrid, day, hour):
    entry = scheduled(moment=datetime(2027, 12, 1, tzinfo=UTC))
    with time_machine.travel(datetime(2027, 1, 1, tzinfo=UTC), tick=False):
        client.force_login(make_user("publisher"))
        page = plan(client, entry, day, hour)
    assert page.status_code == 200
    assertContains(page, "Europe/Madrid")
    assert page.context["form"].errors["moment"]


SEED = """
from datetime import timedelta
from django.utils import timezone
from publications.models import Publication
from research_hub.editorial.workflow import Answers, take
from tests.factories import *
topic, author = make_topic(), make_author()
for n in range(5):
    entry = make_publication(f"Number {n}", topics=[topic], authors=[author], published=False)
    take("submit", entry, by=make_user("editor"))
    take("approve", entry, by=make_user("editor"))
    take("schedule", entry, by=make_user("publisher"), answers=Answers(moment=timezone.now() + timedelta(hours=1)))
Publication.objects.update(publish_at=timezone.now() - timedelta(hours=1))
"""


def test_two_machines_at_once_publish_each_once(processes):
    processes.and_finish("manage.py", "shell", "--no-imports", "-c", SEED)
    commands = [processes("manage.py", "publish_due") for _ in range(2)]
    told = "".join(processes.finish(command) for command in commands)
    assert sorted(told.count(f"“Number {n}”") for n in range(5)) == [1] * 5
    assert "equal" in processes.and_finish("manage.py", "check_activity")
    assert "right" in processes.and_finish("manage.py", "check_translations")
