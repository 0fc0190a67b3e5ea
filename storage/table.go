package storage

import (
	"strings"

	"github.com/vigie-dev/vigie/domain"
)

// table is an entity without the type of its rows.
type table interface {
	kindOf() domain.Kind
	columnNames() []string
	probeID() domain.ID
	// keyColumns and set are columns by their place, those of the key and those with the given names.
	keyColumns() columnSet
	set(names []string) columnSet
	// selectReferenced writes the SELECT of the row that a column of another table's row, alias, leads to.
	selectReferenced(b *builder, s *Store, set columnSet, column Column, alias string) string
}

func (e *entity[T]) kindOf() domain.Kind   { return e.kind }
func (e *entity[T]) columnNames() []string { return e.scanner.columns }

func (e *entity[T]) keyColumns() columnSet { return e.keys }

func (e *entity[T]) set(names []string) columnSet {
	var set columnSet
	for _, name := range names {
		set |= 1 << e.byColumn[name]
	}
	return set
}

// The rows of the customer that the other table's row belongs to are in scope as that one is. Only the column with the customer itself leads to
// a customer that is.
func (e *entity[T]) selectReferenced(b *builder, s *Store, set columnSet, column Column, alias string) string {
	found := "c." + e.row() + " = " + alias + "." + column.name
	switch {
	case e.kind != domain.KindCustomer && e.kind.Owned():
		found = "c.customer_id = " + alias + ".customer_id AND " + found + " AND " + e.own(s)
	case e.kind == domain.KindCustomer && column.of.Owned() && column.name == "customer_id":
		found += " AND " + e.own(s)
	default:
		found += " AND " + e.guard(b, s)
	}
	// The limit keeps Postgres from joining the whole table in place of looking rows up.
	return "SELECT " + e.selection(set) + " FROM " + e.table + " c WHERE " + strings.TrimSuffix(found, " AND "+everything) + " LIMIT 1"
}

// ownerOf is the index of the column with the customer that a table's rows belong to; -1 where they belong to none.
func ownerOf(t table) int {
	if !t.kindOf().Owned() {
		return -1
	}
	for i, name := range t.columnNames() {
		if name == "customer_id" {
			return i
		}
	}
	return -1
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
