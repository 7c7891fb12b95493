"""What only the database can hold: append-only history, byte-wise sorting, the search index (per vendor)."""

from typing import Any

EVENT = "leads_event"

_PG_GUARD = f"""
CREATE OR REPLACE FUNCTION leads_history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE TRIGGER leads_event_no_change BEFORE UPDATE OR DELETE ON {EVENT}
    FOR EACH ROW EXECUTE FUNCTION leads_history_is_append_only();
CREATE OR REPLACE TRIGGER leads_event_no_truncate BEFORE TRUNCATE ON {EVENT}
    FOR EACH STATEMENT EXECUTE FUNCTION leads_history_is_append_only();
ALTER TABLE {EVENT} ENABLE ALWAYS TRIGGER leads_event_no_change;
ALTER TABLE {EVENT} ENABLE ALWAYS TRIGGER leads_event_no_truncate;
"""
_PG_UNGUARD = f"""
DROP TRIGGER IF EXISTS leads_event_no_change ON {EVENT};
DROP TRIGGER IF EXISTS leads_event_no_truncate ON {EVENT};
"""
_LITE_GUARD = [
    f"CREATE TRIGGER IF NOT EXISTS leads_event_no_{verb.lower()} BEFORE {verb} ON {EVENT} "
    "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
    for verb in ("UPDATE", "DELETE")
]
_LITE_UNGUARD = [f"DROP TRIGGER IF EXISTS leads_event_no_{verb}" for verb in ("update", "delete")]

# PostgreSQL: the trigram index of the search text, attribute look-ups, room for updates that stay on their
# page (access.md section 2), and C collation so that both databases sort the folded columns by bytes.
_PG_SHAPE = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX leads_lead_search ON leads_lead USING gin (search gin_trgm_ops)",
    "CREATE INDEX leads_lead_attributes ON leads_lead USING gin (attributes jsonb_path_ops)",
    "CREATE INDEX leads_lead_answers ON leads_lead USING gin (answers jsonb_path_ops)",
    "ALTER TABLE leads_lead SET (fillfactor = 85)",
    *(
        f'ALTER TABLE leads_leadaccess ALTER COLUMN {column} TYPE varchar(80) COLLATE "C"'
        for column in ("company", "first_name", "last_name", "product_name")
    ),
]
# SQLite: a full-text table of trigrams over the search text; triggers keep it, whoever writes the lead.
_LITE_FORGET = (
    "INSERT INTO leads_search(leads_search, rowid, search) VALUES ('delete', old.id, old.search);"
)
_LITE_LEARN = "INSERT INTO leads_search(rowid, search) VALUES (new.id, new.search);"
_LITE_SHAPE = [
    "CREATE VIRTUAL TABLE leads_search USING fts5"
    "(search, content='leads_lead', content_rowid='id', tokenize='trigram')",
    f"CREATE TRIGGER leads_search_insert AFTER INSERT ON leads_lead BEGIN {_LITE_LEARN} END",
    f"CREATE TRIGGER leads_search_delete AFTER DELETE ON leads_lead BEGIN {_LITE_FORGET} END",
    "CREATE TRIGGER leads_search_update AFTER UPDATE OF search ON leads_lead"
    f" WHEN old.search <> new.search BEGIN {_LITE_FORGET} {_LITE_LEARN} END",
]


def install_guard(connection: Any) -> None:
    """Make history append-only; safe to repeat."""
    _run(connection, [_PG_GUARD] if connection.vendor == "postgresql" else _LITE_GUARD)


def remove_guard(connection: Any) -> None:
    """Let history be deleted: for the flush that ends a test, and for nothing else."""
    _run(connection, [_PG_UNGUARD] if connection.vendor == "postgresql" else _LITE_UNGUARD)


def shape_tables(connection: Any) -> None:
    """Add the indexes and storage settings that models cannot declare for one vendor alone."""
    _run(connection, _PG_SHAPE if connection.vendor == "postgresql" else _LITE_SHAPE)


def _run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
