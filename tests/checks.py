"""What check_activity finds, as an operator is told it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command


def lists_equal_entries():
    call_command("check_activity", stdout=StringIO(), stderr=StringIO())
    return True


def differences():
    told = StringIO()
    with pytest.raises(CommandError):
        call_command("check_activity", stdout=StringIO(), stderr=told)
    return told.getvalue()
