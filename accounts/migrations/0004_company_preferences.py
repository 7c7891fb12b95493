from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_exports_jobs"),
    ]

    operations = [
        migrations.AddField(
            model_name="company",
            name="preferences",
            field=models.JSONField(
                default=dict,
                editable=False,
                help_text="What stands for lists here until a person sets something else.",
            ),
        ),
    ]
