package domain

import "time"

// The closed sets of words of the catalogue.
type (
	ProductStatus string
	PriceKind     string
)

// Category is a branch of the catalogue.
type Category struct {
	Row       int64  `db:"id"`
	ParentRow *int64 `db:"parent_id"`
	Code      string `db:"code"`
	Name      string `db:"name"`
	Position  int    `db:"position"`
}

// ID identifies the category.
func (c *Category) ID() ID { return SharedID(KindCategory, c.Row) }

// Product is something that we sell.
type Product struct {
	Row            int64          `db:"id"`
	CategoryRow    *int64         `db:"category_id"`
	ReplacementRow *int64         `db:"replacement_id"`
	SKU            string         `db:"sku"`
	Name           string         `db:"name"`
	Description    *string        `db:"description"`
	Status         ProductStatus  `db:"status"`
	Unit           string         `db:"unit"`
	Weight         *Decimal       `db:"weight_kg"`
	Length         *Decimal       `db:"length_cm"`
	Width          *Decimal       `db:"width_cm"`
	Height         *Decimal       `db:"height_cm"`
	SpecValues     ProductSpecs   `db:"specs"`
	Media          []ProductMedia `db:"media"`
	UpdatedAt      time.Time      `db:"updated_at"`
	// Relevance is how well the product fits what was searched for, 0 to 1; 0 without a search.
	Relevance float64 `db:"relevance"`
}

// ID identifies the product.
func (p *Product) ID() ID { return SharedID(KindProduct, p.Row) }

// WeightKg is the weight of one unit in kilograms, or nil.
func (p *Product) WeightKg() *Decimal { return optionalQuantity(p.Weight) }

// LengthCm is the length of one unit in centimetres, or nil.
func (p *Product) LengthCm() *Decimal { return optionalQuantity(p.Length) }

// WidthCm is the width of one unit in centimetres, or nil.
func (p *Product) WidthCm() *Decimal { return optionalQuantity(p.Width) }

// HeightCm is the height of one unit in centimetres, or nil.
func (p *Product) HeightCm() *Decimal { return optionalQuantity(p.Height) }

// Specs lists the properties by name.
func (p *Product) Specs() []ProductSpec { return p.SpecValues.List() }

// ProductSpec is a property of a product.
type ProductSpec struct {
	Name, Value string
}

// ProductMedia is a picture or a document.
type ProductMedia struct {
	Kind  string  `json:"kind"`
	URL   string  `json:"url"`
	Title *string `json:"title"`
}

// Price is what a product costs from some quantity on, for some time.
type Price struct {
	ProductRow   int64     `db:"product_id"`
	Kind         PriceKind `db:"kind"`
	Segment      *string   `db:"segment"`
	CurrencyCode string    `db:"currency"`
	FromQuantity Decimal   `db:"min_quantity"`
	Amount       Decimal   `db:"amount"`
	ValidFrom    *Date     `db:"valid_from"`
	ValidTo      *Date     `db:"valid_to"`
}

// MinQuantity is the quantity from which the price holds.
func (p *Price) MinQuantity() Decimal { return quantity(p.FromQuantity) }

// UnitPrice is the price of one unit.
func (p *Price) UnitPrice() Money { return NewMoney(p.Amount, p.CurrencyCode) }

// PriceQuery says which prices are wanted: for a customer (zero: list and no contract), on a day, in a currency.
type PriceQuery struct {
	Customer int64
	ValidOn  Date
	Currency string
}

// Warehouse is a place where we keep goods.
type Warehouse struct {
	Row         int64   `db:"id"`
	Code        string  `db:"code"`
	Name        string  `db:"name"`
	City        *string `db:"city"`
	CountryCode *string `db:"country_code"`
	TimeZone    string  `db:"time_zone"`
}

// ID identifies the warehouse.
func (w *Warehouse) ID() ID { return SharedID(KindWarehouse, w.Row) }

// Stock is how much of a product there is in one warehouse.
type Stock struct {
	ProductRow        int64     `db:"product_id"`
	WarehouseRow      int64     `db:"warehouse_id"`
	QuantityOnHand    Decimal   `db:"on_hand"`
	QuantityAllocated Decimal   `db:"allocated"`
	CountedAt         time.Time `db:"counted_at"`
}

// OnHand is what lies there.
func (s *Stock) OnHand() Decimal { return quantity(s.QuantityOnHand) }

// Allocated is what is promised to orders.
func (s *Stock) Allocated() Decimal { return quantity(s.QuantityAllocated) }

// Available is on hand less allocated. It fails where the result has more than 19 digits.
func (s *Stock) Available() (Decimal, error) {
	available, err := s.QuantityOnHand.Sub(s.QuantityAllocated)
	return quantity(available), err
}

// StockKey names a product's stock in a warehouse.
type StockKey struct {
	Product, Warehouse int64
}

// Inbound is goods on their way to a warehouse.
type Inbound struct {
	ProductRow   int64   `db:"product_id"`
	WarehouseRow int64   `db:"warehouse_id"`
	Expected     Decimal `db:"quantity"`
	ExpectedOn   Date    `db:"expected_on"`
	Reference    *string `db:"reference"`
}

// Quantity is how much of it comes.
func (i *Inbound) Quantity() Decimal { return quantity(i.Expected) }

// ProductFacets tells how found products divide.
type ProductFacets struct {
	Categories []CategoryFacet
	Specs      []SpecFacet
}

// CategoryFacet is how many found products are in a category.
type CategoryFacet struct {
	CategoryRow int64
	Count       int
}

// SpecFacet is how found products divide by one property.
type SpecFacet struct {
	Name   string
	Values []SpecFacetValue
}

// SpecFacetValue is how many found products have a value.
type SpecFacetValue struct {
	Value string
	Count int
}
