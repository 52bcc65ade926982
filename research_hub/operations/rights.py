"""Whether the roles are as their table says."""

from django.contrib.auth.models import Group, Permission

from research_hub.editorial.roles import ROLES


def differing_roles() -> list[str]:
    """Role by role, what is missing and what is too much."""
    columns = ("group__name", "content_type__app_label", "codename")
    held = {role: set() for role in Group.objects.values_list("name", flat=True)}
    for role, app, code in Permission.objects.filter(group__name__in=ROLES).values_list(*columns):
        held[role].add(f"{app}.{code}")
    told = []
    for role, rights in ROLES.items():
        told += [f"{role}: -{right}" for right in sorted(rights - held.get(role, set()))]
        told += [f"{role}: +{right}" for right in sorted(held.get(role, set()) - rights)]
    return told
