"""Let a desk find the leads close to the threshold, and count them, without a look at their scores' rules.

The columns are added by hand, as in 0022. What is stored so far is told once, as `rules.scoring.sheet.is_close` says it.
"""

from django.db import migrations, models

_LEADS = """
UPDATE leads_lead SET is_near = true WHERE id IN (
    SELECT lead.id FROM leads_lead AS lead
    JOIN leads_leadscore AS scored ON scored.lead_id = lead.id
    JOIN leads_sheetversion AS version ON version.id = scored.version_id
    WHERE lead.score >= 1 AND lead.score < version.threshold
        AND lead.score >= version.threshold - CASE WHEN version.threshold < 6 THEN 1 ELSE version.threshold / 6 END
)
"""
_ROWS = """
UPDATE leads_leadaccess SET is_near = true
WHERE level = 2 AND lead_id IN (SELECT id FROM leads_lead WHERE is_near)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_working_hours"),
        ("leads", "0024_unopened"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"ALTER TABLE {table} ADD COLUMN is_near bool NOT NULL DEFAULT false",
                    f"ALTER TABLE {table} DROP COLUMN is_near",
                )
                for table in ("leads_lead", "leads_leadaccess")
            ],
            state_operations=[
                migrations.AddField(
                    model_name="lead",
                    name="is_near",
                    field=models.BooleanField(
                        db_default=False,
                        default=False,
                        editable=False,
                        verbose_name="close to the threshold",
                    ),
                ),
                migrations.AddField(
                    model_name="leadaccess",
                    name="is_near",
                    field=models.BooleanField(db_default=False, default=False),
                ),
            ],
        ),
        migrations.RunSQL([_LEADS, _ROWS], migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="leadaccess",
            index=models.Index(
                condition=models.Q(("is_near", True), ("level", 2)),
                fields=["desk", "created_at", "lead", "status"],
                name="access_near",
            ),
        ),
    ]
