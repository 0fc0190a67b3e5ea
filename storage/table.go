package storage

import "github.com/vigie-dev/vigie/domain"

// table is an entity without the type of its rows.
type table interface {
	kindOf() domain.Kind
	columnNames() []string
	probeID() domain.ID
	// keyColumns and set are columns by their place, those of the key and those with the given names.
	keyColumns() columnSet
	set(names []string) columnSet
	// ownerColumn is the column with the customer that rows belong to.
	ownerColumn() columnSet
	// selectReferenced writes the SELECT of the rows that others lead to.
	selectReferenced(b *builder, s *Store, set columnSet, by reference) string
}

func (e *entity[T]) kindOf() domain.Kind   { return e.kind }
func (e *entity[T]) columnNames() []string { return e.scanner.columns }

func (e *entity[T]) keyColumns() columnSet { return e.keys }

func (e *entity[T]) ownerColumn() columnSet { return e.owner }

func (e *entity[T]) set(names []string) columnSet {
	var set columnSet
	for _, name := range names {
		set |= 1 << e.byColumn[name]
	}
	return set
}

// reference is a column that leads to rows of a table: of the rows p, as far as they are shown. sole tells whether all belong to one customer.
type reference struct {
	column      Column
	rows, shown string
	sole        bool
}

// all are the values of the column. As an array they are looked up in one step of the plan; joined to them, every row would be a step of its own, or
// the other table be read whole.
func (r reference) all() string {
	return "ANY (ARRAY(SELECT p." + r.column.name + " FROM " + r.rows + where(r.shown) + "))"
}

// paired tells whether rows are found by customer and number, of several customers.
func (r reference) paired() bool {
	return r.column.to.Owned() && r.column.to != domain.KindCustomer && !r.sole
}

// pairs is the keys p of the rows that are referred to, where they are paired.
func (r reference) pairs() string {
	if !r.paired() {
		return ""
	}
	key := "p." + r.column.name
	return " FROM (SELECT DISTINCT " + key + ", p.customer_id FROM " + r.rows + where(and(key+" IS NOT NULL", r.shown)) + ") p"
}

// The rows of the customer that the other table's rows belong to are in scope as these are. Only the column with the customer itself leads to
// a customer that is.
func (e *entity[T]) selectReferenced(b *builder, s *Store, set columnSet, by reference) string {
	found, guard, column := "c."+e.row()+" = "+by.all(), e.own(s), by.column
	offset := ""
	switch {
	case by.paired():
		// The offset keeps Postgres from joining the whole table in place of looking rows up, and takes no step of the plan as a limit would.
		found, offset = "c.customer_id = p.customer_id AND c.id = p."+column.name, " OFFSET 0"
	case e.kind != domain.KindCustomer && e.kind.Owned():
		found = "c.customer_id = (SELECT p.customer_id FROM " + by.rows + " LIMIT 1) AND " + found
	case e.kind != domain.KindCustomer || !column.of.Owned() || column.name != "customer_id":
		guard = e.guard(b, s)
	}
	return "SELECT " + e.selection(set) + " FROM " + e.table + " c WHERE " + and(found, guard) + offset
}

// tableOfKind is the entity of a kind; nil where there is none.
func tableOfKind(kind domain.Kind) table {
	all := tables()
	if int(kind) >= len(all) {
		return nil
	}
	return all[kind]
}

// tables are the entities by their kinds; nil where a kind has none.
func tables() [domain.KindAuditEntry + 1]table {
	return [...]table{
		domain.KindOrganisation: organisationEntity, domain.KindUser: userEntity, domain.KindServiceLevel: serviceLevelEntity,
		domain.KindCustomer: customerEntity, domain.KindContact: contactEntity, domain.KindSite: siteEntity,
		domain.KindInteraction: interactionEntity, domain.KindCase: caseEntity, domain.KindFollowUp: followUpEntity,
		domain.KindInvoice: invoiceEntity, domain.KindInvoiceLine: invoiceLineEntity, domain.KindPayment: paymentEntity,
		domain.KindPaymentAllocation: allocationEntity, domain.KindCreditNote: creditNoteEntity, domain.KindDispute: disputeEntity,
		domain.KindQuote: quoteEntity, domain.KindQuoteLine: quoteLineEntity, domain.KindOrder: orderEntity,
		domain.KindOrderLine: orderLineEntity, domain.KindReturn: returnEntity, domain.KindReturnLine: returnLineEntity,
		domain.KindCategory: categoryEntity, domain.KindProduct: productEntity, domain.KindWarehouse: warehouseEntity,
		domain.KindCarrier: carrierEntity, domain.KindShipment: shipmentEntity, domain.KindPackage: packageEntity,
		domain.KindTrackingEvent: trackingEventEntity, domain.KindAuditEntry: auditEntryEntity,
	}
}

// keysOf are the columns of alias that tell rows of a kind apart.
func keysOf(kind domain.Kind, alias string) []string {
	switch {
	case kind == domain.KindCustomer:
		return []string{alias + ".customer_id"}
	case kind.Owned():
		return []string{alias + ".customer_id", alias + ".id"}
	default:
		return []string{alias + ".id"}
	}
}

// keyInto is where to scan the columns of keysOf, and what stands behind them.
func keyInto(id *domain.ID, extra ...any) []any {
	if id.Kind.Owned() && id.Kind != domain.KindCustomer {
		return append([]any{&id.Customer, &id.Row}, extra...)
	}
	return append([]any{&id.Row}, extra...)
}
