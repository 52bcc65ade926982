from django.contrib.admin.apps import AdminConfig


class StaffAdmin(AdminConfig):
    """Django's admin with a site of our own; apart from apps.py, where Django looks for one app only."""

    default_site = "research_hub.accounts.site.StaffSite"
