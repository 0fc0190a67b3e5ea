package loaders

import (
	"context"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// Set is all loaders of one response, and the store behind them for what needs no batching. Both see what the response's viewer may see.
type Set struct {
	Store *storage.Store

	// Objects by id.
	Organisations      ByID[domain.Organisation]
	Users              ByID[domain.User]
	ServiceLevels      ByID[domain.ServiceLevel]
	Customers          ByID[domain.Customer]
	Contacts           ByID[domain.Contact]
	Sites              ByID[domain.Site]
	Interactions       ByID[domain.Interaction]
	Cases              ByID[domain.Case]
	FollowUps          ByID[domain.FollowUp]
	Invoices           ByID[domain.Invoice]
	InvoiceLines       ByID[domain.InvoiceLine]
	Payments           ByID[domain.Payment]
	PaymentAllocations ByID[domain.PaymentAllocation]
	CreditNotes        ByID[domain.CreditNote]
	Disputes           ByID[domain.Dispute]
	Quotes             ByID[domain.Quote]
	QuoteLines         ByID[domain.QuoteLine]
	Orders             ByID[domain.Order]
	OrderLines         ByID[domain.OrderLine]
	Returns            ByID[domain.Return]
	ReturnLines        ByID[domain.ReturnLine]
	Categories         ByID[domain.Category]
	Products           ByID[domain.Product]
	Warehouses         ByID[domain.Warehouse]
	Carriers           ByID[domain.Carrier]
	Shipments          ByID[domain.Shipment]
	Packages           ByID[domain.Package]
	TrackingEvents     ByID[domain.TrackingEvent]
	AuditEntries       ByID[domain.AuditEntry]

	// Pages of children by parent.
	SubsidiariesOfCustomers *Pages[domain.Customer]
	ContactsOfCustomers     *Pages[domain.Contact]
	SitesOfCustomers        *Pages[domain.Site]
	InteractionsOfCustomers *Pages[domain.Interaction]
	InteractionsOfOrders    *Pages[domain.Interaction]
	InteractionsOfCases     *Pages[domain.Interaction]
	CasesOfCustomers        *Pages[domain.Case]
	FollowUpsOfCustomers    *Pages[domain.FollowUp]
	Timelines               *Pages[domain.TimelineItem]
	InvoicesOfCustomers     *Pages[domain.Invoice]
	InvoicesOfOrders        *Pages[domain.Invoice]
	LinesOfInvoices         *Pages[domain.InvoiceLine]
	PaymentsOfCustomers     *Pages[domain.Payment]
	PaymentsOfOrders        *Pages[domain.Payment]
	AllocationsOfPayments   *Pages[domain.PaymentAllocation]
	AllocationsOfInvoices   *Pages[domain.PaymentAllocation]
	CreditNotesOfCustomers  *Pages[domain.CreditNote]
	CreditNotesOfInvoices   *Pages[domain.CreditNote]
	DisputesOfCustomers     *Pages[domain.Dispute]
	DisputesOfInvoices      *Pages[domain.Dispute]
	QuotesOfCustomers       *Pages[domain.Quote]
	LinesOfQuotes           *Pages[domain.QuoteLine]
	OrdersOfCustomers       *Pages[domain.Order]
	LinesOfOrders           *Pages[domain.OrderLine]
	ReturnsOfCustomers      *Pages[domain.Return]
	ReturnsOfOrders         *Pages[domain.Return]
	LinesOfReturns          *Pages[domain.ReturnLine]
	ChildrenOfCategories    *Pages[domain.Category]
	ProductsOfCategories    *Pages[domain.Product]
	ShipmentsOfCustomers    *Pages[domain.Shipment]
	ShipmentsOfOrders       *Pages[domain.Shipment]
	PackagesOfShipments     *Pages[domain.Package]
	EventsOfShipments       *Pages[domain.TrackingEvent]

	// The rest, by what they are asked with.
	CustomersByNumber     Loader[string, *domain.Customer]
	ReferencesOfCustomers Loader[domain.ID, []*domain.CustomerReference]
	OpenItemsOfCustomers  Loader[domain.CustomerDay, domain.OpenItems]
	FacetsOfCategories    *Facets
	ProductsBySKU         Loader[string, *domain.Product]
	PricesOfProducts      Loader[PriceKey, []*domain.Price]
	StockOfProducts       Loader[domain.ID, []*domain.Stock]
	InboundOfStock        Loader[domain.StockKey, []*domain.Inbound]
}

// PriceKey asks for the prices of a product.
type PriceKey struct {
	Product domain.ID
	Query   domain.PriceQuery
}

// New makes the loaders of one response. Each waits for so long for the other fields of its level.
func New(store *storage.Store, wait time.Duration) *Set {
	return &Set{
		Store:              store,
		Organisations:      byID(wait, store.OrganisationsByID),
		Users:              byID(wait, store.UsersByID),
		ServiceLevels:      byID(wait, store.ServiceLevelsByID),
		Customers:          byID(wait, store.CustomersByID),
		Contacts:           byID(wait, store.ContactsByID),
		Sites:              byID(wait, store.SitesByID),
		Interactions:       byID(wait, store.InteractionsByID),
		Cases:              byID(wait, store.CasesByID),
		FollowUps:          byID(wait, store.FollowUpsByID),
		Invoices:           byID(wait, store.InvoicesByID),
		InvoiceLines:       byID(wait, store.InvoiceLinesByID),
		Payments:           byID(wait, store.PaymentsByID),
		PaymentAllocations: byID(wait, store.PaymentAllocationsByID),
		CreditNotes:        byID(wait, store.CreditNotesByID),
		Disputes:           byID(wait, store.DisputesByID),
		Quotes:             byID(wait, store.QuotesByID),
		QuoteLines:         byID(wait, store.QuoteLinesByID),
		Orders:             byID(wait, store.OrdersByID),
		OrderLines:         byID(wait, store.OrderLinesByID),
		Returns:            byID(wait, store.ReturnsByID),
		ReturnLines:        byID(wait, store.ReturnLinesByID),
		Categories:         byID(wait, store.CategoriesByID),
		Products:           byID(wait, store.ProductsByID),
		Warehouses:         byID(wait, store.WarehousesByID),
		Carriers:           byID(wait, store.CarriersByID),
		Shipments:          byID(wait, store.ShipmentsByID),
		Packages:           byID(wait, store.PackagesByID),
		TrackingEvents:     byID(wait, store.TrackingEventsByID),
		AuditEntries:       byID(wait, store.AuditEntriesByID),

		SubsidiariesOfCustomers: newPages(wait, store.SubsidiariesOfCustomers()),
		ContactsOfCustomers:     newPages(wait, store.ContactsOfCustomers()),
		SitesOfCustomers:        newPages(wait, store.SitesOfCustomers()),
		InteractionsOfCustomers: newPages(wait, store.InteractionsOfCustomers()),
		InteractionsOfOrders:    newPages(wait, store.InteractionsOfOrders()),
		InteractionsOfCases:     newPages(wait, store.InteractionsOfCases()),
		CasesOfCustomers:        newPages(wait, store.CasesOfCustomers()),
		FollowUpsOfCustomers:    newPages(wait, store.FollowUpsOfCustomers()),
		Timelines:               newPages(wait, store.Timelines()),
		InvoicesOfCustomers:     newPages(wait, store.InvoicesOfCustomers()),
		InvoicesOfOrders:        newPages(wait, store.InvoicesOfOrders()),
		LinesOfInvoices:         newPages(wait, store.LinesOfInvoices()),
		PaymentsOfCustomers:     newPages(wait, store.PaymentsOfCustomers()),
		PaymentsOfOrders:        newPages(wait, store.PaymentsOfOrders()),
		AllocationsOfPayments:   newPages(wait, store.AllocationsOfPayments()),
		AllocationsOfInvoices:   newPages(wait, store.AllocationsOfInvoices()),
		CreditNotesOfCustomers:  newPages(wait, store.CreditNotesOfCustomers()),
		CreditNotesOfInvoices:   newPages(wait, store.CreditNotesOfInvoices()),
		DisputesOfCustomers:     newPages(wait, store.DisputesOfCustomers()),
		DisputesOfInvoices:      newPages(wait, store.DisputesOfInvoices()),
		QuotesOfCustomers:       newPages(wait, store.QuotesOfCustomers()),
		LinesOfQuotes:           newPages(wait, store.LinesOfQuotes()),
		OrdersOfCustomers:       newPages(wait, store.OrdersOfCustomers()),
		LinesOfOrders:           newPages(wait, store.LinesOfOrders()),
		ReturnsOfCustomers:      newPages(wait, store.ReturnsOfCustomers()),
		ReturnsOfOrders:         newPages(wait, store.ReturnsOfOrders()),
		LinesOfReturns:          newPages(wait, store.LinesOfReturns()),
		ChildrenOfCategories:    newPages(wait, store.ChildrenOfCategories()),
		ProductsOfCategories:    newPages(wait, store.ProductsOfCategories()),
		ShipmentsOfCustomers:    newPages(wait, store.ShipmentsOfCustomers()),
		ShipmentsOfOrders:       newPages(wait, store.ShipmentsOfOrders()),
		PackagesOfShipments:     newPages(wait, store.PackagesOfShipments()),
		EventsOfShipments:       newPages(wait, store.EventsOfShipments()),

		CustomersByNumber:     Loader[string, *domain.Customer]{wait: wait, fetch: store.CustomersByNumber},
		ReferencesOfCustomers: Loader[domain.ID, []*domain.CustomerReference]{wait: wait, fetch: store.ReferencesOfCustomers},
		OpenItemsOfCustomers:  Loader[domain.CustomerDay, domain.OpenItems]{wait: wait, fetch: store.OpenItemsOfCustomers},
		FacetsOfCategories:    newFacets(wait, store.FacetsOfCategories),
		ProductsBySKU:         Loader[string, *domain.Product]{wait: wait, fetch: store.ProductsBySKU},
		PricesOfProducts:      Loader[PriceKey, []*domain.Price]{wait: wait, fetch: fetchPrices(store)},
		StockOfProducts:       Loader[domain.ID, []*domain.Stock]{wait: wait, fetch: store.StockOfProducts},
		InboundOfStock:        Loader[domain.StockKey, []*domain.Inbound]{wait: wait, fetch: store.InboundOfStock},
	}
}

func byID[T any](wait time.Duration, fetch func(context.Context, []domain.ID) (map[domain.ID]*T, error)) ByID[T] {
	return ByID[T]{Loader[domain.ID, *T]{wait: wait, fetch: fetch}}
}

// fetchPrices reads the prices of products, one statement for each different question.
func fetchPrices(store *storage.Store) func(context.Context, []PriceKey) (map[PriceKey][]*domain.Price, error) {
	return func(ctx context.Context, keys []PriceKey) (map[PriceKey][]*domain.Price, error) {
		products := map[domain.PriceQuery][]domain.ID{}
		for _, key := range keys {
			products[key.Query] = append(products[key.Query], key.Product)
		}
		found := make(map[PriceKey][]*domain.Price, len(keys))
		for query, ids := range products {
			prices, err := store.PricesOfProducts(ctx, ids, query)
			if err != nil {
				return nil, err
			}
			for id, list := range prices {
				found[PriceKey{id, query}] = list
			}
		}
		return found, nil
	}
}

type contextKey struct{}

// With puts the loaders of a response into its context.
func With(ctx context.Context, set *Set) context.Context {
	return context.WithValue(ctx, contextKey{}, set)
}

// For is the loaders of the response that ctx belongs to. It panics outside of one: that is a fault in the wiring.
func For(ctx context.Context) *Set {
	set, ok := ctx.Value(contextKey{}).(*Set)
	if !ok {
		panic("loaders: the context belongs to no response")
	}
	return set
}
