"""The database refuses to change a published version: leads point at what they were asked (ux.md T7).

Services never try; this stands behind them. SQLite has no trigger on deletion: emptying a test
database there deletes row by row, which PostgreSQL does by TRUNCATE.
"""

from django.db import migrations

POSTGRESQL = [
    """
    CREATE FUNCTION templates_app_field_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (
        SELECT 1 FROM templates_app_templateversion
        WHERE state <> 'draft' AND (
          (TG_OP <> 'INSERT' AND id = OLD.version_id) OR (TG_OP <> 'DELETE' AND id = NEW.version_id)
        )
      ) THEN
        RAISE EXCEPTION 'A published version never changes.' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER field_stays BEFORE INSERT OR UPDATE OR DELETE ON templates_app_templatefield
    FOR EACH ROW EXECUTE FUNCTION templates_app_field_stays()
    """,
    """
    CREATE FUNCTION templates_app_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'A published version never changes.' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER version_stays BEFORE UPDATE ON templates_app_templateversion FOR EACH ROW
    WHEN (OLD.state <> 'draft' AND (NEW.state = 'draft' OR NEW.number <> OLD.number
          OR NEW.template_id <> OLD.template_id))
    EXECUTE FUNCTION templates_app_version_stays()
    """,
]
POSTGRESQL_BACK = [
    "DROP TRIGGER field_stays ON templates_app_templatefield",
    "DROP TRIGGER version_stays ON templates_app_templateversion",
    "DROP FUNCTION templates_app_field_stays()",
    "DROP FUNCTION templates_app_version_stays()",
]

SQLITE = [
    """
    CREATE TRIGGER field_stays_insert BEFORE INSERT ON templates_app_templatefield
    WHEN EXISTS (
      SELECT 1 FROM templates_app_templateversion WHERE state <> 'draft' AND id = NEW.version_id
    )
    BEGIN SELECT RAISE(ABORT, 'A published version never changes.'); END
    """,
    """
    CREATE TRIGGER field_stays_update BEFORE UPDATE ON templates_app_templatefield
    WHEN EXISTS (
      SELECT 1 FROM templates_app_templateversion
      WHERE state <> 'draft' AND id IN (OLD.version_id, NEW.version_id)
    )
    BEGIN SELECT RAISE(ABORT, 'A published version never changes.'); END
    """,
    """
    CREATE TRIGGER version_stays BEFORE UPDATE ON templates_app_templateversion
    WHEN OLD.state <> 'draft' AND (NEW.state = 'draft' OR NEW.number <> OLD.number
         OR NEW.template_id <> OLD.template_id)
    BEGIN SELECT RAISE(ABORT, 'A published version never changes.'); END
    """,
]
SQLITE_BACK = [
    "DROP TRIGGER field_stays_insert",
    "DROP TRIGGER field_stays_update",
    "DROP TRIGGER version_stays",
]


def make(apps, schema_editor):
    for statement in {"postgresql": POSTGRESQL, "sqlite": SQLITE}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def drop(apps, schema_editor):
    back = {"postgresql": POSTGRESQL_BACK, "sqlite": SQLITE_BACK}
    for statement in back[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("templates_app", "0001_initial")]

    operations = [migrations.RunPython(make, drop)]
