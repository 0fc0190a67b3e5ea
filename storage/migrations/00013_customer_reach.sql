-- +goose Up
-- How the account itself is reached, whoever answers there: as every customer master has it, beside the contacts.
ALTER TABLE customers
    ADD COLUMN email     text,
    ADD COLUMN phone     text,
    ADD COLUMN phone_key text GENERATED ALWAYS AS (reverse(digits(phone))) STORED;
CREATE INDEX customers_email ON customers (lower(email) COLLATE "C") WHERE email IS NOT NULL;
CREATE INDEX customers_phone ON customers (phone_key COLLATE "C") WHERE phone_key IS NOT NULL;

-- +goose Down
DROP INDEX customers_phone;
DROP INDEX customers_email;
ALTER TABLE customers
    DROP COLUMN phone_key,
    DROP COLUMN phone,
    DROP COLUMN email;
