"""The role of PostgreSQL that may read and write rows and no more, as docs/operators.md makes it."""

import os
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from publications.models import Publication
from tests.admin.cast import address, press
from tests.factories import make_author, make_publication, make_topic, make_user
from tests.pages import titles
from tests.servers import ROOT

STATEMENTS = r"^    ((?:CREATE ROLE research_hub_run|GRANT|ALTER DEFAULT PRIVILEGES) .*;)$"


@pytest.fixture
def runtime_role(db):
    """It is there for this test alone: the transaction is rolled back."""
    name = f"run_{os.getpid()}"
    statements = re.findall(STATEMENTS, (ROOT / "docs/operators.md").read_text(encoding="utf-8"), re.M)
    assert len(statements) == 5
    with connection.cursor() as cursor:
        for statement in [*statements, "SET LOCAL ROLE research_hub_run"]:
            cursor.execute(statement.replace("research_hub_run", name))


@pytest.mark.postgresql
def test_the_site_does_with_it(client, runtime_role):
    topic, publisher = make_topic(), make_user("publisher")
    make_publication("Lakes", topics=[topic])
    draft = make_publication("Rivers", published=False, topics=[topic])
    client.force_login(publisher)
    assert press(client, address(draft), title_en="Broad Rivers").status_code == 302
    Publication.objects.get(pk=draft.pk).publish(by=make_user())
    client.logout()
    assert titles(client.get("/topics/water/")) == ["Broad Rivers", "Lakes"]
    assert titles(client.get("/search/?q=broad")) == ["Broad Rivers"]
    make_author().delete()
    for command in ("publish_due", "send_notices"):
        call_command(command, stdout=StringIO())


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "statement",
    ["DROP TABLE publications_publication", "ALTER TABLE auth_user ADD x int", "CREATE ROLE x", "TRUNCATE auth_user"],
)
def test_it_changes_no_table_and_makes_no_role(runtime_role, statement):
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
