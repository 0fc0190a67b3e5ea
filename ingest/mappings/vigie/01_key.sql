-- How rows are found again: by the number that the files give them, within one source. The views live as long as the
-- import.
CREATE OR REPLACE TEMP VIEW key_user AS
SELECT id, external_id AS number FROM users WHERE source = current_setting('vigie.source');

CREATE OR REPLACE TEMP VIEW key_customer AS
SELECT customer_id, external_id AS number, currency FROM customers WHERE source = current_setting('vigie.source');

CREATE OR REPLACE TEMP VIEW key_contact AS
SELECT customer_id, id, external_id AS number FROM contacts WHERE source = current_setting('vigie.source');

CREATE OR REPLACE TEMP VIEW key_site AS
SELECT customer_id, id, external_id AS code, country_code FROM sites WHERE source = current_setting('vigie.source');

CREATE OR REPLACE TEMP VIEW key_category AS
SELECT id, external_id AS code FROM categories WHERE source = current_setting('vigie.source');

CREATE OR REPLACE TEMP VIEW key_product AS
SELECT id, external_id AS sku FROM products WHERE source = current_setting('vigie.source');

CREATE OR REPLACE TEMP VIEW key_order AS
SELECT customer_id, id, external_id AS number, currency FROM orders WHERE source = current_setting('vigie.source');

CREATE OR REPLACE TEMP VIEW key_order_line AS
SELECT customer_id, id, order_id, line_number FROM order_lines WHERE source = current_setting('vigie.source');

CREATE OR REPLACE TEMP VIEW key_shipment AS
SELECT customer_id, id, external_id AS number FROM shipments WHERE source = current_setting('vigie.source');

CREATE OR REPLACE TEMP VIEW key_invoice AS
SELECT customer_id, id, external_id AS number, currency FROM invoices WHERE source = current_setting('vigie.source');

CREATE OR REPLACE TEMP VIEW key_payment AS
SELECT customer_id, id, external_id AS number, currency FROM payments WHERE source = current_setting('vigie.source');

CREATE OR REPLACE TEMP VIEW key_case AS
SELECT customer_id, id, external_id AS number FROM cases WHERE source = current_setting('vigie.source');
