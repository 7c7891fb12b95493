"""Install what only the database can hold; see leads/models/guards.py."""

from django.db import migrations

from leads.models.guards import install_guard, shape_tables


def install(apps, schema_editor):
    shape_tables(schema_editor.connection)
    install_guard(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("leads", "0001_initial")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
