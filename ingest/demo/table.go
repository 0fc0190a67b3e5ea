package demo

// Source is what made-up customers keep as their origin, by which they are told from imported ones.
const Source = "demo"

// table is a table that the load fills. Their order lets each one refer to those before it.
type table int

const (
	tableOrganisations table = iota
	tableUsers
	tableServiceLevels
	tableCategories
	tableProducts
	tablePrices
	tableWarehouses
	tableStock
	tableInbound
	tableCarriers
	tableCustomers
	tableReferences
	tableContacts
	tableSites
	tableContractPrices
	tableQuotes
	tableQuoteLines
	tableOrders
	tableOrderLines
	tableReturns
	tableReturnLines
	tableShipments
	tablePackages
	tableEvents
	tableInvoices
	tableInvoiceLines
	tablePayments
	tableAllocations
	tableCreditNotes
	tableCases
	tableInteractions
	tableFollowUps
	tableDisputes
	tableCount
)

// tables gives each table's name and the columns in the order in which rows are written. Columns that are not here
// take their defaults.
var tables = [tableCount]struct{ name, columns string }{
	tableOrganisations: {"organisations", "id, parent_id, code, name, country_code, currency, time_zone"},
	tableUsers:         {"users", "id, organisation_id, name, email, phone, team, active"},
	tableServiceLevels: {"service_levels", "id, code, name, description, otif_target, lead_time_days, follow_up_days"},
	tableCategories:    {"categories", "id, parent_id, code, name, position"},
	tableProducts: {"products", "id, category_id, replacement_id, sku, name, description, unit, weight_kg, " +
		"length_cm, width_cm, height_cm, specs, media, status, created_at, updated_at"},
	tablePrices:     {"prices", "id, product_id, kind, segment, currency, min_quantity, amount, valid_from, valid_to"},
	tableWarehouses: {"warehouses", "id, organisation_id, code, name, city, country_code, time_zone"},
	tableStock:      {"stock", "id, product_id, warehouse_id, on_hand, allocated, counted_at"},
	tableInbound:    {"inbound", "id, product_id, warehouse_id, quantity, expected_on, reference"},
	tableCarriers:   {"carriers", "id, code, name, tracking_url"},
	tableCustomers: {"customers", "customer_id, organisation_id, parent_id, account_manager_id, service_level_id, number, " +
		"name, legal_name, email, phone, kind, segment, status, language, time_zone, country_code, currency, credit_limit, tags, source, " +
		"created_at, updated_at"},
	tableReferences: {"customer_references", "customer_id, id, system, value"},
	tableContacts:   {"contacts", "customer_id, id, name, email, phone, role, language, is_primary"},
	tableSites: {"sites", "customer_id, id, code, name, kind, street, street2, postal_code, city, region, country_code, " +
		"latitude, longitude, time_zone, instructions, delivery_windows, is_primary"},
	tableContractPrices: {"contract_prices", "customer_id, id, product_id, currency, min_quantity, amount, valid_from, valid_to"},
	tableQuotes: {"quotes", "customer_id, id, contact_id, owner_id, number, status, quoted_at, valid_until, currency, " +
		"total"},
	tableQuoteLines: {"quote_lines", "customer_id, id, quote_id, line_number, product_id, description, quantity, unit, " +
		"unit_price, amount"},
	tableOrders: {"orders", "customer_id, id, site_id, contact_id, quote_id, number, po_number, status, channel, " +
		"country_code, placed_at, confirmed_at, shipped_at, delivered_at, cancelled_at, requested_on, promised_on, " +
		"delivered_on, currency, goods_total, freight_total, tax_total, total, created_at, updated_at"},
	tableOrderLines: {"order_lines", "customer_id, id, order_id, line_number, product_id, description, quantity, " +
		"shipped_quantity, unit, currency, unit_price, amount, ship_by"},
	tableReturns: {"returns", "customer_id, id, order_id, number, status, reason, note, requested_at, received_at, " +
		"currency, refund"},
	tableReturnLines: {"return_lines", "customer_id, id, return_id, order_line_id, quantity"},
	tableShipments: {"shipments", "customer_id, id, order_id, site_id, warehouse_id, carrier_id, number, tracking_number, " +
		"tracking_unique_id, service, milestone, delayed, delay_reason, created_at, shipped_at, delivered_at, promised_on, " +
		"eta_earliest, eta_latest, eta_precision, eta_time_zone, eta_source, eta_observed_at, pod_signed_by, pod_at, " +
		"pod_document_url, currency, freight_cost, weight_kg, updated_at"},
	tablePackages: {"packages", "customer_id, id, shipment_id, sequence, tracking_number, sscc, weight_kg, length_cm, " +
		"width_cm, height_cm"},
	tableEvents: {"tracking_events", "customer_id, id, shipment_id, milestone, classifier, raw_code, raw_text, occurred_at, " +
		"local_time, utc_offset, location, country_code, reason, received_at"},
	tableInvoices: {"invoices", "customer_id, id, order_id, number, status, issued_on, due_on, currency, net_total, " +
		"tax_total, total, paid, credited, created_at, updated_at"},
	tableInvoiceLines: {"invoice_lines", "customer_id, id, invoice_id, line_number, order_line_id, product_id, " +
		"description, quantity, unit_price, tax, amount"},
	tablePayments: {"payments", "customer_id, id, order_id, reference, method, installments, received_at, currency, " +
		"amount, created_at"},
	tableAllocations: {"payment_allocations", "customer_id, id, payment_id, invoice_id, amount"},
	tableCreditNotes: {"credit_notes", "customer_id, id, invoice_id, return_id, number, issued_on, reason, currency, amount"},
	tableCases: {"cases", "customer_id, id, contact_id, order_id, shipment_id, assignee_id, number, title, description, " +
		"kind, priority, status, opened_at, due_at, resolved_at, created_at, updated_at"},
	tableInteractions: {"interactions", "customer_id, id, contact_id, user_id, order_id, case_id, channel, direction, " +
		"subject, body, rating, occurred_at, answered_at"},
	tableFollowUps: {"follow_ups", "customer_id, id, assignee_id, case_id, title, note, status, due_at, completed_at, " +
		"created_at"},
	tableDisputes: {"disputes", "customer_id, id, invoice_id, case_id, status, reason, note, opened_at, resolved_at, " +
		"currency, amount"},
}

func tableNames() []string {
	names := make([]string, 0, tableCount)
	for _, t := range tables {
		names = append(names, t.name)
	}
	return names
}
