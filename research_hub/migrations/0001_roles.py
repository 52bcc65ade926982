from django.db import migrations

from research_hub.editorial.roles import install_roles


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("media", "0001_initial"),
        ("topics", "0001_initial"),
        ("publications", "0001_initial"),
        ("events", "0001_initial"),
    ]
    operations = [
        migrations.RunPython(lambda apps, schema_editor: install_roles(apps), migrations.RunPython.noop)
    ]
