import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from pytest_django.asserts import assertContains, assertNotContains

from research_hub.editorial.roles import ROLES, install_roles
from tests.factories import make_author, make_publication, make_topic, make_type, make_user

from .cast import address, press

pytestmark = pytest.mark.django_db


def permissions_of(group):
    pairs = group.permissions.values_list("content_type__app_label", "codename")
    return {".".join(pair) for pair in pairs}


def test_each_group_has_exactly_what_the_table_says():
    install_roles()
    assert {group.name: permissions_of(group) for group in Group.objects.all()} == ROLES


def test_installing_again_takes_away_what_somebody_added_and_makes_nothing_twice():
    install_roles()
    author = Group.objects.get(name="author")
    author.permissions.add(Permission.objects.get(codename="delete_user"))
    install_roles()
    assert permissions_of(author) == ROLES["author"]
    assert Group.objects.count() == len(ROLES)


ADDS = {
    "author": {"publication"},
    "editor": {"publication", "topic", "author", "publicationtype"},
    "publisher": {"publication", "topic", "author", "publicationtype"},
    "translator": set(),
    "administrator": {"publication", "topic", "author", "publicationtype", "user"},
}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_the_forms_that_are_its_own_and_no_others(client, role):
    user = make_user(role)
    client.force_login(user)
    records = [make_publication(published=False), make_topic(), make_author(), make_type(), user]
    opened = {
        record._meta.model_name for record in records if client.get(address(record, view="add")).status_code == 200
    }
    assert opened == ADDS[role]


def test_an_author_chooses_a_topic_and_cannot_change_it(client):
    topic = make_topic()
    client.force_login(make_user("author"))
    assertNotContains(client.get(address(topic)), 'name="_save"')
    assert client.post(address(topic), {"name_en": "Mine"}).status_code == 403
    client.force_login(make_user("editor"))
    assertContains(client.get(address(topic)), 'name="_save"')


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_administrator_makes_an_account_and_gives_it_a_role(client, language):
    client.force_login(make_user("administrator"))
    new = {"username": "ines", "password1": "alondra-en-la-rama", "password2": "alondra-en-la-rama"}
    user = make_user("author")
    assert press(client, address(user, language, "add"), usable_password="true", **new).status_code == 302
    ines = get_user_model().objects.get(username="ines")
    press(client, address(ines, language), groups=[Group.objects.get(name="editor").pk], is_staff="on")
    assert ines.has_perm("topics.change_topic")


def test_an_administrator_makes_nobody_mightier_than_themselves(client):
    owner = make_user("", is_superuser=True)
    client.force_login(me := make_user("administrator"))
    press(client, address(me), is_superuser="on")
    me.refresh_from_db()
    assert not me.is_superuser
    assert client.post(address(owner), {"username": "mine"}).status_code == 403
    assert client.post(address(owner, view="delete"), {"post": "yes"}).status_code == 403
    assert client.get(f"/admin/auth/user/{owner.pk}/password/").status_code == 403


def test_an_editor_leaves_an_authors_account_alone_and_an_administrator_changes_it(client):
    author, account = make_author(), make_user("author")
    for role, expected in [("editor", None), ("administrator", account)]:
        client.force_login(make_user(role))
        assert press(client, address(author), user=account.pk).status_code == 302
        author.refresh_from_db()
        assert author.user == expected
