"""Who of the staff may do what: one table, which the groups of the admin are made from."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions

ENTRIES = ["publications.publication", "events.event"]
SUBJECTS = ["topics.topic", "topics.region", "publications.series", "publications.publicationtype"]
SOURCES = ["publications.author", "media.image"]
ACCOUNTS = ["auth.user", "auth.group"]
LOG = ["editorial.auditentry"]
IMPORTS, MOVED = ["importing.batch"], ["importing.equivalent", "research_hub.legacyaddress"]
TRANSLATION, TERMS = {"translation.write_translation", "translation.review_translation"}, ["translation.term"]


def to(actions: str, models: list[str]) -> set[str]:
    """The permissions to do each of these things with each of these models, as Django names them."""
    pairs = [model.split(".") for model in models]
    return {f"{app}.{action}_{model}" for app, model in pairs for action in actions.split()}


def permission(right: str, of) -> str:
    """The permission that this right over entries is, of one entry's kind or of a model."""
    return f"{of._meta.app_label}.{right}_{of._meta.model_name}"


AUTHOR = to("add change delete view", ENTRIES) | to("view", SUBJECTS + SOURCES) | to("add", ["media.image"])
EDITOR = AUTHOR | to("review", ENTRIES) | to("add change delete view", SUBJECTS + SOURCES + TERMS)
EDITOR |= TRANSLATION | {"translation.plan_translation"}
PUBLISHER = EDITOR | to("publish", ENTRIES) | to("add view", IMPORTS) | to("add change delete view", MOVED)
TRANSLATOR = TRANSLATION | to("view", TERMS)
MANAGING = to("override", ENTRIES) | to("add change delete view", ACCOUNTS) | to("view", LOG)
ADMINISTRATOR = PUBLISHER | TRANSLATOR | MANAGING

ROLES = {
    "author": AUTHOR,
    "editor": EDITOR,
    "publisher": PUBLISHER,
    "translator": TRANSLATOR,
    "administrator": ADMINISTRATOR,
}


def install_roles(apps=installed):
    """Make the groups and give each exactly what the table says.

    A migration passes its own registry, which may lack what later ones bring; they install the roles again.
    """
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for label in {name.partition(".")[0] for name in ADMINISTRATOR}:
        # Django makes permissions only after the last migration, and a migration may need them before.
        create_permissions(installed.get_app_config(label), verbosity=0, apps=apps)
    columns = ("content_type__app_label", "codename", "pk")
    known = {f"{app}.{code}": pk for app, code, pk in Permission.objects.values_list(*columns)}
    for role, allowed in ROLES.items():
        group, _created = Group.objects.get_or_create(name=role)
        group.permissions.set([known[name] for name in allowed if apps is installed or name in known])
