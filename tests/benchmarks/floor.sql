-- The floor: what one month of the benchmarks' population costs in set-based SQL. It writes the rows
-- that the normal run writes, into the same tables with their constraints and triggers, in chunks
-- of the same size, each a transaction that locks its chunk and its accounts. It knows only this
-- population: full calendar months, one price a service, net prices, no credits.
-- `test_floor.py` compares its rows with the run's, value by value.

CREATE OR REPLACE FUNCTION bench_begin(the_run bigint, chunk_size int) RETURNS void
LANGUAGE sql AS $$
    WITH due AS (
        SELECT DISTINCT m.account_id
        FROM billing_ratingmark m
        JOIN shared_run r ON r.id = the_run
        WHERE NOT m.finished AND m.rated_up_to <= r.as_of
    ), placed AS (
        SELECT account_id, (row_number() OVER (ORDER BY account_id) - 1) / chunk_size + 1 AS position
        FROM due
    )
    INSERT INTO shared_runchunk (run_id, pass_number, position, keys, state, counts, worker)
    SELECT the_run, 1, position, array_agg(account_id ORDER BY account_id), 'PENDING', '{}', ''
    FROM placed
    GROUP BY position;
    UPDATE shared_run SET state = 'RUNNING' WHERE id = the_run;
$$;

-- Once a session, before the first chunk.
CREATE OR REPLACE FUNCTION bench_open() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    CREATE TEMP TABLE bench_line (
        item_id bigint, account_id bigint, subscription_id bigint, service_id bigint,
        position smallint, period daterange, product_id bigint, text varchar, quantity numeric,
        rate_id bigint, rate_amount numeric, currency varchar, tax_rate_id bigint,
        tax_name varchar, fraction numeric, net numeric, tax numeric
    ) ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE bench_bill (
        bill_id bigint, invoice_id bigint, entry_id bigint, account_id bigint,
        subscription_id bigint, seller_id bigint, currency varchar, due_on date, period daterange,
        net numeric, tax numeric, brought_forward numeric, credits numeric,
        bill_number varchar, invoice_number varchar
    ) ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE bench_tax (
        invoice_id bigint, subscription_id bigint, tax_rate_id bigint, name varchar,
        fraction numeric, net numeric, tax numeric
    ) ON COMMIT DELETE ROWS;
END $$;

CREATE OR REPLACE FUNCTION bench_chunk(the_run bigint, instant timestamptz) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    the_chunk bigint;
    accounts bigint[];
    as_of_day date;
BEGIN
    SELECT c.id, c.keys, r.as_of INTO the_chunk, accounts, as_of_day
    FROM shared_runchunk c JOIN shared_run r ON r.id = c.run_id
    WHERE c.run_id = the_run AND c.state = 'PENDING'
    ORDER BY c.position LIMIT 1
    FOR NO KEY UPDATE OF c SKIP LOCKED;
    IF the_chunk IS NULL THEN
        RETURN false;
    END IF;
    PERFORM FROM subscriptions_account WHERE id = ANY(accounts) ORDER BY id FOR NO KEY UPDATE;
    PERFORM bench_rate(accounts, as_of_day);
    PERFORM bench_write_items(the_run, instant);
    PERFORM bench_bills(as_of_day);
    PERFORM bench_write_parts();
    PERFORM bench_number(as_of_day);
    PERFORM bench_post(the_run, as_of_day);
    PERFORM bench_print(as_of_day);
    UPDATE shared_runchunk SET state = 'DONE', done_at = instant WHERE id = the_chunk;
    RETURN true;
END $$;

-- Lines with their tax: per subscription and rate, rounded once on the sum; the cents that the
-- lines' rounded-down shares lack go to the largest remainders.
CREATE OR REPLACE FUNCTION bench_rate(accounts bigint[], as_of_day date) RETURNS void
LANGUAGE sql AS $$
    WITH prices AS MATERIALIZED (
        SELECT r.plan_id, r.product_id, r.id AS rate_id, r.base_amount,
            coalesce(nullif(p.billing_display, ''), p.name) AS text,
            x.tax_rate_id, l.name AS tax_name, v.fraction
        FROM pricing_priceplanrate r
        JOIN catalog_product p ON p.id = r.product_id
        JOIN pricing_producttax x ON x.product_id = r.product_id AND x.applied
        JOIN pricing_taxrate l ON l.id = x.tax_rate_id
        JOIN pricing_taxrateversion v ON v.tax_rate_id = x.tax_rate_id AND v.period @> as_of_day
        WHERE r.bundle_id IS NULL
    )
    INSERT INTO bench_line
    SELECT nextval('billing_ratedbillingitem_id_seq'), account_id, subscription_id, service_id,
        row_number() OVER (PARTITION BY subscription_id ORDER BY service_id), period,
        product_id, text, quantity, rate_id, rate_amount, currency, tax_rate_id, tax_name,
        fraction, net,
        trunc(exact, 2) + CASE
            WHEN row_number() OVER (
                PARTITION BY subscription_id, tax_rate_id
                ORDER BY exact - trunc(exact, 2) DESC, service_id
            ) <= 100 * (
                round(sum(exact) OVER of_rate, 2) - sum(trunc(exact, 2)) OVER of_rate
            )
            THEN 0.01 ELSE 0
        END
    FROM (
        SELECT sp.account_id, s.subscription_id, m.service_id,
            daterange(m.rated_up_to, (m.rated_up_to + interval '1 month')::date) AS period,
            sp.product_id, p.text, sp.quantity, p.rate_id,
            p.base_amount * sp.quantity AS rate_amount, a.currency_id AS currency,
            p.tax_rate_id, p.tax_name, p.fraction,
            round(p.base_amount * sp.quantity, 2) AS net,
            round(p.base_amount * sp.quantity, 2) * p.fraction AS exact
        FROM billing_ratingmark m
        JOIN subscriptions_subscribedservice s ON s.id = m.service_id
        JOIN subscriptions_servicespell sp
            ON sp.service_id = m.service_id AND sp.period @> m.rated_up_to AND sp.mode = 'BILL'
        JOIN subscriptions_billingterms t
            ON t.subscription_id = s.subscription_id AND t.period @> m.rated_up_to
        JOIN subscriptions_account a ON a.id = sp.account_id
        JOIN prices p ON p.plan_id = t.plan_id AND p.product_id = sp.product_id
        WHERE m.account_id = ANY(accounts) AND NOT m.finished AND m.rated_up_to <= as_of_day
    ) priced
    WINDOW of_rate AS (PARTITION BY subscription_id, tax_rate_id);
$$;

CREATE OR REPLACE FUNCTION bench_write_items(the_run bigint, instant timestamptz) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO billing_ratedbillingitem (
        id, account_id, subscription_id, service_id, run_id, kind, source_key, period, cycle,
        product_id, quantity, rate_id, rate_amount, amount, tax_inclusive, currency, directive,
        rated_at
    )
    SELECT item_id, account_id, subscription_id, service_id, the_run, 'RECURRING', '', period,
        period, product_id, quantity, rate_id, rate_amount, net, false, currency, 'BILLED', instant
    FROM bench_line;
    UPDATE billing_ratingmark m
    SET rated_up_to = upper(l.period), rerate_from = NULL
    FROM bench_line l
    WHERE m.service_id = l.service_id;
$$;

-- Bills, each of one invoice, with what was open on the account before.
CREATE OR REPLACE FUNCTION bench_bills(as_of_day date) RETURNS void LANGUAGE sql AS $$
    INSERT INTO bench_bill
    SELECT nextval('billing_bill_id_seq'), nextval('billing_invoice_id_seq'),
        nextval('billing_ledgerentry_id_seq'), l.account_id, l.subscription_id, a.seller_id,
        a.currency_id, as_of_day + a.payment_terms_days, l.period, l.net, l.tax,
        coalesce(o.past_due, 0), coalesce(o.credits, 0)
    FROM (
        SELECT account_id, subscription_id,
            daterange(min(lower(period)), max(upper(period))) AS period,
            sum(net) AS net, sum(tax) AS tax
        FROM bench_line GROUP BY 1, 2
    ) l
    JOIN subscriptions_account a ON a.id = l.account_id
    LEFT JOIN (
        SELECT account_id,
            sum(open_amount) FILTER (WHERE debit AND due_on < as_of_day) AS past_due,
            sum(open_amount) FILTER (WHERE NOT debit) AS credits
        FROM billing_openitem
        WHERE open_amount > 0 AND account_id IN (SELECT account_id FROM bench_line)
        GROUP BY 1
    ) o ON o.account_id = l.account_id;
    INSERT INTO bench_tax
    SELECT b.invoice_id, l.subscription_id, l.tax_rate_id, l.tax_name, l.fraction, sum(l.net),
        sum(l.tax)
    FROM bench_line l JOIN bench_bill b USING (subscription_id)
    GROUP BY 1, 2, 3, 4, 5;
$$;

CREATE OR REPLACE FUNCTION bench_write_parts() RETURNS void LANGUAGE sql AS $$
    INSERT INTO billing_invoiceline (
        document_id, item_id, position, product_id, text, period, quantity, rate_amount,
        tax_rate_id, tax_fraction, net_amount, tax_amount, gross_amount
    )
    SELECT b.invoice_id, l.item_id, l.position, l.product_id, l.text, l.period, l.quantity,
        l.rate_amount, l.tax_rate_id, l.fraction, l.net, l.tax, l.net + l.tax
    FROM bench_line l JOIN bench_bill b USING (subscription_id)
    ORDER BY b.invoice_id, l.position;
    INSERT INTO billing_invoicetax (document_id, tax_rate_id, name, fraction, net_amount, tax_amount)
    SELECT invoice_id, tax_rate_id, name, fraction, net, tax FROM bench_tax
    ORDER BY invoice_id, tax_rate_id;
    INSERT INTO billing_accountbalance (account_id, balance)
    SELECT account_id, net + tax FROM bench_bill ORDER BY account_id
    ON CONFLICT (account_id) DO UPDATE
    SET balance = billing_accountbalance.balance + EXCLUDED.balance;
$$;

-- A block of numbers from each series, locked from here to the commit.
CREATE OR REPLACE FUNCTION bench_number(as_of_day date) RETURNS void LANGUAGE sql AS $$
    WITH wanted AS (
        SELECT seller_id, count(*) AS many FROM bench_bill GROUP BY 1
    ), taken AS (
        UPDATE shared_numberseries n
        SET next_value = n.next_value + w.many, last_issued_on = as_of_day
        FROM wanted w
        WHERE n.code IN ('bill:' || w.seller_id, 'invoice:' || w.seller_id)
        RETURNING w.seller_id, split_part(n.code, ':', 1) AS kind, n.prefix, n.width,
            n.next_value - w.many AS first
    ), placed AS (
        SELECT bill_id, seller_id,
            row_number() OVER (PARTITION BY seller_id ORDER BY bill_id) - 1 AS place
        FROM bench_bill
    )
    UPDATE bench_bill b
    SET bill_number = t.prefix || lpad((t.first + p.place)::text, t.width, '0'),
        invoice_number = u.prefix || lpad((u.first + p.place)::text, u.width, '0')
    FROM placed p
    JOIN taken t ON t.seller_id = p.seller_id AND t.kind = 'bill'
    JOIN taken u ON u.seller_id = p.seller_id AND u.kind = 'invoice'
    WHERE p.bill_id = b.bill_id;
$$;

CREATE OR REPLACE FUNCTION bench_post(the_run bigint, as_of_day date) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO billing_invoice (
        id, number, account_id, subscription_id, bill_id, run_id, state, issued_on, currency,
        net_amount, tax_amount, gross_amount, due_on
    )
    SELECT invoice_id, invoice_number, account_id, subscription_id, bill_id, the_run, 'POSTED',
        as_of_day, currency, net, tax, net + tax, due_on
    FROM bench_bill;
    INSERT INTO billing_bill (
        id, number, account_id, run_id, state, as_of, issued_on, due_on, period, currency,
        net_amount, tax_amount, total_debit, total_credit, total_billed, brought_forward,
        credits_between, to_be_paid
    )
    SELECT bill_id, bill_number, account_id, the_run, 'POSTED', as_of_day, as_of_day, due_on,
        period, currency, net, tax, net + tax, 0, net + tax, brought_forward, credits,
        net + tax + brought_forward - credits
    FROM bench_bill;
    INSERT INTO billing_ledgerentry (
        id, account_id, kind, number, posted_on, due_on, amount, currency, invoice_id
    )
    SELECT entry_id, account_id, 'INVOICE', invoice_number, as_of_day, due_on, net + tax, currency,
        invoice_id
    FROM bench_bill;
    INSERT INTO billing_openitem (entry_id, account_id, debit, due_on, open_amount)
    SELECT entry_id, account_id, true, due_on, net + tax FROM bench_bill;
$$;

CREATE OR REPLACE FUNCTION bench_print(as_of_day date) RETURNS void LANGUAGE sql AS $$
    WITH lines AS (
        SELECT subscription_id, jsonb_agg(
            jsonb_build_object(
                'kind', 'RECURRING', 'text', text,
                'from', lower(period), 'to', upper(period) - 1,
                'days', upper(period) - lower(period),
                'cycle_days', upper(period) - lower(period),
                'quantity', trim_scale(quantity)::text, 'rate', round(rate_amount, 2)::text,
                'tax_inclusive', false, 'tax_percent', trim_scale(fraction * 100)::text,
                'net', round(net, 2)::text, 'tax', round(tax, 2)::text,
                'gross', round(net + tax, 2)::text
            ) ORDER BY position
        ) AS found
        FROM bench_line GROUP BY 1
    ), taxes AS (
        SELECT subscription_id, jsonb_agg(
            jsonb_build_object(
                'name', name, 'percent', trim_scale(fraction * 100)::text,
                'net', round(net, 2)::text, 'tax', round(tax, 2)::text
            ) ORDER BY tax_rate_id
        ) AS found
        FROM bench_tax GROUP BY 1
    )
    INSERT INTO billing_billprint (bill_id, template_version, content)
    SELECT b.bill_id, 'bill-2', jsonb_build_object(
        'bill', jsonb_build_object(
            'number', b.bill_number, 'issued_on', as_of_day, 'due_on', b.due_on,
            'from', lower(b.period), 'to', upper(b.period) - 1, 'currency', b.currency,
            'minor_digits', c.minor_digits
        ),
        'seller', jsonb_build_object(
            'name', s.name, 'address', s.address, 'tax_number', s.tax_number, 'email', s.email,
            'phone', s.phone
        ),
        'account', jsonb_build_object(
            'number', a.number, 'name', a.name, 'street', a.street,
            'postal_code', a.postal_code, 'city', a.city, 'country', a.country,
            'exemption_number', a.exemption_number
        ),
        'documents', jsonb_build_array(jsonb_build_object(
            'kind', 'INVOICE', 'number', b.invoice_number, 'subscription', u.number,
            'lines', l.found, 'taxes', t.found, 'net', round(b.net, 2)::text,
            'tax', round(b.tax, 2)::text, 'gross', round(b.net + b.tax, 2)::text
        )),
        'totals', jsonb_build_object(
            'net', round(b.net, 2)::text, 'tax', round(b.tax, 2)::text,
            'total_debit', round(b.net + b.tax, 2)::text, 'total_credit', '0.00',
            'total_billed', round(b.net + b.tax, 2)::text,
            'brought_forward', round(b.brought_forward, 2)::text,
            'credits_between', round(b.credits, 2)::text,
            'to_be_paid', round(b.net + b.tax + b.brought_forward - b.credits, 2)::text
        )
    )
    FROM bench_bill b
    JOIN subscriptions_account a ON a.id = b.account_id
    JOIN subscriptions_seller s ON s.id = b.seller_id
    JOIN subscriptions_subscription u ON u.id = b.subscription_id
    JOIN pricing_currency c ON c.code = b.currency
    JOIN lines l ON l.subscription_id = b.subscription_id
    JOIN taxes t ON t.subscription_id = b.subscription_id;
$$;
