"""What check_activity finds, as an operator is told it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from research_hub.activity import search
from research_hub.activity.models import Activity, Listing, PeriodCount, SearchEntry


def lists_equal_entries():
    call_command("check_activity", stdout=StringIO(), stderr=StringIO())
    return True


def everything_stored():
    """Every row of the read model, with the words that search finds it by."""
    counts = PeriodCount.objects.exclude(n=0, carried=0)
    rows = [sorted(map(repr, rows.values())) for rows in (Activity.objects, Listing.objects, counts)]
    return [*rows, search.stored(SearchEntry.objects.values_list("pk", flat=True))]


def differences():
    told = StringIO()
    with pytest.raises(CommandError):
        call_command("check_activity", stdout=StringIO(), stderr=told)
    return told.getvalue()
