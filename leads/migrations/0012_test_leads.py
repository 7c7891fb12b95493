"""Say of a lead whether it was sent to try a form out.

The column is added by hand: Django would make the table anew in SQLite, and with it the triggers of the search
index would go (leads/models/guards.py). Both databases read this statement.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0011_sources"),
        ("templates_app", "0003_builder_and_embed"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE leads_lead ADD COLUMN is_test bool NOT NULL DEFAULT false",
                    "ALTER TABLE leads_lead DROP COLUMN is_test",
                )
            ],
            state_operations=[
                migrations.AddField(
                    model_name="lead",
                    name="is_test",
                    field=models.BooleanField(
                        db_default=False,
                        default=False,
                        editable=False,
                        help_text="Sent to try a form out: in no list, count, report or file.",
                        verbose_name="test",
                    ),
                )
            ],
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("is_test", True)), fields=["listing", "id"], name="lead_tests"
            ),
        ),
    ]
