from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from .finding.legacy import LegacyAddress


@admin.register(LegacyAddress)
class LegacyAddressAdmin(admin.ModelAdmin):
    list_display = ["address", "leads_to", "language"]
    list_filter = ["language"]
    search_fields = ["address", "=uid", "path"]
    ordering = ["address"]
    fields = ["address", "uid", "path", "language"]
    show_full_result_count = False

    @admin.display(description=_("leads to"))
    def leads_to(self, legacy):
        return legacy.path or legacy.uid
