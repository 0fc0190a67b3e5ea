-- A database as large as the plans are meant for: 100,000 rows of each kind that has a list of its own, 30,000 of each that hangs below one.
-- Values are spread so that every filter meets some that are rare and some that are common.
DO $$
DECLARE
    entry record;
BEGIN
    FOR entry IN SELECT oid::regclass AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', entry.name);
    END LOOP;
    -- The rows below refer to each other rightly; looking that up for each of them takes longer than writing them.
    FOR entry IN SELECT conrelid::regclass AS name, conname FROM pg_constraint WHERE contype = 'f'
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I', entry.name, entry.conname);
    END LOOP;
    FOR entry IN SELECT oid::regclass AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE format('ALTER TABLE %s SET UNLOGGED', entry.name);
    END LOOP;
END
$$;
-- An index is made quicker over all rows than row by row.
CREATE TEMPORARY TABLE later AS
SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid);
DO $$
DECLARE
    entry record;
BEGIN
    FOR entry IN SELECT name FROM later
    LOOP
        EXECUTE format('DROP INDEX %I', entry.name);
    END LOOP;
END
$$;

INSERT INTO organisations (id, code, name, currency) SELECT i, 'O' || i, 'Branch ' || i, 'EUR' FROM generate_series(1, 20) i;
-- The employees with even ids are in teams of ten.
INSERT INTO users (id, organisation_id, name, team) SELECT i, 1 + i % 20, 'User ' || i, CASE WHEN i % 2 = 0 THEN 'Team ' || i % 20 END FROM generate_series(1, 200) i;
INSERT INTO service_levels (id, code, name) SELECT i, 'S' || i, 'Level ' || i FROM generate_series(1, 5) i;
INSERT INTO carriers (id, code, name) SELECT i, 'C' || i, 'Carrier ' || i FROM generate_series(1, 30) i;
INSERT INTO warehouses (id, code, name) SELECT i, 'W' || i, 'Warehouse ' || i FROM generate_series(1, 10) i;
-- Ten branches, each with 30 below it, each of these with one.
INSERT INTO categories (id, parent_id, code, name, position)
SELECT i, CASE WHEN i <= 10 THEN NULL WHEN i <= 310 THEN 1 + i % 10 ELSE i - 300 END, 'K' || i, 'Category ' || i, i FROM generate_series(1, 610) i;

INSERT INTO customers (customer_id, organisation_id, parent_id, account_manager_id, service_level_id, number, name, legal_name, email, phone, kind, segment, status,
                       country_code, currency, tags, external_id, created_at, updated_at)
SELECT i, CASE WHEN i % 2000 = 0 THEN 20 ELSE 1 + i * 7 % 99991 % 3 END, CASE WHEN i % 10 = 0 THEN 1 + (i / 700) END, nullif(1 + (i::bigint * 7919 % 99991 % 200), 77), 1 + i % 5, 'CU-' || lpad(i::text, 6, '0'),
       (ARRAY['Alder', 'Birch', 'Cedar', 'Elm', 'Hazel', 'Maple', 'Rowan', 'Willow', 'Juniper', 'Larch', 'Linden'])[1 + i % 11] || ' ' || (ARRAY['Trading', 'Works', 'Supply', 'Foods', 'Tools', 'Partners', 'Motors'])[1 + i % 7] || ' ' || i, CASE WHEN i % 3 = 0 THEN 'Legal ' || i END,
       CASE WHEN i % 4 > 0 THEN 'info@c' || i || '.example' END, CASE WHEN i % 4 > 0 THEN '+49 40 ' || lpad(i::text, 8, '0') END,
       CASE WHEN i % 5000 = 0 THEN 'PUBLIC_BODY' WHEN i % 3 = 0 THEN 'PERSON' ELSE 'COMPANY' END,
       CASE WHEN i % 5000 = 1 THEN 'RARE' WHEN i % 7 > 0 THEN 'S' || i % 7 END, CASE WHEN i % 4000 = 0 THEN 'CLOSED' WHEN i % 9 = 0 THEN 'PROSPECT' ELSE 'ACTIVE' END,
       CASE WHEN i % 6000 = 0 THEN 'LI' WHEN i % 50 > 0 THEN (ARRAY['DE', 'FR', 'GB', 'US', 'BR'])[1 + i % 5] END, 'EUR',
       CASE WHEN i % 3000 = 0 THEN '{rare}' WHEN i % 2 = 0 THEN '{common,even}' ELSE '{}' END::text[], 'x' || i,
       timestamptz '2022-01-01Z' + i * interval '7 minutes', timestamptz '2024-01-01Z' + (i * 7919 % 100000) * interval '3 minutes'
FROM generate_series(1, 100000) i;

INSERT INTO products (id, category_id, replacement_id, sku, name, description, specs, status, updated_at)
SELECT i, CASE WHEN i % 100 > 0 THEN 11 + i % 600 END, CASE WHEN i % 500 = 0 THEN i - 1 END, 'SKU-' || lpad(i::text, 6, '0'), (ARRAY['Bolt', 'Nut', 'Valve', 'Pump', 'Bearing'])[1 + i % 5] || ' part ' || i,
       CASE WHEN i % 4 = 0 THEN 'Fits many machines' END,
       jsonb_build_object('colour', (ARRAY['red', 'green', 'blue'])[1 + i % 3], 'code', 'c' || i % 5000),
       CASE WHEN i % 4000 = 0 THEN 'DRAFT' WHEN i % 20 = 0 THEN 'DISCONTINUED' ELSE 'ACTIVE' END,
       timestamptz '2024-01-01Z' + (i * 7919 % 100000) * interval '3 minutes'
FROM generate_series(1, 100000) i;

-- What customers own: thing i belongs to customer 1 + i % 20000, so that five of each kind stand below one.
INSERT INTO quotes (customer_id, id, number, status, quoted_at, currency, total)
SELECT 1 + i % 20000, i, 'QU-' || i, 'SENT', timestamptz '2023-01-01Z' + i * interval '20 minutes', 'EUR', i FROM generate_series(1, 30000) i;
INSERT INTO quote_lines (customer_id, id, quote_id, line_number, quantity, unit_price, amount)
SELECT 1 + i % 20000, i, i, 1, 1, 1, 1 FROM generate_series(1, 30000) i;

INSERT INTO orders (customer_id, id, number, po_number, status, country_code, placed_at, promised_on, delivered_on, currency, total, external_id, updated_at)
SELECT 1 + i % 20000, i, 'OR-' || lpad(i::text, 6, '0'), CASE WHEN i % 4 > 0 THEN 'po-' || i % 30000 END,
       CASE WHEN i % 3000 = 0 THEN 'ON_HOLD' WHEN i % 10 = 0 THEN 'PLACED' ELSE 'DELIVERED' END,
       CASE WHEN i % 6000 = 0 THEN 'LI' WHEN i % 50 > 0 THEN (ARRAY['DE', 'FR', 'GB', 'US', 'BR'])[1 + i % 5] END,
       timestamptz '2022-01-01Z' + (i * 7919 % 100000) * interval '13 minutes',
       CASE WHEN i % 20 > 0 THEN date '2022-01-05' + i % 900 END, CASE WHEN i % 10 > 0 THEN date '2022-01-05' + i % 900 + (i % 41 = 1)::integer END,
       'EUR', (i::bigint * 104729 % 1000000) / 100.0, 'x' || i, timestamptz '2024-01-01Z' + (i * 7907 % 100000) * interval '3 minutes'
FROM generate_series(1, 100000) i;
INSERT INTO order_lines (customer_id, id, order_id, line_number, product_id, quantity, currency, unit_price, amount)
SELECT 1 + i % 20000, i, i, 1, i, 1, 'EUR', 1, 1 FROM generate_series(1, 30000) i;
INSERT INTO returns (customer_id, id, order_id, number, status, requested_at, currency)
SELECT 1 + i % 20000, i, i, 'RE-' || i, 'RECEIVED', timestamptz '2023-01-01Z' + i * interval '20 minutes', 'EUR' FROM generate_series(1, 30000) i;
INSERT INTO return_lines (customer_id, id, return_id, order_line_id, quantity)
SELECT 1 + i % 20000, i, i, i, 1 FROM generate_series(1, 30000) i;

INSERT INTO shipments (customer_id, id, order_id, carrier_id, number, tracking_number, milestone, delayed, created_at, shipped_at, delivered_at, promised_on, updated_at)
SELECT 1 + i % 20000, i, i, CASE WHEN i % 9000 = 0 THEN 29 WHEN i % 30 > 0 THEN 1 + i % 5 END, 'SH-' || lpad(i::text, 6, '0'), CASE WHEN i % 1000 > 0 THEN '1z' || i END,
       CASE WHEN i % 5000 = 0 THEN 'EXCEPTION' WHEN i % 20 = 0 THEN 'IN_TRANSIT' ELSE 'DELIVERED' END, i % 200 = 0, timestamptz '2022-01-01Z',
       timestamptz '2022-01-01Z' + (i * 7919 % 100000) * interval '13 minutes',
       CASE WHEN i % 20 > 0 THEN timestamptz '2022-01-03Z' + (i * 7919 % 100000) * interval '13 minutes' END,
       CASE WHEN i % 20 > 0 THEN date '2022-01-05' + i % 900 END, timestamptz '2024-01-01Z' + (i * 7907 % 100000) * interval '3 minutes'
FROM generate_series(1, 100000) i;
INSERT INTO packages (customer_id, id, shipment_id, sequence, tracking_number)
SELECT 1 + i % 20000, i, i, 1, '1zp' || i FROM generate_series(1, 30000) i;
INSERT INTO tracking_events (customer_id, id, shipment_id, milestone, occurred_at)
SELECT 1 + i % 20000, i, 1 + (i - 1) % 20000, 'IN_TRANSIT', timestamptz '2022-01-01Z' + i * interval '13 minutes' FROM generate_series(1, 60000) i;

INSERT INTO invoices (customer_id, id, order_id, number, status, issued_on, due_on, currency, net_total, total, paid, updated_at)
SELECT 1 + i % 20000, i, i, 'IN-' || lpad(i::text, 6, '0'), CASE WHEN i % 3000 = 0 THEN 'WRITTEN_OFF' WHEN i % 10 = 0 THEN 'OPEN' ELSE 'PAID' END,
       date '2022-01-01' + i % 900, date '2022-02-01' + i % 900, 'EUR', amount, amount, CASE WHEN i % 10 = 0 THEN 0 ELSE amount END,
       timestamptz '2024-01-01Z' + (i * 7907 % 100000) * interval '3 minutes'
FROM (SELECT i, (1 + i::bigint * 104729 % 1000000) / 100.0 AS amount FROM generate_series(1, 100000) i) a;
INSERT INTO invoice_lines (customer_id, id, invoice_id, line_number, quantity, unit_price, amount)
SELECT 1 + i % 20000, i, i, 1, 1, 1, 1 FROM generate_series(1, 30000) i;
INSERT INTO payments (customer_id, id, order_id, received_at, currency, amount)
SELECT 1 + i % 20000, i, CASE WHEN i % 2 = 0 THEN i END, timestamptz '2022-01-01Z' + i * interval '13 minutes', 'EUR', 10 FROM generate_series(1, 30000) i;
INSERT INTO payment_allocations (customer_id, id, payment_id, invoice_id, amount)
SELECT 1 + i % 20000, i, i, i, 5 FROM generate_series(1, 30000) i;
INSERT INTO credit_notes (customer_id, id, invoice_id, number, issued_on, currency, amount)
SELECT 1 + i % 20000, i, CASE WHEN i % 2 = 0 THEN i END, 'CN-' || i, date '2022-01-01' + i % 900, 'EUR', 1 FROM generate_series(1, 30000) i;

INSERT INTO cases (customer_id, id, order_id, assignee_id, number, title, kind, priority, status, opened_at, due_at, updated_at)
SELECT 1 + i % 20000, i, i, CASE WHEN i % 9000 = 0 THEN 199 WHEN i % 30 > 0 THEN 1 + i % 5 END, 'CA-' || lpad(i::text, 6, '0'), 'Case ' || i,
       CASE WHEN i % 4000 = 0 THEN 'LOST' WHEN i % 10 = 0 THEN 'BILLING' ELSE 'LATE' END, CASE WHEN i % 5000 = 0 THEN 'URGENT' ELSE 'NORMAL' END,
       CASE WHEN i % 3000 = 0 THEN 'PENDING' ELSE 'CLOSED' END, timestamptz '2022-01-01Z' + (i * 7919 % 100000) * interval '13 minutes',
       CASE WHEN i % 10 > 0 THEN timestamptz '2022-01-03Z' + (i * 7919 % 100000) * interval '13 minutes' END, timestamptz '2024-01-01Z' + (i * 7907 % 100000) * interval '3 minutes'
FROM generate_series(1, 100000) i;
INSERT INTO interactions (customer_id, id, order_id, case_id, channel, direction, occurred_at)
SELECT 1 + i % 20000, i, i, i, 'CALL', 'INBOUND', timestamptz '2022-01-01Z' + i * interval '13 minutes' FROM generate_series(1, 30000) i;
INSERT INTO follow_ups (customer_id, id, title, status, due_at)
SELECT 1 + i % 20000, i, 'Call', 'OPEN', timestamptz '2022-01-01Z' + i * interval '13 minutes' FROM generate_series(1, 30000) i;
INSERT INTO disputes (customer_id, id, invoice_id, opened_at, currency, amount)
SELECT 1 + i % 20000, i, i, timestamptz '2022-01-01Z' + i * interval '13 minutes', 'EUR', 1 FROM generate_series(1, 30000) i;

INSERT INTO audit_entries (id, at, subject, viewer_name, role, action, customer_id, kind)
SELECT i, timestamptz '2022-01-01Z' + (i * 7919 % 100000) * interval '13 minutes', CASE WHEN i % 5000 = 0 THEN 'rare' ELSE 'user-' || i % 20 END, 'User', 'AGENT',
       CASE WHEN i % 4000 = 0 THEN 'WRITE' ELSE 'READ' END, CASE WHEN i % 300 > 0 THEN 1 + i % 20000 END, 'Customer'
FROM generate_series(1, 100000) i;

INSERT INTO contacts (customer_id, id, name, email, phone)
SELECT 1 + i % 20000, i, (ARRAY['Ana', 'Bo', 'Chloe', 'Dmitri', 'Eva', 'Farid', 'Greta'])[1 + i % 7] || ' ' || substr(md5(i::text), 1, 7), 'p' || i || '@example.com', '+49 30 ' || lpad(i::text, 8, '0') FROM generate_series(1, 30000) i;
INSERT INTO sites (customer_id, id, name) SELECT 1 + i % 20000, i, 'Site ' || i FROM generate_series(1, 30000) i;
INSERT INTO customer_references (customer_id, id, system, value) SELECT 1 + i % 20000, i, 'erp', 'REF-' || i FROM generate_series(1, 30000) i;
INSERT INTO prices (id, product_id, kind, currency, amount) SELECT i, i, 'LIST', 'EUR', 1 FROM generate_series(1, 30000) i;
INSERT INTO contract_prices (customer_id, id, product_id, currency, amount) SELECT 1 + i % 20000, i, i, 'EUR', 1 FROM generate_series(1, 30000) i;
INSERT INTO stock (id, product_id, warehouse_id, on_hand) SELECT i, i, 1 + i % 10, 5 FROM generate_series(1, 30000) i;
INSERT INTO inbound (id, product_id, warehouse_id, quantity, expected_on) SELECT i, i, 1 + i % 10, 5, date '2024-01-01' + i % 90 FROM generate_series(1, 30000) i;

SET maintenance_work_mem = '256MB';
DO $$
DECLARE
    entry record;
BEGIN
    FOR entry IN SELECT definition FROM later
    LOOP
        EXECUTE entry.definition;
    END LOOP;
END
$$;

ANALYZE;
