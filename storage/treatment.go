package storage

// erasedText stands where a text that must be there has been erased.
const erasedText = "'(erased)'"

// treatment says of one table with rows of customers what an erasure and an export do to it. Every table with a customer_id has one, and every
// column that could tell something of a person is in erased, kept or derived: a test holds both against the database.
type treatment struct {
	table string
	// erased is what stands in a column after an erasure, in SQL.
	erased map[string]string
	// kept are columns that an erasure leaves: codes, and the numbers and texts of the books.
	kept []string
	// derived are columns that others make up; they are not exported.
	derived []string
	// only is a condition on the rows (c) that an erasure changes; empty is all of the customer's.
	only string
	// deleted tells that an erasure takes the rows away: nothing refers to them, and there is nothing in them but what they name.
	deleted bool
	// unexported tells that the table only repeats what others say.
	unexported bool
	// internal is a condition on rows (c) that the customer's own users do not get, and hidden are columns that they do not get.
	internal string
	hidden   []string
}

// treatments lists all tables with rows of customers, in the order in which an erasure goes through them.
func treatments() []treatment {
	const null = "NULL"
	return []treatment{
		{
			table: "customers",
			erased: map[string]string{
				"name": erasedText, "legal_name": null, "email": null, "phone": null, "status": "'CLOSED'", "tags": "'{}'", "external_id": null,
			},
			kept:    []string{"number", "kind", "segment", "language", "time_zone", "country_code", "currency", "source"},
			derived: []string{"search_key", "phone_key"},
			hidden:  []string{"segment", "tags"},
		},
		{table: "customer_references", kept: []string{"system", "value"}, deleted: true},
		{
			table:   "contacts",
			erased:  map[string]string{"name": erasedText, "email": null, "phone": null, "role": null, "language": null, "external_id": null},
			kept:    []string{"source"},
			derived: []string{"search_key", "phone_key"},
		},
		{
			table: "sites",
			erased: map[string]string{
				"code": null, "name": erasedText, "street": null, "street2": null, "postal_code": null, "city": null, "region": null,
				"latitude": null, "longitude": null, "time_zone": null, "instructions": null, "delivery_windows": "'[]'", "external_id": null,
			},
			kept: []string{"kind", "country_code", "source"},
		},
		{table: "contract_prices", kept: []string{"currency", "source", "external_id"}},
		{table: "quotes", kept: []string{"number", "status", "currency", "source", "external_id"}, internal: quoteEntity.internal},
		{table: "quote_lines", kept: []string{"description", "unit", "source", "external_id"}, internal: quoteLineEntity.internal},
		{
			table: "orders", erased: map[string]string{"po_number": null},
			kept: []string{"number", "status", "channel", "country_code", "currency", "source", "external_id"},
		},
		{table: "order_lines", kept: []string{"description", "unit", "currency", "source", "external_id"}},
		{
			table: "returns", erased: map[string]string{"note": null},
			kept: []string{"number", "status", "reason", "currency", "source", "external_id"}, hidden: []string{"note"},
		},
		{table: "return_lines", kept: []string{"source", "external_id"}},
		{
			// With its number, a carrier tells anybody where a parcel went.
			table: "shipments",
			erased: map[string]string{
				"tracking_number": null, "tracking_unique_id": null, "delay_reason": null, "eta_time_zone": null, "pod_signed_by": null,
				"pod_document_url": null,
			},
			kept:   []string{"number", "service", "milestone", "eta_precision", "eta_source", "currency", "source", "external_id"},
			hidden: []string{"freight_cost"},
		},
		{table: "packages", erased: map[string]string{"tracking_number": null, "sscc": null, "external_id": null}, kept: []string{"source"}},
		{
			table:  "tracking_events",
			erased: map[string]string{"raw_text": null, "location": null, "carrier_event_id": null, "external_id": null},
			kept:   []string{"milestone", "classifier", "raw_code", "time_precision", "country_code", "reason", "source"},
		},
		{
			table: "eta_statements", kept: []string{"source", "precision", "time_zone", "statement", "digest"}, deleted: true,
			hidden: []string{"statement", "digest"},
		},
		{table: "shipment_tracking", kept: []string{"outcome"}, deleted: true, unexported: true},
		{table: "invoices", kept: []string{"number", "status", "currency", "source", "external_id"}},
		{table: "invoice_lines", kept: []string{"description", "source", "external_id"}},
		{table: "payments", erased: map[string]string{"reference": null}, kept: []string{"method", "currency", "source", "external_id"}},
		{table: "payment_allocations", kept: []string{"source", "external_id"}},
		{table: "credit_notes", erased: map[string]string{"reason": null}, kept: []string{"number", "currency", "source", "external_id"}},
		{
			table: "cases", erased: map[string]string{"title": erasedText, "description": null},
			kept: []string{"number", "kind", "priority", "status", "source", "external_id"}, hidden: []string{"description"},
		},
		{
			table: "interactions", erased: map[string]string{"subject": null, "body": null, "external_id": null},
			kept: []string{"channel", "direction", "source"}, internal: interactionEntity.internal,
		},
		{
			table: "follow_ups", erased: map[string]string{"title": erasedText, "note": null},
			kept: []string{"status", "source", "external_id"}, internal: followUpEntity.internal,
		},
		{
			table: "disputes", erased: map[string]string{"note": null},
			kept: []string{"status", "reason", "currency", "source", "external_id"}, hidden: []string{"note"},
		},
		{table: "changes", kept: []string{"kind", "operation", "xact"}, unexported: true},
		{
			// The record of who read what stays, and so do our own people in it.
			table: "audit_entries", erased: map[string]string{"subject": erasedText, "viewer_name": erasedText}, only: "c.role = 'CUSTOMER'",
			kept: []string{"role", "action", "kind", "operation", "fields", "request_id", "details"}, internal: everything,
		},
	}
}
