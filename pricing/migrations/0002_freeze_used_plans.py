"""Used plans keep their rates, and each product applies one rate per tax code, whoever writes."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION pricing_refuse_frozen(plan_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Price plan % has been used: its rates stay as they are.', plan_name
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'price_plan_frozen';
END $$;

-- FOR SHARE waits for a transaction that is marking the plan used, and keeps one from starting.
CREATE FUNCTION pricing_used_plan(plan bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found pricing_priceplan;
BEGIN
    SELECT * INTO found FROM pricing_priceplan WHERE id = plan FOR SHARE;
    RETURN CASE WHEN found.used_at IS NOT NULL THEN found.code END;
END $$;

CREATE FUNCTION pricing_freeze_rate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    used text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        used := pricing_used_plan(OLD.plan_id);
        IF used IS NOT NULL THEN
            PERFORM pricing_refuse_frozen(used);
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        used := pricing_used_plan(NEW.plan_id);
        IF used IS NOT NULL AND (TG_OP = 'UPDATE' OR EXISTS (
            SELECT FROM pricing_priceplanrate
            WHERE plan_id = NEW.plan_id AND product_id = NEW.product_id
        )) THEN
            PERFORM pricing_refuse_frozen(used);
        END IF;
        RETURN NEW;
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER pricing_freeze_rate BEFORE INSERT OR UPDATE OR DELETE ON pricing_priceplanrate
    FOR EACH ROW EXECUTE FUNCTION pricing_freeze_rate();

-- The phases of a product added to a used plan are written before their rate, so a rate that is
-- there already takes no more of them.
CREATE FUNCTION pricing_freeze_phase() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    used text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        SELECT pricing_used_plan(plan_id) INTO used
            FROM pricing_priceplanrate WHERE id = OLD.rate_id;
        IF used IS NOT NULL THEN
            PERFORM pricing_refuse_frozen(used);
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        SELECT pricing_used_plan(plan_id) INTO used
            FROM pricing_priceplanrate WHERE id = NEW.rate_id;
        IF used IS NOT NULL THEN
            PERFORM pricing_refuse_frozen(used);
        END IF;
        RETURN NEW;
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER pricing_freeze_phase BEFORE INSERT OR UPDATE OR DELETE ON pricing_ratephase
    FOR EACH ROW EXECUTE FUNCTION pricing_freeze_phase();

CREATE FUNCTION pricing_freeze_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM pricing_refuse_frozen(OLD.code);
    ELSIF NEW.used_at IS NULL OR NEW.currency <> OLD.currency OR NEW.kind <> OLD.kind THEN
        PERFORM pricing_refuse_frozen(OLD.code);
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER pricing_freeze_plan BEFORE UPDATE OR DELETE ON pricing_priceplan
    FOR EACH ROW WHEN (OLD.used_at IS NOT NULL) EXECUTE FUNCTION pricing_freeze_plan();
"""

THAW = """
DROP TRIGGER pricing_freeze_plan ON pricing_priceplan;
DROP FUNCTION pricing_freeze_plan();
DROP TRIGGER pricing_freeze_phase ON pricing_ratephase;
DROP FUNCTION pricing_freeze_phase();
DROP TRIGGER pricing_freeze_rate ON pricing_priceplanrate;
DROP FUNCTION pricing_freeze_rate();
DROP FUNCTION pricing_used_plan(bigint);
DROP FUNCTION pricing_refuse_frozen(text);
"""

ONE_APPLIED = """
CREATE FUNCTION pricing_one_tax_applied() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched pricing_producttax := COALESCE(NEW, OLD);
BEGIN
    IF TG_OP <> 'DELETE' AND NOT EXISTS (
        SELECT FROM pricing_taxrate WHERE id = NEW.tax_rate_id AND tax_code_id = NEW.tax_code_id
    ) THEN
        RAISE EXCEPTION 'The rate belongs to another tax code.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'product_tax_code';
    END IF;
    IF EXISTS (
        SELECT FROM pricing_producttax
        WHERE product_id = touched.product_id AND tax_code_id = touched.tax_code_id
    ) AND NOT EXISTS (
        SELECT FROM pricing_producttax
        WHERE product_id = touched.product_id AND tax_code_id = touched.tax_code_id AND applied
    ) THEN
        RAISE EXCEPTION 'Exactly one rate per tax code is applied.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'product_tax_none_applied';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER pricing_one_tax_applied
    AFTER INSERT OR UPDATE OR DELETE ON pricing_producttax
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION pricing_one_tax_applied();
"""

NONE_APPLIED = """
DROP TRIGGER pricing_one_tax_applied ON pricing_producttax;
DROP FUNCTION pricing_one_tax_applied();
"""


class Migration(migrations.Migration):

    dependencies = [("pricing", "0001_initial")]

    operations = [
        migrations.RunSQL(FREEZE, THAW),
        migrations.RunSQL(ONE_APPLIED, NONE_APPLIED),
    ]
