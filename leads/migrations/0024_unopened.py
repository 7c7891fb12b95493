"""Let a desk find what nobody there has opened, without a walk through all its leads."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_working_hours"),
        ("leads", "0023_offer_kinds"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="leadaccess",
            index=models.Index(
                condition=models.Q(("is_unread", True), ("level", 2), ("status__in", [2, 3])),
                fields=["desk", "created_at", "lead", "status"],
                name="access_unopened",
            ),
        ),
    ]
