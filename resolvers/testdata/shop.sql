-- A few exact rows: three customers in three currencies, a small catalogue, one order on its way.
INSERT INTO organisations (id, code, name, country_code, currency, time_zone) VALUES (1, 'NORTH', 'North', 'DE', 'EUR', 'Europe/Berlin');
INSERT INTO users (id, organisation_id, name, email) VALUES (1, 1, 'Grace Hopper', 'grace@north.example'), (2, 1, 'Alan Turing', NULL);
INSERT INTO customers (customer_id, organisation_id, parent_id, account_manager_id, number, name, segment, status, time_zone, country_code, currency, credit_limit, tags, created_at) VALUES
    (1, 1, NULL, 1, 'C-1001', 'Müller Maschinenbau', 'KEY_ACCOUNT', 'ACTIVE', 'Europe/Berlin', 'DE', 'EUR', 1000, '{vip,export}', '2024-01-01T00:00:00Z'),
    (2, 1, 1, 2, 'C-1002', 'Yamada Shoten', NULL, 'ON_HOLD', 'Asia/Tokyo', 'JP', 'JPY', NULL, '{export}', '2024-02-01T00:00:00Z'),
    (3, 1, NULL, NULL, 'X-2000', 'Al Sabah 100%_Trading', 'RESELLER', 'PROSPECT', NULL, 'KW', 'KWD', 0, '{}', '2024-03-01T00:00:00Z');
UPDATE customers SET email = 'office@yamada.example', phone = '+81 3 5555 0188' WHERE customer_id = 2;
INSERT INTO customer_references (customer_id, system, value) VALUES (1, 'VAT', 'DE123456789');
INSERT INTO contacts (customer_id, id, name, email, phone, is_primary) VALUES
    (1, 1, 'José Álvarez', 'jose@mueller.example', '+49 30 1234567', true), (1, 2, 'Ann Other', NULL, NULL, false);
INSERT INTO sites (customer_id, id, name, city, country_code, latitude, longitude, time_zone, delivery_windows) VALUES
    (1, 1, 'Plant', 'Berlin', 'DE', 52.5, 13.4, 'Europe/Berlin', '[{"weekday": 1, "opens": "08:00", "closes": "12:00"}]');
INSERT INTO categories (id, parent_id, code, name, position) VALUES (1, NULL, 'TOOLS', 'Tools', 1), (2, 1, 'DRILLS', 'Drills', 1), (3, 1, 'SAWS', 'Saws', 2), (4, 2, 'HAMMER', 'Hammer drills', 1), (5, NULL, 'FOOD', 'Food', 2);
INSERT INTO products (id, category_id, replacement_id, sku, name, status, specs, media) VALUES
    (2, 4, NULL, 'DR-200', 'Hammer drill', 'ACTIVE', '{"voltage": "24 V", "colour": "red"}', '[]'),
    (1, 2, 2, 'DR-100', 'Cordless drill', 'PHASING_OUT', '{"voltage": "18 V", "colour": "red"}', '[{"kind": "IMAGE", "url": "https://media.example/1.png", "title": null}]'),
    (3, 3, NULL, 'SW-001', 'Circular saw', 'ACTIVE', '{"voltage": "24 V", "colour": "blue"}', '[]'),
    (4, 5, NULL, 'AP-001', 'Apple crate', 'ACTIVE', '{}', '[]'),
    (5, NULL, NULL, 'ZZ-001', 'Crème brûlée torch', 'DRAFT', '{"colour": "red"}', '[]');
INSERT INTO prices (product_id, kind, segment, currency, min_quantity, amount, valid_from, valid_to) VALUES
    (1, 'LIST', NULL, 'EUR', 1, 100, NULL, NULL), (1, 'LIST', NULL, 'EUR', 10, 90, NULL, NULL), (1, 'LIST', NULL, 'USD', 1, 110, '2026-04-01', NULL),
    (1, 'SEGMENT', 'KEY_ACCOUNT', 'EUR', 1, 85.5, '2026-01-01', '2026-06-30'), (1, 'SEGMENT', 'RESELLER', 'EUR', 1, 70, NULL, NULL);
INSERT INTO contract_prices (customer_id, product_id, currency, min_quantity, amount, valid_from, valid_to) VALUES
    (1, 1, 'EUR', 1, 80, '2026-03-01', '2026-03-31'), (2, 1, 'JPY', 1, 9000, NULL, NULL);
INSERT INTO warehouses (id, code, name) VALUES (1, 'BER', 'Berlin'), (2, 'AMS', 'Amsterdam');
INSERT INTO stock (product_id, warehouse_id, on_hand, allocated) VALUES (1, 1, 10.5, 4), (1, 2, 0, 3);
INSERT INTO inbound (product_id, warehouse_id, quantity, expected_on, reference) VALUES (1, 1, 20, '2026-04-02', 'PO-2'), (1, 1, 5, '2026-03-20', 'PO-1');
INSERT INTO carriers (id, code, name, tracking_url) VALUES (1, 'POST', 'The Post', 'https://track.example/?n={number}'), (2, 'VAN', 'Our van', NULL);
INSERT INTO quotes (customer_id, id, number, status, quoted_at, currency, total) VALUES (1, 1, 'Q-9001', 'SENT', '2026-03-01T00:00:00Z', 'EUR', 50);
INSERT INTO orders (customer_id, id, number, po_number, status, country_code, placed_at, confirmed_at, promised_on, delivered_on, currency, goods_total, total) VALUES
    (1, 1, 'O-5001', 'PO/77', 'CONFIRMED', 'DE', '2026-03-10T09:00:00.25Z', '2026-03-10T10:00:00Z', '2026-03-20', NULL, 'EUR', 119.5, 119.5),
    (1, 2, 'O-5002', NULL, 'DELIVERED', 'AT', '2026-02-01T09:00:00Z', NULL, '2026-02-05', '2026-02-06', 'EUR', 80.12345, 80.1235),
    (1, 3, 'O-5003', NULL, 'CANCELLED', NULL, '2026-01-01T09:00:00Z', NULL, NULL, NULL, 'EUR', 0, 0),
    (2, 4, 'O-6001', NULL, 'DELIVERED', 'JP', '2026-01-15T09:00:00Z', NULL, '2026-01-20', '2026-01-20', 'JPY', 1500, 1500),
    (3, 5, 'O-7001', NULL, 'PLACED', 'KW', '2026-03-15T09:00:00Z', NULL, NULL, NULL, 'KWD', 12.3456, 12.5);
INSERT INTO order_lines (customer_id, id, order_id, line_number, product_id, quantity, currency, unit_price, amount) VALUES
    (1, 1, 1, 2, 1, 1.5, 'EUR', 79.6667, 119.5), (1, 2, 1, 1, NULL, 2, 'EUR', 0, 0);
INSERT INTO shipments (customer_id, id, order_id, carrier_id, number, tracking_number, milestone, created_at, eta_earliest, eta_latest) VALUES
    (1, 1, 1, 1, 'S-8001', 'RR 12/34&x=1', 'IN_TRANSIT', '2026-03-12T00:00:00Z', '2026-03-17T08:00:00Z', '2026-03-17T12:00:00Z'),
    (1, 2, NULL, 2, 'S-8002', NULL, 'DELIVERED', '2026-03-01T00:00:00Z', '2026-03-02T08:00:00Z', NULL);
INSERT INTO packages (customer_id, id, shipment_id, sequence, tracking_number) VALUES (1, 1, 1, 1, 'PK55667788');
INSERT INTO tracking_events (customer_id, id, shipment_id, milestone, occurred_at, local_time, utc_offset, time_precision) VALUES
    (1, 1, 1, 'PICKED_UP', '2026-03-12T08:00:00Z', '2026-03-12T09:00:00', 60, 'EXACT'), (1, 2, 1, 'IN_TRANSIT', NULL, '2026-03-13T09:30:00', NULL, 'NO_OFFSET');
INSERT INTO invoices (customer_id, id, order_id, number, issued_on, due_on, currency, net_total, total, paid) VALUES
    (1, 1, 1, 'I-3001', '2026-02-01', '2026-03-01', 'EUR', 400, 400, 100), (1, 2, NULL, 'I-3002', '2026-03-10', '2026-04-10', 'EUR', 200, 200, 200);
INSERT INTO credit_notes (customer_id, id, number, issued_on, currency, amount) VALUES (1, 1, 'N-4001', '2026-03-01', 'EUR', 25);
INSERT INTO cases (customer_id, id, number, title, status, opened_at) VALUES (1, 1, 'K-6001', 'Where is it?', 'OPEN', '2026-03-14T00:00:00Z');
INSERT INTO interactions (customer_id, id, channel, direction, subject, occurred_at) VALUES (1, 1, 'CALL', 'INBOUND', 'Delivery', '2026-03-15T00:00:00Z');
