package loaders

import (
	"context"
	"sync"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// Set is all loaders of one response, and the store behind them for what needs no batching. Both see what the response's viewer may see.
type Set struct {
	Store *storage.Store
	// Observer hears of each batch; nil where nobody does.
	Observer Observer
	// Tracker asks carriers; nil where none is set up.
	Tracker Tracker

	moment struct {
		mu    sync.Mutex
		known bool
		at    time.Time
	}
	health struct {
		once sync.Once
		of   map[string]*domain.CarrierHealth
	}
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
	CustomersByNumber     ByName[domain.Customer]
	ReferencesOfCustomers Loader[domain.ID, []*domain.CustomerReference]
	OpenItemsOfCustomers  Loader[domain.CustomerDay, domain.OpenItems]
	FacetsOfCategories    *Facets
	ProductsBySKU         ByName[domain.Product]
	PricesOfProducts      Loader[PriceKey, []*domain.Price]
	StockOfProducts       Loader[domain.ID, []*domain.Stock]
	InboundOfStock        Loader[domain.StockKey, []*domain.Inbound]
	EtaHistories          Loader[domain.ID, *domain.EtaHistory]

	// What carriers say.
	Live   Beside[LiveKey, *domain.LiveTracking]
	Tracks Beside[TrackKey, *domain.TrackAnswer]
}

// PriceKey asks for the prices of a product.
type PriceKey struct {
	Product domain.ID
	Query   domain.PriceQuery
}

// New makes the loaders of one response. Each waits for so long for the other fields of its level.
func New(store *storage.Store, wait time.Duration) *Set {
	s := &Set{Store: store}
	s.Organisations = byID[domain.Organisation](s, wait, "organisationsByID")
	s.Users = byID[domain.User](s, wait, "usersByID")
	s.ServiceLevels = byID[domain.ServiceLevel](s, wait, "serviceLevelsByID")
	s.Customers = byID[domain.Customer](s, wait, "customersByID")
	s.Contacts = byID[domain.Contact](s, wait, "contactsByID")
	s.Sites = byID[domain.Site](s, wait, "sitesByID")
	s.Interactions = byID[domain.Interaction](s, wait, "interactionsByID")
	s.Cases = byID[domain.Case](s, wait, "casesByID")
	s.FollowUps = byID[domain.FollowUp](s, wait, "followUpsByID")
	s.Invoices = byID[domain.Invoice](s, wait, "invoicesByID")
	s.InvoiceLines = byID[domain.InvoiceLine](s, wait, "invoiceLinesByID")
	s.Payments = byID[domain.Payment](s, wait, "paymentsByID")
	s.PaymentAllocations = byID[domain.PaymentAllocation](s, wait, "paymentAllocationsByID")
	s.CreditNotes = byID[domain.CreditNote](s, wait, "creditNotesByID")
	s.Disputes = byID[domain.Dispute](s, wait, "disputesByID")
	s.Quotes = byID[domain.Quote](s, wait, "quotesByID")
	s.QuoteLines = byID[domain.QuoteLine](s, wait, "quoteLinesByID")
	s.Orders = byID[domain.Order](s, wait, "ordersByID")
	s.OrderLines = byID[domain.OrderLine](s, wait, "orderLinesByID")
	s.Returns = byID[domain.Return](s, wait, "returnsByID")
	s.ReturnLines = byID[domain.ReturnLine](s, wait, "returnLinesByID")
	s.Categories = byID[domain.Category](s, wait, "categoriesByID")
	s.Products = byID[domain.Product](s, wait, "productsByID")
	s.Warehouses = byID[domain.Warehouse](s, wait, "warehousesByID")
	s.Carriers = byID[domain.Carrier](s, wait, "carriersByID")
	s.Shipments = byID[domain.Shipment](s, wait, "shipmentsByID")
	s.Packages = byID[domain.Package](s, wait, "packagesByID")
	s.TrackingEvents = byID[domain.TrackingEvent](s, wait, "trackingEventsByID")
	s.AuditEntries = byID[domain.AuditEntry](s, wait, "auditEntriesByID")

	s.SubsidiariesOfCustomers = newPages(s, wait, "subsidiariesOfCustomers", (*storage.Store).SubsidiariesOfCustomers)
	s.ContactsOfCustomers = newPages(s, wait, "contactsOfCustomers", (*storage.Store).ContactsOfCustomers)
	s.SitesOfCustomers = newPages(s, wait, "sitesOfCustomers", (*storage.Store).SitesOfCustomers)
	s.InteractionsOfCustomers = newPages(s, wait, "interactionsOfCustomers", (*storage.Store).InteractionsOfCustomers)
	s.InteractionsOfOrders = newPages(s, wait, "interactionsOfOrders", (*storage.Store).InteractionsOfOrders)
	s.InteractionsOfCases = newPages(s, wait, "interactionsOfCases", (*storage.Store).InteractionsOfCases)
	s.CasesOfCustomers = newPages(s, wait, "casesOfCustomers", (*storage.Store).CasesOfCustomers)
	s.FollowUpsOfCustomers = newPages(s, wait, "followUpsOfCustomers", (*storage.Store).FollowUpsOfCustomers)
	s.Timelines = newPagesOf[domain.TimelineItem](s, wait, "timelines", store.Timelines())
	s.InvoicesOfCustomers = newPages(s, wait, "invoicesOfCustomers", (*storage.Store).InvoicesOfCustomers)
	s.InvoicesOfOrders = newPages(s, wait, "invoicesOfOrders", (*storage.Store).InvoicesOfOrders)
	s.LinesOfInvoices = newPages(s, wait, "linesOfInvoices", (*storage.Store).LinesOfInvoices)
	s.PaymentsOfCustomers = newPages(s, wait, "paymentsOfCustomers", (*storage.Store).PaymentsOfCustomers)
	s.PaymentsOfOrders = newPages(s, wait, "paymentsOfOrders", (*storage.Store).PaymentsOfOrders)
	s.AllocationsOfPayments = newPages(s, wait, "allocationsOfPayments", (*storage.Store).AllocationsOfPayments)
	s.AllocationsOfInvoices = newPages(s, wait, "allocationsOfInvoices", (*storage.Store).AllocationsOfInvoices)
	s.CreditNotesOfCustomers = newPages(s, wait, "creditNotesOfCustomers", (*storage.Store).CreditNotesOfCustomers)
	s.CreditNotesOfInvoices = newPages(s, wait, "creditNotesOfInvoices", (*storage.Store).CreditNotesOfInvoices)
	s.DisputesOfCustomers = newPages(s, wait, "disputesOfCustomers", (*storage.Store).DisputesOfCustomers)
	s.DisputesOfInvoices = newPages(s, wait, "disputesOfInvoices", (*storage.Store).DisputesOfInvoices)
	s.QuotesOfCustomers = newPages(s, wait, "quotesOfCustomers", (*storage.Store).QuotesOfCustomers)
	s.LinesOfQuotes = newPages(s, wait, "linesOfQuotes", (*storage.Store).LinesOfQuotes)
	s.OrdersOfCustomers = newPages(s, wait, "ordersOfCustomers", (*storage.Store).OrdersOfCustomers)
	s.LinesOfOrders = newPages(s, wait, "linesOfOrders", (*storage.Store).LinesOfOrders)
	s.ReturnsOfCustomers = newPages(s, wait, "returnsOfCustomers", (*storage.Store).ReturnsOfCustomers)
	s.ReturnsOfOrders = newPages(s, wait, "returnsOfOrders", (*storage.Store).ReturnsOfOrders)
	s.LinesOfReturns = newPages(s, wait, "linesOfReturns", (*storage.Store).LinesOfReturns)
	s.ChildrenOfCategories = newPages(s, wait, "childrenOfCategories", (*storage.Store).ChildrenOfCategories)
	s.ProductsOfCategories = newPages(s, wait, "productsOfCategories", (*storage.Store).ProductsOfCategories)
	s.ShipmentsOfCustomers = newPages(s, wait, "shipmentsOfCustomers", (*storage.Store).ShipmentsOfCustomers)
	s.ShipmentsOfOrders = newPages(s, wait, "shipmentsOfOrders", (*storage.Store).ShipmentsOfOrders)
	s.PackagesOfShipments = newPages(s, wait, "packagesOfShipments", (*storage.Store).PackagesOfShipments)
	s.EventsOfShipments = newPages(s, wait, "eventsOfShipments", (*storage.Store).EventsOfShipments)

	s.CustomersByNumber = newByName(s, wait, "customersByNumber", store.CustomersByNumber())
	s.ReferencesOfCustomers = newLoader(s, wait, "referencesOfCustomer", store.ReferencesOfCustomers)
	s.OpenItemsOfCustomers = newLoader(s, wait, "openItemsOfCustomer", store.OpenItemsOfCustomers)
	s.FacetsOfCategories = newFacets(s, wait, store.FacetsOfCategories)
	s.ProductsBySKU = newByName(s, wait, "productsBySKU", store.ProductsBySKU())
	s.PricesOfProducts = newLoader(s, wait, "pricesOfProduct", fetchPrices(store))
	s.StockOfProducts = newLoader(s, wait, "stockOfProduct", store.StockOfProducts)
	s.InboundOfStock = newLoader(s, wait, "inboundOfStock", store.InboundOfStock)
	s.EtaHistories = newLoader(s, wait, "etaHistoriesOfShipment", s.fetchHistories)
	s.Live = newBeside(s, wait, "live", s.fetchLive)
	s.Tracks = newBeside(s, wait, "tracks", s.fetchTracks)
	return s
}

func byID[T any](s *Set, wait time.Duration, name string) ByID[T] {
	return ByID[T]{Loader: newLoader[domain.ID, *T](s, wait, name, nil), store: s.Store}
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

// Moment is the instant of the response: that of its first call.
func (s *Set) Moment(now func() time.Time) time.Time {
	s.moment.mu.Lock()
	defer s.moment.mu.Unlock()
	if !s.moment.known {
		s.moment.at = now()
		s.moment.known = true
	}
	return s.moment.at
}
