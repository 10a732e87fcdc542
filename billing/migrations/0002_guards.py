"""What the database itself refuses: changes of what moved money, documents that do not add up.

Refusals carry the name of a constraint (`billing_final`, `billing_document_sum`,
`billing_bill_sum`, `billing_allocation`), so that operations can put them into words.
"""

from django.db import migrations

FUNCTIONS = """
-- Refuses deletion, and changes of columns other than those given as arguments.
CREATE FUNCTION billing_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := coalesce(TG_ARGV::text[], '{}');  -- without arguments it is NULL
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - free = to_jsonb(OLD) - free THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of %: what is posted does not change', lower(TG_OP), TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'billing_final', TABLE = TG_TABLE_NAME;
END $$;

-- A billed item stays; it may be marked reversed, and that taken back while nothing is billed.
CREATE FUNCTION billing_item_reversal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.reversed_at IS NULL AND EXISTS (
        SELECT FROM billing_ratedbillingitem r
        WHERE r.reverses_id = NEW.id AND r.directive = 'BILLED'
    ) THEN
        RAISE EXCEPTION 'item %: its reversal is billed', NEW.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'billing_final';
    END IF;
    RETURN NEW;
END $$;

-- Lines and taxes come before their header: none is added to, or taken from, a posted document.
CREATE FUNCTION billing_refuse_parts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    refused bigint;
BEGIN
    EXECUTE format(
        'SELECT p.document_id FROM parts p JOIN %I d ON d.id = p.document_id '
        'WHERE d.state = ''POSTED'' LIMIT 1', TG_ARGV[0]
    ) INTO refused;
    IF refused IS NOT NULL THEN
        RAISE EXCEPTION '% of %: document % is posted', lower(TG_OP), TG_TABLE_NAME, refused
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'billing_final';
    END IF;
    RETURN NULL;
END $$;

-- The lines of a posted document add up to its header, and so do its taxes.
CREATE FUNCTION billing_document_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    refused bigint;
BEGIN
    EXECUTE format(
        'SELECT d.id FROM documents d '
        'LEFT JOIN (SELECT document_id, sum(net_amount) AS net, sum(tax_amount) AS tax, '
        '                  sum(gross_amount) AS gross '
        '           FROM %I WHERE document_id IN (SELECT id FROM documents) GROUP BY 1) l '
        '    ON l.document_id = d.id '
        'LEFT JOIN (SELECT document_id, sum(tax_amount) AS tax '
        '           FROM %I WHERE document_id IN (SELECT id FROM documents) GROUP BY 1) t '
        '    ON t.document_id = d.id '
        'WHERE d.state = ''POSTED'' AND ('
        '    (l.net, l.tax, l.gross) IS DISTINCT FROM (d.net_amount, d.tax_amount, d.gross_amount)'
        '    OR coalesce(t.tax, 0) <> d.tax_amount) LIMIT 1', TG_ARGV[0], TG_ARGV[1]
    ) INTO refused;
    IF refused IS NOT NULL THEN
        RAISE EXCEPTION '% %: the lines do not add up to the document', TG_TABLE_NAME, refused
            USING ERRCODE = 'check_violation', CONSTRAINT = 'billing_document_sum';
    END IF;
    RETURN NULL;
END $$;

-- The documents of a posted bill are posted too, and add up to it.
CREATE FUNCTION billing_bill_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    refused bigint;
BEGIN
    SELECT b.id INTO refused
    FROM bills b
    LEFT JOIN (
        SELECT bill_id, sum(net_amount) AS net, sum(tax_amount) AS tax, sum(gross_amount) AS gross,
               bool_and(state = 'POSTED') AS posted
        FROM billing_invoice WHERE bill_id IN (SELECT id FROM bills) GROUP BY 1
    ) i ON i.bill_id = b.id
    LEFT JOIN (
        SELECT bill_id, sum(net_amount) AS net, sum(tax_amount) AS tax, sum(gross_amount) AS gross,
               bool_and(state = 'POSTED') AS posted
        FROM billing_creditnote WHERE bill_id IN (SELECT id FROM bills) GROUP BY 1
    ) c ON c.bill_id = b.id
    WHERE b.state = 'POSTED' AND (
        coalesce(i.gross, 0) <> b.total_debit OR coalesce(c.gross, 0) <> b.total_credit
        OR coalesce(i.net, 0) - coalesce(c.net, 0) <> b.net_amount
        OR coalesce(i.tax, 0) - coalesce(c.tax, 0) <> b.tax_amount
        OR NOT coalesce(i.posted, true) OR NOT coalesce(c.posted, true)
    )
    LIMIT 1;
    IF refused IS NOT NULL THEN
        RAISE EXCEPTION 'bill %: its documents do not add up to it', refused
            USING ERRCODE = 'check_violation', CONSTRAINT = 'billing_bill_sum';
    END IF;
    RETURN NULL;
END $$;

-- Allocations join a credit and a debit of one account and currency, and exceed neither.
CREATE FUNCTION billing_allocation_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    refused bigint;
BEGIN
    PERFORM FROM subscriptions_account
    WHERE id IN (SELECT account_id FROM allocations) ORDER BY id FOR NO KEY UPDATE;
    SELECT a.id INTO refused
    FROM allocations a
    JOIN billing_ledgerentry c ON c.id = a.credit_id
    JOIN billing_ledgerentry d ON d.id = a.debit_id
    WHERE c.account_id <> a.account_id OR d.account_id <> a.account_id
        OR c.currency <> d.currency OR c.amount >= 0 OR d.amount <= 0
        OR (SELECT sum(amount) NOT BETWEEN 0 AND -c.amount
            FROM billing_allocation WHERE credit_id = c.id)
        OR (SELECT sum(amount) NOT BETWEEN 0 AND d.amount
            FROM billing_allocation WHERE debit_id = d.id)
    LIMIT 1;
    IF refused IS NOT NULL THEN
        RAISE EXCEPTION 'allocation %: more than is open, or not of one account', refused
            USING ERRCODE = 'check_violation', CONSTRAINT = 'billing_allocation';
    END IF;
    RETURN NULL;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER bill_final BEFORE UPDATE OR DELETE ON billing_bill
    FOR EACH ROW WHEN (OLD.state = 'POSTED') EXECUTE FUNCTION billing_refuse_change();
CREATE TRIGGER bill_print_final BEFORE UPDATE OR DELETE ON billing_billprint
    FOR EACH ROW EXECUTE FUNCTION billing_refuse_change('pdf', 'pdf_made_at');
CREATE TRIGGER bill_print_pdf_final BEFORE UPDATE ON billing_billprint
    FOR EACH ROW WHEN (OLD.pdf IS NOT NULL) EXECUTE FUNCTION billing_refuse_change();
CREATE TRIGGER bill_inserted_adds_up AFTER INSERT ON billing_bill
    REFERENCING NEW TABLE AS bills FOR EACH STATEMENT EXECUTE FUNCTION billing_bill_adds_up();
CREATE TRIGGER bill_updated_adds_up AFTER UPDATE ON billing_bill
    REFERENCING NEW TABLE AS bills FOR EACH STATEMENT EXECUTE FUNCTION billing_bill_adds_up();

CREATE TRIGGER ledger_entry_final BEFORE UPDATE OR DELETE ON billing_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION billing_refuse_change();
CREATE TRIGGER allocation_final BEFORE UPDATE OR DELETE ON billing_allocation
    FOR EACH ROW EXECUTE FUNCTION billing_refuse_change();
CREATE TRIGGER allocation_fits AFTER INSERT ON billing_allocation
    REFERENCING NEW TABLE AS allocations
    FOR EACH STATEMENT EXECUTE FUNCTION billing_allocation_fits();

CREATE TRIGGER item_final BEFORE UPDATE OR DELETE ON billing_ratedbillingitem
    FOR EACH ROW WHEN (OLD.directive = 'BILLED')
    EXECUTE FUNCTION billing_refuse_change('reversed_at');
CREATE TRIGGER item_reversal BEFORE UPDATE OF reversed_at ON billing_ratedbillingitem
    FOR EACH ROW WHEN (OLD.reversed_at IS NOT NULL) EXECUTE FUNCTION billing_item_reversal();

CREATE TRIGGER payment_final BEFORE UPDATE OR DELETE ON billing_payment
    FOR EACH ROW WHEN (OLD.state IN ('REJECTED', 'CANCELLED'))
    EXECUTE FUNCTION billing_refuse_change();
CREATE TRIGGER payment_posted BEFORE UPDATE OR DELETE ON billing_payment
    FOR EACH ROW WHEN (OLD.state = 'POSTED')
    EXECUTE FUNCTION billing_refuse_change('state', 'reason');
"""


def _document(table, line, tax):
    """Return the triggers of one kind of document, its lines and its taxes."""
    parts = "".join(
        f"""
CREATE TRIGGER {part}_final BEFORE UPDATE ON billing_{part}
    FOR EACH ROW EXECUTE FUNCTION billing_refuse_change();
CREATE TRIGGER {part}_added AFTER INSERT ON billing_{part}
    REFERENCING NEW TABLE AS parts FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse_parts('billing_{table}');
CREATE TRIGGER {part}_taken AFTER DELETE ON billing_{part}
    REFERENCING OLD TABLE AS parts FOR EACH STATEMENT
    EXECUTE FUNCTION billing_refuse_parts('billing_{table}');
"""
        for part in (line, tax)
    )
    return f"""
CREATE TRIGGER {table}_final BEFORE UPDATE OR DELETE ON billing_{table}
    FOR EACH ROW WHEN (OLD.state = 'POSTED') EXECUTE FUNCTION billing_refuse_change();
CREATE TRIGGER {table}_inserted_adds_up AFTER INSERT ON billing_{table}
    REFERENCING NEW TABLE AS documents FOR EACH STATEMENT
    EXECUTE FUNCTION billing_document_adds_up('billing_{line}', 'billing_{tax}');
CREATE TRIGGER {table}_updated_adds_up AFTER UPDATE ON billing_{table}
    REFERENCING NEW TABLE AS documents FOR EACH STATEMENT
    EXECUTE FUNCTION billing_document_adds_up('billing_{line}', 'billing_{tax}');
{parts}"""


DROP = """
DROP FUNCTION billing_refuse_change() CASCADE;
DROP FUNCTION billing_item_reversal() CASCADE;
DROP FUNCTION billing_refuse_parts() CASCADE;
DROP FUNCTION billing_document_adds_up() CASCADE;
DROP FUNCTION billing_bill_adds_up() CASCADE;
DROP FUNCTION billing_allocation_fits() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial"), ("subscriptions", "0001_initial")]

    operations = [
        migrations.RunSQL(
            FUNCTIONS
            + TRIGGERS
            + _document("invoice", "invoiceline", "invoicetax")
            + _document("creditnote", "creditnoteline", "creditnotetax"),
            DROP,
        ),
    ]
