"""The published entries, to be searched and chosen; only publishing changes them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from .models import Activity


@admin.register(Activity)
class ActivityAdmin(admin.ModelAdmin):
    list_display = ["__str__", "permanent_name"]
    list_display_links = None
    search_fields = ["card_en__title", "card_es__title", "=uid"]
    ordering = ["-sort_key"]
    show_full_result_count = False

    def get_urls(self):
        """Only the list: an entry's own form says all that there is to say of it."""
        return [url for url in super().get_urls() if (url.name or "").endswith("_changelist")]

    @admin.display(description=_("permanent name"))
    def permanent_name(self, activity):
        return activity.uid

    def has_module_permission(self, request):
        return False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        """What it shows is public."""
        return True
