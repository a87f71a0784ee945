"""The database itself refuses to change or remove what was recorded."""

from __future__ import annotations

from django.db import migrations

FUNCTION = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit only grows: % on % is refused.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
"""
TABLES = ["audit_act", "audit_link", "audit_linkedhead"]


def triggers(table: str) -> str:
    return f"""
    CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
    CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
    """


def no_triggers(table: str) -> str:
    return f"DROP TRIGGER {table}_is_never_emptied ON {table}; DROP TRIGGER {table}_only_grows ON {table};"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION audit_refuse_change();"),
        *[migrations.RunSQL(triggers(table), no_triggers(table)) for table in TABLES],
    ]
