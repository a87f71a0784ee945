"""The database itself holds the rules of the ledger.

- An entry has two sides or more, within one agency's books, and sums to nothing (asked when the transaction is committed).
- Entries and postings are never changed, removed or emptied.
- The balance of a wallet is kept by the database with each posting, and changes in no other way; a check of the table (migration
  0001) keeps it from being overdrawn.
"""

from __future__ import annotations

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION payments_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger only grows: % on % is refused.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END;
$$;

CREATE FUNCTION payments_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry bigint;
    total numeric;
    sides bigint;
    agencies bigint;
BEGIN
    IF TG_TABLE_NAME = 'payments_ledgerentry' THEN entry := NEW.id; ELSE entry := NEW.entry_id; END IF;
    SELECT coalesce(sum(p.amount_paise), 0), count(*), count(DISTINCT a.agency_id) INTO total, sides, agencies
        FROM payments_ledgerposting p JOIN payments_ledgeraccount a ON a.id = p.account_id WHERE p.entry_id = entry;
    IF total <> 0 OR sides < 2 OR agencies <> 1 THEN
        RAISE EXCEPTION 'The entry % does not balance: % paise over % sides of % books.', entry, total, sides, agencies
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END;
$$;

CREATE FUNCTION payments_keep_wallet() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE payments_ledgeraccount SET balance_paise = balance_paise + NEW.amount_paise
        WHERE id = NEW.account_id AND kind = 'wallet';
    RETURN NULL;
END;
$$;

CREATE FUNCTION payments_guard_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.balance_paise <> 0 THEN
            RAISE EXCEPTION 'An account begins empty.' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.agency_id <> OLD.agency_id OR NEW.kind <> OLD.kind OR NEW.exporter_id IS DISTINCT FROM OLD.exporter_id
       OR (NEW.balance_paise <> OLD.balance_paise AND pg_trigger_depth() < 2) THEN
        RAISE EXCEPTION 'An account changes by its postings alone.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;

CREATE CONSTRAINT TRIGGER payments_entry_balances AFTER INSERT ON payments_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_entry_balances();
CREATE CONSTRAINT TRIGGER payments_posting_balances AFTER INSERT ON payments_ledgerposting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_entry_balances();
CREATE TRIGGER payments_posting_keeps_wallet AFTER INSERT ON payments_ledgerposting
    FOR EACH ROW EXECUTE FUNCTION payments_keep_wallet();
CREATE TRIGGER payments_account_guarded BEFORE INSERT OR UPDATE ON payments_ledgeraccount
    FOR EACH ROW EXECUTE FUNCTION payments_guard_account();
CREATE TRIGGER payments_account_stays BEFORE DELETE ON payments_ledgeraccount
    FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
"""
NO_FUNCTIONS = """
DROP TRIGGER payments_account_stays ON payments_ledgeraccount;
DROP TRIGGER payments_account_guarded ON payments_ledgeraccount;
DROP TRIGGER payments_posting_keeps_wallet ON payments_ledgerposting;
DROP TRIGGER payments_posting_balances ON payments_ledgerposting;
DROP TRIGGER payments_entry_balances ON payments_ledgerentry;
DROP FUNCTION payments_guard_account();
DROP FUNCTION payments_keep_wallet();
DROP FUNCTION payments_entry_balances();
DROP FUNCTION payments_refuse_change();
"""
TABLES = ["payments_ledgerentry", "payments_ledgerposting"]


def triggers(table: str) -> str:
    return f"""
    CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
    CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change();
    """


def no_triggers(table: str) -> str:
    return f"DROP TRIGGER {table}_is_never_emptied ON {table}; DROP TRIGGER {table}_only_grows ON {table};"


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        *[migrations.RunSQL(triggers(table), no_triggers(table)) for table in TABLES],
    ]
