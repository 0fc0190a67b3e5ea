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
	// Observer hears of each batch; nil where nobody does.
	Observer Observer

	rounds rounds
	lists  map[any]source

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
	s := &Set{Store: store}
	s.Organisations = byID(s, wait, "organisationsByID", store.OrganisationsByID)
	s.Users = byID(s, wait, "usersByID", store.UsersByID)
	s.ServiceLevels = byID(s, wait, "serviceLevelsByID", store.ServiceLevelsByID)
	s.Customers = byID(s, wait, "customersByID", store.CustomersByID)
	s.Contacts = byID(s, wait, "contactsByID", store.ContactsByID)
	s.Sites = byID(s, wait, "sitesByID", store.SitesByID)
	s.Interactions = byID(s, wait, "interactionsByID", store.InteractionsByID)
	s.Cases = byID(s, wait, "casesByID", store.CasesByID)
	s.FollowUps = byID(s, wait, "followUpsByID", store.FollowUpsByID)
	s.Invoices = byID(s, wait, "invoicesByID", store.InvoicesByID)
	s.InvoiceLines = byID(s, wait, "invoiceLinesByID", store.InvoiceLinesByID)
	s.Payments = byID(s, wait, "paymentsByID", store.PaymentsByID)
	s.PaymentAllocations = byID(s, wait, "paymentAllocationsByID", store.PaymentAllocationsByID)
	s.CreditNotes = byID(s, wait, "creditNotesByID", store.CreditNotesByID)
	s.Disputes = byID(s, wait, "disputesByID", store.DisputesByID)
	s.Quotes = byID(s, wait, "quotesByID", store.QuotesByID)
	s.QuoteLines = byID(s, wait, "quoteLinesByID", store.QuoteLinesByID)
	s.Orders = byID(s, wait, "ordersByID", store.OrdersByID)
	s.OrderLines = byID(s, wait, "orderLinesByID", store.OrderLinesByID)
	s.Returns = byID(s, wait, "returnsByID", store.ReturnsByID)
	s.ReturnLines = byID(s, wait, "returnLinesByID", store.ReturnLinesByID)
	s.Categories = byID(s, wait, "categoriesByID", store.CategoriesByID)
	s.Products = byID(s, wait, "productsByID", store.ProductsByID)
	s.Warehouses = byID(s, wait, "warehousesByID", store.WarehousesByID)
	s.Carriers = byID(s, wait, "carriersByID", store.CarriersByID)
	s.Shipments = byID(s, wait, "shipmentsByID", store.ShipmentsByID)
	s.Packages = byID(s, wait, "packagesByID", store.PackagesByID)
	s.TrackingEvents = byID(s, wait, "trackingEventsByID", store.TrackingEventsByID)
	s.AuditEntries = byID(s, wait, "auditEntriesByID", store.AuditEntriesByID)

	s.SubsidiariesOfCustomers = newPages(s, wait, "subsidiariesOfCustomers", store.SubsidiariesOfCustomers())
	s.ContactsOfCustomers = newPages(s, wait, "contactsOfCustomers", store.ContactsOfCustomers())
	s.SitesOfCustomers = newPages(s, wait, "sitesOfCustomers", store.SitesOfCustomers())
	s.InteractionsOfCustomers = newPages(s, wait, "interactionsOfCustomers", store.InteractionsOfCustomers())
	s.InteractionsOfOrders = newPages(s, wait, "interactionsOfOrders", store.InteractionsOfOrders())
	s.InteractionsOfCases = newPages(s, wait, "interactionsOfCases", store.InteractionsOfCases())
	s.CasesOfCustomers = newPages(s, wait, "casesOfCustomers", store.CasesOfCustomers())
	s.FollowUpsOfCustomers = newPages(s, wait, "followUpsOfCustomers", store.FollowUpsOfCustomers())
	s.Timelines = newPages(s, wait, "timelines", store.Timelines())
	s.InvoicesOfCustomers = newPages(s, wait, "invoicesOfCustomers", store.InvoicesOfCustomers())
	s.InvoicesOfOrders = newPages(s, wait, "invoicesOfOrders", store.InvoicesOfOrders())
	s.LinesOfInvoices = newPages(s, wait, "linesOfInvoices", store.LinesOfInvoices())
	s.PaymentsOfCustomers = newPages(s, wait, "paymentsOfCustomers", store.PaymentsOfCustomers())
	s.PaymentsOfOrders = newPages(s, wait, "paymentsOfOrders", store.PaymentsOfOrders())
	s.AllocationsOfPayments = newPages(s, wait, "allocationsOfPayments", store.AllocationsOfPayments())
	s.AllocationsOfInvoices = newPages(s, wait, "allocationsOfInvoices", store.AllocationsOfInvoices())
	s.CreditNotesOfCustomers = newPages(s, wait, "creditNotesOfCustomers", store.CreditNotesOfCustomers())
	s.CreditNotesOfInvoices = newPages(s, wait, "creditNotesOfInvoices", store.CreditNotesOfInvoices())
	s.DisputesOfCustomers = newPages(s, wait, "disputesOfCustomers", store.DisputesOfCustomers())
	s.DisputesOfInvoices = newPages(s, wait, "disputesOfInvoices", store.DisputesOfInvoices())
	s.QuotesOfCustomers = newPages(s, wait, "quotesOfCustomers", store.QuotesOfCustomers())
	s.LinesOfQuotes = newPages(s, wait, "linesOfQuotes", store.LinesOfQuotes())
	s.OrdersOfCustomers = newPages(s, wait, "ordersOfCustomers", store.OrdersOfCustomers())
	s.LinesOfOrders = newPages(s, wait, "linesOfOrders", store.LinesOfOrders())
	s.ReturnsOfCustomers = newPages(s, wait, "returnsOfCustomers", store.ReturnsOfCustomers())
	s.ReturnsOfOrders = newPages(s, wait, "returnsOfOrders", store.ReturnsOfOrders())
	s.LinesOfReturns = newPages(s, wait, "linesOfReturns", store.LinesOfReturns())
	s.ChildrenOfCategories = newPages(s, wait, "childrenOfCategories", store.ChildrenOfCategories())
	s.ProductsOfCategories = newPages(s, wait, "productsOfCategories", store.ProductsOfCategories())
	s.ShipmentsOfCustomers = newPages(s, wait, "shipmentsOfCustomers", store.ShipmentsOfCustomers())
	s.ShipmentsOfOrders = newPages(s, wait, "shipmentsOfOrders", store.ShipmentsOfOrders())
	s.PackagesOfShipments = newPages(s, wait, "packagesOfShipments", store.PackagesOfShipments())
	s.EventsOfShipments = newPages(s, wait, "eventsOfShipments", store.EventsOfShipments())

	s.CustomersByNumber = newLoader(s, wait, "customersByNumber", store.CustomersByNumber)
	s.ReferencesOfCustomers = newLoader(s, wait, "referencesOfCustomer", store.ReferencesOfCustomers)
	s.OpenItemsOfCustomers = newLoader(s, wait, "openItemsOfCustomer", store.OpenItemsOfCustomers)
	s.FacetsOfCategories = newFacets(s, wait, store.FacetsOfCategories)
	s.ProductsBySKU = newLoader(s, wait, "productsBySKU", store.ProductsBySKU)
	s.PricesOfProducts = newLoader(s, wait, "pricesOfProduct", fetchPrices(store))
	s.StockOfProducts = newLoader(s, wait, "stockOfProduct", store.StockOfProducts)
	s.InboundOfStock = newLoader(s, wait, "inboundOfStock", store.InboundOfStock)
	return s
}

func byID[T any](s *Set, wait time.Duration, name string, fetch func(context.Context, []domain.ID) (map[domain.ID]*T, error)) ByID[T] {
	return ByID[T]{Loader: newLoader(s, wait, name, fetch), store: s.Store}
}

func newLoader[K comparable, V any](s *Set, wait time.Duration, name string, fetch func(context.Context, []K) (map[K]V, error)) Loader[K, V] {
	return Loader[K, V]{name: name, wait: wait, fetch: fetch, inRounds: inRounds[K, V]{rounds: &s.rounds}}
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
