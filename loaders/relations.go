package loaders

import (
	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// Relations is all that can be loaded, the same for all responses. The context of a call says of which response it is.
type Relations struct {
	// Objects by id.
	Organisations      *ByID[domain.Organisation]
	Users              *ByID[domain.User]
	ServiceLevels      *ByID[domain.ServiceLevel]
	Customers          *ByID[domain.Customer]
	Contacts           *ByID[domain.Contact]
	Sites              *ByID[domain.Site]
	Interactions       *ByID[domain.Interaction]
	Cases              *ByID[domain.Case]
	FollowUps          *ByID[domain.FollowUp]
	Invoices           *ByID[domain.Invoice]
	InvoiceLines       *ByID[domain.InvoiceLine]
	Payments           *ByID[domain.Payment]
	PaymentAllocations *ByID[domain.PaymentAllocation]
	CreditNotes        *ByID[domain.CreditNote]
	Disputes           *ByID[domain.Dispute]
	Quotes             *ByID[domain.Quote]
	QuoteLines         *ByID[domain.QuoteLine]
	Orders             *ByID[domain.Order]
	OrderLines         *ByID[domain.OrderLine]
	Returns            *ByID[domain.Return]
	ReturnLines        *ByID[domain.ReturnLine]
	Categories         *ByID[domain.Category]
	Products           *ByID[domain.Product]
	Warehouses         *ByID[domain.Warehouse]
	Carriers           *ByID[domain.Carrier]
	Shipments          *ByID[domain.Shipment]
	Packages           *ByID[domain.Package]
	TrackingEvents     *ByID[domain.TrackingEvent]
	AuditEntries       *ByID[domain.AuditEntry]

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
	CustomersByNumber     *ByName[domain.Customer]
	ReferencesOfCustomers *ByKey[domain.ID, []*domain.CustomerReference]
	OpenItemsOfCustomers  *ByKey[domain.CustomerDay, domain.OpenItems]
	FacetsOfCategories    *Facets
	ProductsBySKU         *ByName[domain.Product]
	PricesOfProducts      *ByKey[PriceKey, []*domain.Price]
	StockOfProducts       *ByKey[domain.ID, []*domain.Stock]
	InboundOfStock        *ByKey[domain.StockKey, []*domain.Inbound]
	EtaHistories          *ByKey[domain.ID, *domain.EtaHistory]

	// What carriers say.
	Live   *Beside[LiveKey, *domain.LiveTracking]
	Tracks *Beside[TrackKey, *domain.TrackAnswer]
}

// declared are the relations of every set. They are never changed.
var declared = &Relations{
	Organisations:      byID[domain.Organisation]("organisationsByID"),
	Users:              byID[domain.User]("usersByID"),
	ServiceLevels:      byID[domain.ServiceLevel]("serviceLevelsByID"),
	Customers:          byID[domain.Customer]("customersByID"),
	Contacts:           byID[domain.Contact]("contactsByID"),
	Sites:              byID[domain.Site]("sitesByID"),
	Interactions:       byID[domain.Interaction]("interactionsByID"),
	Cases:              byID[domain.Case]("casesByID"),
	FollowUps:          byID[domain.FollowUp]("followUpsByID"),
	Invoices:           byID[domain.Invoice]("invoicesByID"),
	InvoiceLines:       byID[domain.InvoiceLine]("invoiceLinesByID"),
	Payments:           byID[domain.Payment]("paymentsByID"),
	PaymentAllocations: byID[domain.PaymentAllocation]("paymentAllocationsByID"),
	CreditNotes:        byID[domain.CreditNote]("creditNotesByID"),
	Disputes:           byID[domain.Dispute]("disputesByID"),
	Quotes:             byID[domain.Quote]("quotesByID"),
	QuoteLines:         byID[domain.QuoteLine]("quoteLinesByID"),
	Orders:             byID[domain.Order]("ordersByID"),
	OrderLines:         byID[domain.OrderLine]("orderLinesByID"),
	Returns:            byID[domain.Return]("returnsByID"),
	ReturnLines:        byID[domain.ReturnLine]("returnLinesByID"),
	Categories:         byID[domain.Category]("categoriesByID"),
	Products:           byID[domain.Product]("productsByID"),
	Warehouses:         byID[domain.Warehouse]("warehousesByID"),
	Carriers:           byID[domain.Carrier]("carriersByID"),
	Shipments:          byID[domain.Shipment]("shipmentsByID"),
	Packages:           byID[domain.Package]("packagesByID"),
	TrackingEvents:     byID[domain.TrackingEvent]("trackingEventsByID"),
	AuditEntries:       byID[domain.AuditEntry]("auditEntriesByID"),

	SubsidiariesOfCustomers: pages("subsidiariesOfCustomers", (*storage.Store).SubsidiariesOfCustomers),
	ContactsOfCustomers:     pages("contactsOfCustomers", (*storage.Store).ContactsOfCustomers),
	SitesOfCustomers:        pages("sitesOfCustomers", (*storage.Store).SitesOfCustomers),
	InteractionsOfCustomers: pages("interactionsOfCustomers", (*storage.Store).InteractionsOfCustomers),
	InteractionsOfOrders:    pages("interactionsOfOrders", (*storage.Store).InteractionsOfOrders),
	InteractionsOfCases:     pages("interactionsOfCases", (*storage.Store).InteractionsOfCases),
	CasesOfCustomers:        pages("casesOfCustomers", (*storage.Store).CasesOfCustomers),
	FollowUpsOfCustomers:    pages("followUpsOfCustomers", (*storage.Store).FollowUpsOfCustomers),
	Timelines:               pages("timelines", (*storage.Store).Timelines),
	InvoicesOfCustomers:     pages("invoicesOfCustomers", (*storage.Store).InvoicesOfCustomers),
	InvoicesOfOrders:        pages("invoicesOfOrders", (*storage.Store).InvoicesOfOrders),
	LinesOfInvoices:         pages("linesOfInvoices", (*storage.Store).LinesOfInvoices),
	PaymentsOfCustomers:     pages("paymentsOfCustomers", (*storage.Store).PaymentsOfCustomers),
	PaymentsOfOrders:        pages("paymentsOfOrders", (*storage.Store).PaymentsOfOrders),
	AllocationsOfPayments:   pages("allocationsOfPayments", (*storage.Store).AllocationsOfPayments),
	AllocationsOfInvoices:   pages("allocationsOfInvoices", (*storage.Store).AllocationsOfInvoices),
	CreditNotesOfCustomers:  pages("creditNotesOfCustomers", (*storage.Store).CreditNotesOfCustomers),
	CreditNotesOfInvoices:   pages("creditNotesOfInvoices", (*storage.Store).CreditNotesOfInvoices),
	DisputesOfCustomers:     pages("disputesOfCustomers", (*storage.Store).DisputesOfCustomers),
	DisputesOfInvoices:      pages("disputesOfInvoices", (*storage.Store).DisputesOfInvoices),
	QuotesOfCustomers:       pages("quotesOfCustomers", (*storage.Store).QuotesOfCustomers),
	LinesOfQuotes:           pages("linesOfQuotes", (*storage.Store).LinesOfQuotes),
	OrdersOfCustomers:       pages("ordersOfCustomers", (*storage.Store).OrdersOfCustomers),
	LinesOfOrders:           pages("linesOfOrders", (*storage.Store).LinesOfOrders),
	ReturnsOfCustomers:      pages("returnsOfCustomers", (*storage.Store).ReturnsOfCustomers),
	ReturnsOfOrders:         pages("returnsOfOrders", (*storage.Store).ReturnsOfOrders),
	LinesOfReturns:          pages("linesOfReturns", (*storage.Store).LinesOfReturns),
	ChildrenOfCategories:    pages("childrenOfCategories", (*storage.Store).ChildrenOfCategories),
	ProductsOfCategories:    pages("productsOfCategories", (*storage.Store).ProductsOfCategories),
	ShipmentsOfCustomers:    pages("shipmentsOfCustomers", (*storage.Store).ShipmentsOfCustomers),
	ShipmentsOfOrders:       pages("shipmentsOfOrders", (*storage.Store).ShipmentsOfOrders),
	PackagesOfShipments:     pages("packagesOfShipments", (*storage.Store).PackagesOfShipments),
	EventsOfShipments:       pages("eventsOfShipments", (*storage.Store).EventsOfShipments),

	CustomersByNumber:     byName("customersByNumber", (*storage.Store).CustomersByNumber),
	ReferencesOfCustomers: byKey("referencesOfCustomer", ofStore((*storage.Store).ReferencesOfCustomers)),
	OpenItemsOfCustomers:  byKey("openItemsOfCustomer", ofStore((*storage.Store).OpenItemsOfCustomers)),
	FacetsOfCategories:    facets("facetsOfCategories", (*storage.Store).FacetsOfCategories),
	ProductsBySKU:         byName("productsBySKU", (*storage.Store).ProductsBySKU),
	PricesOfProducts:      byKey("pricesOfProduct", (*Set).fetchPrices),
	StockOfProducts:       byKey("stockOfProduct", ofStore((*storage.Store).StockOfProducts)),
	InboundOfStock:        byKey("inboundOfStock", ofStore((*storage.Store).InboundOfStock)),
	EtaHistories:          byKey("etaHistoriesOfShipment", (*Set).fetchHistories),

	Live:   beside("live", (*Set).fetchLive),
	Tracks: beside("tracks", (*Set).fetchTracks),
}
