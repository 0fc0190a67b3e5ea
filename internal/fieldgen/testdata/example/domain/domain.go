// Package domain has rows and what is worked out of them.
package domain

// Key is embedded by rows.
type Key struct {
	CustomerRow int64 `db:"customer_id"`
	Row         int64 `db:"id"`
}

// Ref reads one field of what embeds it.
func (k Key) Ref(row *int64) int64 { return k.CustomerRow + *row }

// Place is a row.
type Place struct {
	Key
	City   string `db:"city"`
	Street string `db:"street"`
	Note   string `db:"note"`
}

// Address shows a part of a place.
type Address Place

// Line is what is written on a letter.
func (a *Address) Line() string { return a.Street + a.City }

// Address is the place as an address.
func (p *Place) Address() *Address { return (*Address)(p) }

// Kept keeps the conversion for itself.
func (p *Place) Kept() string {
	a := (*Address)(p)
	return a.City
}

// Order is a row.
type Order struct {
	Key
	PlaceRow *int64 `db:"place_id"`
	Number   string `db:"number"`
	Total    int    `db:"total"`
	Paid     int    `db:"paid"`
	Items    []Item `db:"items"`
}

// Item is no row.
type Item struct{ Name string }

// ID is of the embedded key.
func (o *Order) ID() int64 { return o.CustomerRow + o.Key.Row }

// Open calls another method.
func (o *Order) Open() int { return o.Total - o.paid() }

func (o *Order) paid() int {
	if o == nil {
		return 0
	}
	return o.Paid
}

// Keys hands on what is embedded.
func (o *Order) Keys() Key { return o.Key }

// Names reads within a function.
func (o *Order) Names() func() []Item { return func() []Item { return o.Items } }

// Copy copies the row.
func (o *Order) Copy() Order { return *o }

// Self returns the row.
func (o *Order) Self() any { return o }

// Even and Odd call each other.
func (o *Order) Even(n int) bool { return n == 0 && o.Total > 0 || o.Odd(n-1) }

// Odd calls Even.
func (o *Order) Odd(n int) bool { return n == 1 && o.Paid > 0 || o.Even(n-1) }

// Against reads another row.
func (o *Order) Against(other *Place) bool { return o.Number == other.Note }

// Node is what has an ID.
type Node interface{ ID() int64 }

// Page is a part of a list.
type Page[T any] struct {
	Items    []*T
	Position func(*T) string
}

// Connection shows a page.
type Connection[T any] struct{ page *Page[T] }

// NewConnection shows a page.
func NewConnection[T any](page *Page[T]) *Connection[T] { return &Connection[T]{page} }

// Nodes are the rows.
func (c *Connection[T]) Nodes() []*T { return c.page.Items }

// First is the place of the first row, which storage tells.
func (c *Connection[T]) First() string { return c.page.Position(c.page.Items[0]) }

// Boxed makes values of any type of the rows.
func (c *Connection[T]) Boxed() any { return box(c.page.Items[0]) }

func box[T any](item T) any {
	var boxed any = item
	return boxed
}

// Fail has values of any type.
func Fail(format string, args ...any) error { return nil }
