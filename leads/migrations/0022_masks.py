"""Say of a lead and of its access rows whether the holder knows whom it is about.

The columns are added by hand, as in 0012: Django would make the tables anew in SQLite, and the triggers of the search
index would go. Both databases read these statements.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_working_hours"),
        ("leads", "0021_offers"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"ALTER TABLE {table} ADD COLUMN is_masked bool NOT NULL DEFAULT false",
                    f"ALTER TABLE {table} DROP COLUMN is_masked",
                )
                for table in ("leads_lead", "leads_leadaccess")
            ],
            state_operations=[
                migrations.AddField(
                    model_name="lead",
                    name="is_masked",
                    field=models.BooleanField(
                        db_default=False,
                        default=False,
                        editable=False,
                        help_text="Its holder reads who it is about once it has accepted the lead.",
                        verbose_name="contact masked",
                    ),
                ),
                migrations.AddField(
                    model_name="leadaccess",
                    name="is_masked",
                    field=models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="The desk does not know who the lead is about: the names here are empty.",
                        verbose_name="contact masked",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="leadaccess",
            index=models.Index(
                condition=models.Q(("is_masked", True)),
                fields=["desk", "lead"],
                name="access_masked",
            ),
        ),
    ]
