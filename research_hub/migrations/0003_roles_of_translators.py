from django.db import migrations

from research_hub.editorial.roles import install_roles


def install(apps, schema_editor):
    """Translators write on a desk of their own: what let them into the forms of entries is gone."""
    install_roles(apps)
    apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label__in=["publications", "events"], codename__startswith="translate_"
    ).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("research_hub", "0002_roles_of_the_workflow"),
        ("editorial", "0005_states"),
        ("translation", "0001_states"),
        ("publications", "0006_states"),
        ("events", "0005_states"),
    ]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
