from django.db import migrations

from research_hub.editorial.roles import install_roles


class Migration(migrations.Migration):
    dependencies = [
        ("research_hub", "0001_roles"),
        ("editorial", "0002_audit"),
        ("publications", "0003_workflow"),
        ("events", "0002_workflow"),
    ]
    operations = [
        migrations.RunPython(lambda apps, schema_editor: install_roles(apps), migrations.RunPython.noop)
    ]
