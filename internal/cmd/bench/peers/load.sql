-- Fills an empty, migrated database with the rows of a database of the peers, each where it stands in this schema.
--
--   psql "$DATABASE_URL" -v host=127.0.0.1 -v port=5432 -v dbname=peers -v user=postgres -f load.sql
--
-- The peers' tables are customers, products, orders, order_lines, invoices, payments, shipments, tracking_events and interactions. Triggers are
-- off meanwhile, so there are no rows of the change log, and nobody follows the shipments.
\set ON_ERROR_STOP on
CREATE EXTENSION IF NOT EXISTS postgres_fdw;
DROP SCHEMA IF EXISTS peers CASCADE;
DROP SERVER IF EXISTS peers CASCADE;
CREATE SERVER peers FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host :'host', port :'port', dbname :'dbname', fetch_size '50000');
CREATE USER MAPPING FOR CURRENT_USER SERVER peers OPTIONS (user :'user', password_required 'false');
CREATE SCHEMA peers;
IMPORT FOREIGN SCHEMA public FROM SERVER peers INTO peers;
SET session_replication_role = replica;
SET synchronous_commit = off;

INSERT INTO organisations (id, code, name, country_code, currency) VALUES (1, 'PEERS', 'Peers', 'DE', 'EUR');
INSERT INTO users (id, organisation_id, name, email, team) VALUES (1, 1, 'Robin Vogt', 'robin.vogt@peers.example', 'Desk');
INSERT INTO carriers (code, name) SELECT lower(c), c FROM unnest(ARRAY['DHL', 'UPS', 'GLS', 'DPD', 'FedEx']) c ON CONFLICT DO NOTHING;
INSERT INTO customers (customer_id, organisation_id, account_manager_id, number, name, email, phone, kind, segment, country_code, currency, created_at,
    source, external_id)
SELECT id, 1, 1, 'C-' || id, name, email, phone, CASE segment WHEN 'consumer' THEN 'PERSON' ELSE 'COMPANY' END, segment, country, 'EUR', created_at,
    'peers', id::text
FROM peers.customers t ORDER BY t.id;
INSERT INTO contacts (customer_id, id, name, email, phone, is_primary, source, external_id)
SELECT id, id, name, email, phone, true, 'peers', id::text FROM peers.customers t ORDER BY t.id;
INSERT INTO products (id, sku, name, source, external_id) SELECT id, sku, name, 'peers', id::text FROM peers.products t ORDER BY t.id;

CREATE TEMPORARY TABLE o AS SELECT * FROM peers.orders;
CREATE INDEX ON o (id);
ANALYZE o;
INSERT INTO orders (customer_id, id, number, status, country_code, placed_at, promised_on, currency, goods_total, total, source, external_id)
SELECT o.customer_id, o.id, 'O-' || o.id,
    CASE o.status WHEN 'pending' THEN 'PLACED' WHEN 'confirmed' THEN 'CONFIRMED' WHEN 'packed' THEN 'PROCESSING' WHEN 'shipped' THEN 'SHIPPED'
        WHEN 'cancelled' THEN 'CANCELLED' ELSE 'DELIVERED' END,
    c.country_code, o.placed_at, (o.promised_at AT TIME ZONE 'UTC')::date, 'EUR', o.total_amount, o.total_amount, 'peers', o.id::text
FROM o JOIN customers c ON c.customer_id = o.customer_id ORDER BY o.id;
INSERT INTO order_lines (customer_id, id, order_id, line_number, product_id, quantity, currency, unit_price, amount, source, external_id)
SELECT o.customer_id, l.id, l.order_id, row_number() OVER (PARTITION BY l.order_id ORDER BY l.id), l.product_id, l.quantity, 'EUR', l.unit_price,
    l.quantity * l.unit_price, 'peers', l.id::text
FROM peers.order_lines l JOIN o ON o.id = l.order_id ORDER BY l.id;
INSERT INTO invoices (customer_id, id, order_id, number, status, issued_on, due_on, currency, net_total, total, paid, source, external_id)
SELECT i.customer_id, i.id, i.order_id, 'I-' || i.id, CASE WHEN i.balance = 0 THEN 'PAID' WHEN i.balance = i.amount THEN 'OPEN' ELSE 'PARTLY_PAID' END,
    (i.issued_at AT TIME ZONE 'UTC')::date, (i.due_at AT TIME ZONE 'UTC')::date, 'EUR', i.amount, i.amount, i.amount - i.balance, 'peers', i.id::text
FROM peers.invoices i ORDER BY i.id;
INSERT INTO payments (customer_id, id, received_at, currency, amount, source, external_id)
SELECT i.customer_id, p.id, p.paid_at, 'EUR', p.amount, 'peers', p.id::text FROM peers.payments p JOIN peers.invoices i ON i.id = p.invoice_id ORDER BY p.id;
INSERT INTO shipments (customer_id, id, order_id, carrier_id, number, tracking_number, milestone, created_at, shipped_at, delivered_at, promised_on,
    eta_earliest, eta_latest, eta_precision, eta_source, source, external_id)
SELECT o.customer_id, s.id, s.order_id, c.id, 'S-' || s.id, s.tracking_number, upper(s.status), s.shipped_at, s.shipped_at, s.delivered_at,
    (o.promised_at AT TIME ZONE 'UTC')::date, s.eta, s.eta, 'EXACT', 'CARRIER', 'peers', s.id::text
FROM peers.shipments s JOIN o ON o.id = s.order_id JOIN carriers c ON c.name = s.carrier ORDER BY s.id;
INSERT INTO tracking_events (customer_id, id, shipment_id, milestone, raw_code, raw_text, occurred_at, utc_offset, location, source, external_id)
SELECT s.customer_id, e.id, e.shipment_id,
    CASE e.code WHEN 'PICKED_UP' THEN e.code WHEN 'OUT_FOR_DELIVERY' THEN e.code WHEN 'DELIVERED' THEN e.code ELSE 'IN_TRANSIT' END,
    e.code, e.description, e.occurred_at, 0, e.location, 'peers', e.id::text
FROM peers.tracking_events e JOIN shipments s ON s.id = e.shipment_id ORDER BY e.id;
INSERT INTO interactions (customer_id, id, channel, direction, subject, occurred_at, source, external_id)
SELECT customer_id, id, CASE channel WHEN 'phone' THEN 'CALL' WHEN 'store' THEN 'VISIT' ELSE upper(channel) END, 'INBOUND', subject, occurred_at, 'peers', id::text
FROM peers.interactions t ORDER BY t.id;
DROP SCHEMA peers CASCADE;
DROP SERVER peers CASCADE;
DROP EXTENSION postgres_fdw;
VACUUM (FULL, ANALYZE);
CHECKPOINT;
