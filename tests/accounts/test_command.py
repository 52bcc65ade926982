"""`manage.py account`: where no administrator can get in."""

from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from research_hub.accounts.recovery import make_codes
from research_hub.editorial.audit import AuditEntry
from tests.factories import make_user

from .people import PASSWORD, is_in, type_password, with_factor

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def said(*arguments) -> str:
    out = StringIO()
    call_command("account", *arguments, stdout=out)
    return out.getvalue()


def test_it_shows_how_the_account_stands_and_lets_its_owner_in_again(client):
    ana = make_user("editor", username="ana", password=PASSWORD)
    with_factor(ana)
    make_codes(ana)
    client.force_login(ana)
    for _try in range(5):
        type_password(type(client)(), ana, password="wrong")
    before = said("ana")
    for line in ("second factor: yes", "recovery codes: 10", "shut out: yes", "sessions: 1"):
        assert line in before
    after = said("ana", "--unlock", "--reset-second-factor")
    for line in ("second factor: no", "recovery codes: 0", "shut out: no", "sessions: 0"):
        assert line in after
    assert not is_in(client)
    assert type_password(client, ana).url == "/admin/"
    by = AuditEntry.objects.filter(actor="manage.py account").values_list("action", flat=True)
    assert set(by) == {"unlocked", "sessions_ended", "second_factor"}


def test_it_mails_a_link(client):
    make_user("editor", username="ana", email="ana@example.org")
    said("ana", "--send-link")
    assert mail.outbox[0].to == ["ana@example.org"]


def test_it_says_when_there_is_no_such_account_or_no_address():
    with pytest.raises(CommandError, match="no account named eva"):
        said("eva")
    make_user("editor", username="ana")
    with pytest.raises(CommandError, match="could not be sent"):
        said("ana", "--send-link")
