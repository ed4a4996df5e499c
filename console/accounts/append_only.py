"""The database's own refusal to change the audit trail, whoever asks and however: triggers, made by a migration.

SQLite drops a table's triggers when a migration makes the table anew; such a migration calls `guard` at its end, which
tests/console/test_append_only.py sees to.
"""

from typing import Any

# Younger ones are never deleted: the least that WEBTASKS_KEEP_AUDIT_DAYS can be.
LEAST_DAYS = 30
TABLE = "accounts_auditevent"
NO_DELETE = "audit_no_delete"
_REFUSAL = "audit events are append-only"

_SQLITE = {
    "audit_no_update": f"BEFORE UPDATE ON {TABLE}",
    NO_DELETE: f"BEFORE DELETE ON {TABLE} WHEN OLD.at > strftime('%Y-%m-%d %H:%M:%S', 'now', '-{LEAST_DAYS} days')",
    # INSERT OR REPLACE deletes without asking the trigger above.
    "audit_no_replace": f"BEFORE INSERT ON {TABLE} WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id)",  # noqa: S608
}
_POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at <= now() - interval '{LEAST_DAYS} days' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '{_REFUSAL}';
END $$;
CREATE OR REPLACE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE OR REPLACE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
"""


def guard(_apps: Any, schema_editor: Any) -> None:
    """Raises NotImplementedError for a database that nobody wrote it for: no trail is better than one without a guard."""
    for statement in statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def unguard(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for name in _SQLITE:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
    else:
        schema_editor.execute("DROP FUNCTION IF EXISTS audit_append_only CASCADE")


def statements(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {name} {when} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            for name, when in _SQLITE.items()
        ]
    if vendor == "postgresql":
        return [_POSTGRESQL]
    raise NotImplementedError(f"the audit trail has no guard for {vendor}")
