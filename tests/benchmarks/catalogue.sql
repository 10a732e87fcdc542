-- A catalogue of many products, written as the operations would leave it: types of every kind, a tree of
-- families, validities, availabilities, offers to some classes and technologies only, bundles with components,
-- taxes, prices in one plan, terms, and a row of history each. Parameters: products, families, plan, scheme,
-- subscription_type, tax_code, tax_rate.

CREATE TEMPORARY TABLE word (n int PRIMARY KEY, name text) ON COMMIT DROP;
INSERT INTO word
SELECT row_number() OVER () - 1, name
FROM unnest(string_to_array(
    'Sports Movies News Kids Music Cinema Fibre Cable Mobile Voice Data Family Business Premium Basic Extra Junior '
    'Senior Night Weekend Travel World Europe Island Coast Mountain River Harbour Garden Studio Arena Classic', ' '
)) AS name;

INSERT INTO catalog_productbrand (name, code, description)
SELECT 'Brand ' || n, 'brand-' || n, '' FROM generate_series(1, 200) AS n;

INSERT INTO catalog_accountclass (name, code)
SELECT 'Class ' || n, 'class-' || n FROM generate_series(1, 5) AS n;

INSERT INTO catalog_technology (name, code)
SELECT 'Technology ' || n, 'technology-' || n FROM generate_series(1, 4) AS n;

-- Ten roots; ten branches on each; the rest are leaves.
INSERT INTO catalog_productfamily (name, code, description, sort_order)
SELECT (SELECT name FROM word WHERE word.n = f %% 32) || ' family ' || f, 'family-' || f, '', 0
FROM generate_series(0, %(families)s - 1) AS f;
UPDATE catalog_productfamily AS child SET parent_id = parent.id
FROM (SELECT id, substr(code, 8)::int AS place FROM catalog_productfamily) AS self
JOIN catalog_productfamily AS parent
    ON parent.code = 'family-' || CASE WHEN place < 110 THEN place %% 10 ELSE 10 + place %% 100 END
WHERE self.id = child.id AND place >= 10;

-- Fifty types: 24 flat, 4 flexible and 4 fixed termed services, then expenses, one-time and usage services, goods.
INSERT INTO catalog_producttype
    (name, code, classification, service_type, good_type, composition, provisioned, description)
SELECT
    'Type ' || t, 'type-' || t,
    CASE WHEN t < 46 THEN 'SERVICE' ELSE 'PHYSICAL_GOOD' END,
    CASE WHEN t < 32 THEN 'TERMED' WHEN t < 38 THEN 'EXPENSE' WHEN t < 42 THEN 'ONE_TIME' WHEN t < 46 THEN 'USAGE'
        ELSE '' END,
    CASE WHEN t < 46 THEN '' WHEN t < 48 THEN 'TRACEABLE' ELSE 'NON_TRACEABLE' END,
    CASE WHEN t BETWEEN 24 AND 27 THEN 'FLEXIBLE_BUNDLE' WHEN t BETWEEN 28 AND 31 THEN 'FIXED_BUNDLE' ELSE 'FLAT' END,
    t < 12, ''
FROM generate_series(0, 49) AS t;

INSERT INTO catalog_characteristic (type_id, name, kind, unit, choices, required, "default", sort_order)
SELECT id, 'Speed', 'NUMBER', 'Mbit/s', '{}', false, '', 0 FROM catalog_producttype WHERE code = 'type-0';

CREATE TEMPORARY TABLE seeded ON COMMIT DROP AS
SELECT
    nextval(pg_get_serial_sequence('catalog_product', 'id')) AS id, place.n, type.id AS type_id, type.service_type,
    type.composition, 'family-' || place.n * 7 %% %(families)s AS family_code, 'brand-' || 1 + place.n %% 200 AS brand_code,
    a.name || ' ' || b.name || ' ' || place.n AS name, 'P-' || lpad(place.n::text, 6, '0') AS code
FROM generate_series(0, %(products)s - 1) AS place (n)
JOIN catalog_producttype AS type ON type.code = 'type-' || place.n %% 50
JOIN word AS a ON a.n = place.n %% 32
JOIN word AS b ON b.n = place.n / 32 %% 32
ORDER BY place.n;

ANALYZE seeded;

INSERT INTO catalog_product
    (id, code, alternative_code, name, billing_display, charge_type, description, availability, sort_order,
     type_id, family_id, brand_id)
SELECT
    seeded.id, seeded.code, 'ALT-' || n, seeded.name, '', '', '',
    CASE WHEN n %% 100 < 92 THEN 'AVAILABLE' WHEN n %% 100 < 97 THEN 'NO_NEW_USERS' ELSE 'DISCONTINUED' END,
    0, type_id, family.id, brand.id
FROM seeded
JOIN catalog_productfamily AS family ON family.code = family_code
JOIN catalog_productbrand AS brand ON brand.code = brand_code;

INSERT INTO catalog_characteristicvalue (product_id, characteristic_id, value)
SELECT seeded.id, characteristic.id, '100'
FROM seeded JOIN catalog_characteristic AS characteristic USING (type_id);

INSERT INTO catalog_productvalidity (product_id, period)
SELECT id, daterange('2020-01-01', NULL) FROM seeded WHERE n %% 300 = 0;

INSERT INTO catalog_product_account_classes (product_id, accountclass_id)
SELECT seeded.id, class.id FROM seeded JOIN catalog_accountclass AS class ON class.code = 'class-' || 1 + n %% 5
WHERE n %% 10 = 3;

INSERT INTO catalog_product_technologies (product_id, technology_id)
SELECT seeded.id, technology.id
FROM seeded JOIN catalog_technology AS technology ON technology.code = 'technology-' || 1 + n %% 4
WHERE n %% 10 = 7;

-- Fixed bundles name four flat services, flexible ones a family and a type.
INSERT INTO catalog_bundlecomponent
    (bundle_id, product_id, minimum, quantity, mandatory, sort_order)
SELECT bundle.id, part.id, 1, 1, true, place
FROM seeded AS bundle
CROSS JOIN generate_series(1, 4) AS place
JOIN seeded AS part ON part.n = bundle.n / 50 * 50 + place
WHERE bundle.composition = 'FIXED_BUNDLE';
INSERT INTO catalog_bundlecomponent
    (bundle_id, family_id, type_id, minimum, maximum, mandatory, sort_order)
SELECT bundle.id, family.id, type.id, 0, 3, false, 0
FROM seeded AS bundle
JOIN catalog_productfamily AS family ON family.code = bundle.family_code
JOIN catalog_producttype AS type ON type.code = 'type-' || bundle.n / 50 %% 24
WHERE bundle.composition = 'FLEXIBLE_BUNDLE';

INSERT INTO pricing_producttax (product_id, tax_code_id, tax_rate_id, applied)
SELECT id, %(tax_code)s, %(tax_rate)s, true FROM seeded;

INSERT INTO pricing_priceplanrate
    (plan_id, product_id, bundle_id, basis, tiered, per_count, per_unit, base_amount, tax_inclusive, setup_fee,
     deposit, effective_from, after_last, setup, tier_rule, minimum, base_per, time_unit)
SELECT %(plan)s, seeded.id, NULL, model.basis, model.tiered, model.per_count, model.per_unit, 5 + n %% 50, model.tax_inclusive,
    0, 0, model.effective_from, model.after_last, model.setup, model.tier_rule, 0, model.base_per, model.time_unit
FROM seeded
CROSS JOIN (SELECT * FROM pricing_priceplanrate WHERE plan_id = %(plan)s ORDER BY id LIMIT 1) AS model
WHERE service_type <> 'USAGE';

INSERT INTO subscriptions_schemeproduct (scheme_id, product_id, timing, exclude_from_deactivation)
SELECT %(scheme)s, id, 'PRE_BILL', false FROM seeded WHERE service_type IN ('TERMED', 'EXPENSE');
INSERT INTO subscriptions_subscriptiontype_products (subscriptiontype_id, product_id)
SELECT %(subscription_type)s, id FROM seeded WHERE service_type IN ('TERMED', 'EXPENSE');

-- The triggers that wait for the end of the transaction would go by plans for empty tables.
ANALYZE catalog_product, catalog_bundlecomponent, pricing_producttax, pricing_taxrate;
