from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from research_hub.activity.kinds import Kind, Owner, register_kind, register_owner
from research_hub.media.places import register_place


class PublicationsConfig(AppConfig):
    name = "publications"
    verbose_name = _("Publications")

    def ready(self):
        publication, types = self.get_model("Publication"), self.get_model("PublicationType")
        register_kind(Kind(1, "publication", _("Publications"), publication, types))
        for owner in (self.get_model("Author"), self.get_model("Series")):
            register_owner(Owner(owner.list_code, owner._meta.model_name, owner, by_month=False))
        register_place(publication, "cover", publication.objects.published)
        register_place(self.get_model("Author"), "photo", self.get_model("Author").objects.all)
