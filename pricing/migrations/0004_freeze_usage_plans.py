"""Usage plans, decks and catalogues that are in use stay as they are, whoever writes."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION pricing_refuse_frozen_usage(plan_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% has been used: it stays as it is.', plan_name
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'usage_plan_frozen';
END $$;

-- The arguments are the columns that may change; without any they are NULL, not an empty list.
CREATE FUNCTION pricing_freeze_usage_plan() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := coalesce(TG_ARGV::text[], '{}');
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM pricing_refuse_frozen_usage(TG_TABLE_NAME || ' ' || OLD.id);
    ELSIF to_jsonb(NEW) - free <> to_jsonb(OLD) - free THEN
        PERFORM pricing_refuse_frozen_usage(TG_TABLE_NAME || ' ' || OLD.id);
    END IF;
    RETURN NEW;
END $$;

-- FOR SHARE waits for a transaction that is marking the parent used, and keeps one from starting.
CREATE FUNCTION pricing_used_parent(parent_table text, parent bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    used timestamptz;
BEGIN
    EXECUTE format('SELECT used_at FROM %I WHERE id = $1 FOR SHARE', parent_table)
        INTO used USING parent;
    RETURN used IS NOT NULL;
END $$;

-- Arguments: table of the parent, column that names it.
CREATE FUNCTION pricing_freeze_usage_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    parent bigint;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        EXECUTE format('SELECT ($1).%I', TG_ARGV[1]) INTO parent USING OLD;
        IF pricing_used_parent(TG_ARGV[0], parent) THEN
            PERFORM pricing_refuse_frozen_usage(TG_ARGV[0] || ' ' || parent);
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        EXECUTE format('SELECT ($1).%I', TG_ARGV[1]) INTO parent USING NEW;
        IF pricing_used_parent(TG_ARGV[0], parent) THEN
            PERFORM pricing_refuse_frozen_usage(TG_ARGV[0] || ' ' || parent);
        END IF;
        RETURN NEW;
    END IF;
    RETURN OLD;
END $$;

-- A used catalogue takes rows of products that are not in it yet.
CREATE FUNCTION pricing_freeze_usage_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND pricing_used_parent('pricing_usagecatalog', OLD.catalog_id) THEN
        PERFORM pricing_refuse_frozen_usage('pricing_usagecatalog ' || OLD.catalog_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        IF pricing_used_parent('pricing_usagecatalog', NEW.catalog_id)
            AND (TG_OP = 'UPDATE' OR EXISTS (
                SELECT FROM pricing_usagecatalogrow
                WHERE catalog_id = NEW.catalog_id AND product_id = NEW.product_id
            )) THEN
            PERFORM pricing_refuse_frozen_usage('pricing_usagecatalog ' || NEW.catalog_id);
        END IF;
        RETURN NEW;
    END IF;
    RETURN OLD;
END $$;

-- A version that slips in before a used one would change what the days between cost.
CREATE FUNCTION pricing_deck_version_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pricing_used_parent('pricing_ratedeck', NEW.deck_id);
    IF EXISTS (
        SELECT FROM pricing_ratedeckversion
        WHERE deck_id = NEW.deck_id AND id <> NEW.id AND used_at IS NOT NULL
            AND starts_on >= NEW.starts_on
    ) THEN
        RAISE EXCEPTION 'A later version of the deck has been used.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'deck_version_order';
    END IF;
    RETURN NEW;
END $$;

-- Hundreds of thousands of rows come at once, so their version is asked once a statement.
CREATE FUNCTION pricing_freeze_deck_rows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    version bigint;
BEGIN
    FOR version IN SELECT DISTINCT version_id FROM changed ORDER BY version_id LOOP
        IF pricing_used_parent('pricing_ratedeckversion', version) THEN
            PERFORM pricing_refuse_frozen_usage('pricing_ratedeckversion ' || version);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
"""
DROP_FUNCTIONS = """
DROP FUNCTION pricing_freeze_deck_rows();
DROP FUNCTION pricing_deck_version_order();
DROP FUNCTION pricing_freeze_usage_row();
DROP FUNCTION pricing_freeze_usage_part();
DROP FUNCTION pricing_used_parent(text, bigint);
DROP FUNCTION pricing_freeze_usage_plan();
DROP FUNCTION pricing_refuse_frozen_usage(text);
"""

# Table → columns that may change in spite of use.
PLANS = {
    "pricing_tierplan": ("code", "name", "description"),
    "pricing_voiceplan": ("code", "name", "description", "do_not_bill"),
    "pricing_ratedeck": ("code", "name", "description"),
    "pricing_ratedeckversion": (),
    "pricing_usagecatalog": ("code", "name", "description", "validity"),
}
# Table, table of its parent, column that names it.
PARTS = [
    ("pricing_tierplantier", "pricing_tierplan", "plan_id"),
    ("pricing_voiceplanclass", "pricing_voiceplan", "plan_id"),
    ("pricing_decktimeband", "pricing_ratedeck", "deck_id"),
]
ROW_EVENTS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}


def plan_triggers():
    """Yield what makes and what drops the triggers of plans, parts and rows."""
    for table, free in PLANS.items():
        columns = ", ".join(f"'{name}'" for name in free)
        yield (
            f"CREATE TRIGGER {table}_freeze BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW WHEN (OLD.used_at IS NOT NULL) "
            f"EXECUTE FUNCTION pricing_freeze_usage_plan({columns});",
            f"DROP TRIGGER {table}_freeze ON {table};",
        )
    for table, parent, column in PARTS:
        yield (
            f"CREATE TRIGGER {table}_freeze BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION pricing_freeze_usage_part('{parent}', '{column}');",
            f"DROP TRIGGER {table}_freeze ON {table};",
        )
    yield (
        "CREATE TRIGGER pricing_usagecatalogrow_freeze BEFORE INSERT OR UPDATE OR DELETE "
        "ON pricing_usagecatalogrow FOR EACH ROW EXECUTE FUNCTION pricing_freeze_usage_row();",
        "DROP TRIGGER pricing_usagecatalogrow_freeze ON pricing_usagecatalogrow;",
    )
    yield (
        "CREATE TRIGGER pricing_ratedeckversion_order BEFORE INSERT OR UPDATE OF starts_on, deck_id"
        " ON pricing_ratedeckversion FOR EACH ROW EXECUTE FUNCTION pricing_deck_version_order();",
        "DROP TRIGGER pricing_ratedeckversion_order ON pricing_ratedeckversion;",
    )
    for event, rows in ROW_EVENTS.items():
        name = f"pricing_ratedeckrow_freeze_{event.lower()}"
        yield (
            f"CREATE TRIGGER {name} AFTER {event} ON pricing_ratedeckrow "
            f"REFERENCING {rows} TABLE AS changed "
            f"FOR EACH STATEMENT EXECUTE FUNCTION pricing_freeze_deck_rows();",
            f"DROP TRIGGER {name} ON pricing_ratedeckrow;",
        )


class Migration(migrations.Migration):

    dependencies = [("pricing", "0003_common_currencies")]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        *(migrations.RunSQL(make, drop) for make, drop in plan_triggers()),
    ]
