-- Rows that repeat a key or refer to nothing. DELETE ... RETURNING takes each row out once, so that what is left in
-- the staging tables is good and each row is rejected for one reason.

WITH bad AS (
    DELETE FROM stage_customers s
    USING (SELECT customer_id, min(line) AS first FROM stage_customers GROUP BY customer_id HAVING count(*) > 1) d
    WHERE s.customer_id = d.customer_id AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'olist_customers_dataset.csv', line, 'customer_id', format('the same customer_id is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_orders s
    USING (SELECT order_id, min(line) AS first FROM stage_orders GROUP BY order_id HAVING count(*) > 1) d
    WHERE s.order_id = d.order_id AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'olist_orders_dataset.csv', line, 'order_id', format('the same order_id is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_orders s
    WHERE NOT EXISTS (SELECT FROM stage_customers c WHERE c.customer_id = s.customer_id)
    RETURNING line, customer_id
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'olist_orders_dataset.csv', line, 'customer_id', format('no customer %L in olist_customers_dataset.csv', customer_id) FROM bad;

WITH bad AS (
    DELETE FROM stage_products s
    USING (SELECT product_id, min(line) AS first FROM stage_products GROUP BY product_id HAVING count(*) > 1) d
    WHERE s.product_id = d.product_id AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'olist_products_dataset.csv', line, 'product_id', format('the same product_id is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_categories s
    USING (SELECT category, min(line) AS first FROM stage_categories GROUP BY category HAVING count(*) > 1) d
    WHERE s.category = d.category AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'product_category_name_translation.csv', line, 'product_category_name', format('the same category is on line %s', first) FROM bad;

-- Items and payments are numbered within their order. A file that lost the numbers has them counted again, by line.
UPDATE stage_items s SET item = n.item
FROM (SELECT line, row_number() OVER (PARTITION BY order_id ORDER BY line) AS item FROM stage_items) n
WHERE n.line = s.line AND NOT EXISTS (SELECT FROM stage_items WHERE item IS NOT NULL);

UPDATE stage_payments s SET sequence = n.sequence
FROM (SELECT line, row_number() OVER (PARTITION BY order_id ORDER BY line) AS sequence FROM stage_payments) n
WHERE n.line = s.line AND NOT EXISTS (SELECT FROM stage_payments WHERE sequence IS NOT NULL);

WITH bad AS (
    DELETE FROM stage_items s WHERE item IS NULL RETURNING line
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'olist_order_items_dataset.csv', line, 'order_item_id', 'a value is required, as other rows have one' FROM bad;

WITH bad AS (
    DELETE FROM stage_payments s WHERE sequence IS NULL RETURNING line
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'olist_order_payments_dataset.csv', line, 'payment_sequential', 'a value is required, as other rows have one' FROM bad;

WITH bad AS (
    DELETE FROM stage_items s
    USING (SELECT order_id, item, min(line) AS first FROM stage_items GROUP BY order_id, item HAVING count(*) > 1) d
    WHERE s.order_id = d.order_id AND s.item = d.item AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'olist_order_items_dataset.csv', line, 'order_item_id', format('the same item of the order is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_items s
    WHERE NOT EXISTS (SELECT FROM stage_orders o WHERE o.order_id = s.order_id)
    RETURNING line, order_id
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'olist_order_items_dataset.csv', line, 'order_id', format('no order %L in olist_orders_dataset.csv', order_id) FROM bad;

-- Without a products file the items are all that is known of the products.
WITH bad AS (
    DELETE FROM stage_items s
    WHERE NOT EXISTS (SELECT FROM stage_products p WHERE p.product_id = s.product_id)
      AND EXISTS (SELECT FROM stage_products)
    RETURNING line, product_id
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'olist_order_items_dataset.csv', line, 'product_id', format('no product %L in olist_products_dataset.csv', product_id) FROM bad;

WITH bad AS (
    DELETE FROM stage_payments s
    USING (SELECT order_id, sequence, min(line) AS first FROM stage_payments GROUP BY order_id, sequence HAVING count(*) > 1) d
    WHERE s.order_id = d.order_id AND s.sequence = d.sequence AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'olist_order_payments_dataset.csv', line, 'payment_sequential', format('the same payment of the order is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_payments s
    WHERE NOT EXISTS (SELECT FROM stage_orders o WHERE o.order_id = s.order_id)
    RETURNING line, order_id
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'olist_order_payments_dataset.csv', line, 'order_id', format('no order %L in olist_orders_dataset.csv', order_id) FROM bad;

-- One review may be about several orders: only the pair of both is a key.
WITH bad AS (
    DELETE FROM stage_reviews s
    USING (SELECT review_id, order_id, min(line) AS first FROM stage_reviews GROUP BY review_id, order_id HAVING count(*) > 1) d
    WHERE s.review_id = d.review_id AND s.order_id = d.order_id AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'olist_order_reviews_dataset.csv', line, 'review_id', format('the same review of the same order is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_reviews s
    WHERE NOT EXISTS (SELECT FROM stage_orders o WHERE o.order_id = s.order_id)
    RETURNING line, order_id
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'olist_order_reviews_dataset.csv', line, 'order_id', format('no order %L in olist_orders_dataset.csv', order_id) FROM bad;

WITH bad AS (
    DELETE FROM stage_reviews s WHERE created_at IS NULL AND answered_at IS NULL RETURNING line
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'olist_order_reviews_dataset.csv', line, 'review_creation_date', 'the review has no date' FROM bad;
