"""The site works as an account of the database that may change rows and no table: the one docs/operators.md makes."""

import re

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import ProgrammingError, connection
from django.urls import reverse

from publications.models import Publication
from research_hub.editorial.audit import AuditEntry
from tests.admin.cast import Form
from tests.factories import make_author, make_publication, make_topic, make_user

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

NAME = "research_hub_site"
STATEMENTS = r"```sql\n(.*?)```"


def documented() -> str:
    text = (settings.BASE_DIR / "docs" / "operators.md").read_text(encoding="utf-8")
    (statements,) = [found for found in re.findall(STATEMENTS, text, re.S) if f"CREATE ROLE {NAME}" in found]
    return statements


@pytest.fixture
def as_the_site():
    """The connection of the test acts as that account, whose name here is one that no other run has."""
    name = f"{NAME}_{connection.get_connection_params()['dbname']}"
    with connection.cursor() as cursor:
        cursor.execute(documented().replace(NAME, name))
        cursor.execute(f"SET ROLE {name}")
        yield cursor
        cursor.execute(f"RESET ROLE; DROP OWNED BY {name}; DROP ROLE {name}")


def test_it_reads_writes_publishes_and_keeps_its_log(as_the_site, client):
    entry = make_publication("Water rights", topics=[make_topic("Water")], authors=[make_author("Ana")])
    client.force_login(make_user("administrator", is_superuser=True))
    address = reverse("admin:publications_publication_change", args=[entry.pk])
    sent = Form(client.get(address).content.decode()).sent | {"summary_en": "Who may draw how much.", "_save": "1"}
    assert client.post(address, sent).status_code == 302
    assert AuditEntry.objects.exists()
    call_command("publish_due")
    assert Publication.objects.get(pk=entry.pk).is_published
    for path in ("/topics/water/", "/es/actividad/?from=2017", "/search/?q=rights", "/activity/feed.atom"):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE x (y int)", "DROP TABLE topics_topic", "ALTER TABLE topics_topic ADD x int", "CREATE ROLE x"],
)
def test_it_may_change_no_table_and_no_account(as_the_site, statement):
    with pytest.raises(ProgrammingError) as refused:
        as_the_site.execute(statement)
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)
