package domain

// Direction is an end of an order to begin with.
type Direction string

// The two directions.
const (
	Ascending  Direction = "ASC"
	Descending Direction = "DESC"
)

// OrderDirection is the schema's name for Direction.
type OrderDirection = Direction

// Sort is one thing to sort by. Field is the enum value of the schema, such as PLACED_AT.
type Sort struct {
	Field     string
	Direction Direction
}

// Op is a comparison in a filter, by its name in the schema.
type Op string

// The comparisons. OpIs stands for a field that carries its value without an operator.
const (
	OpIs         Op = ""
	OpEq         Op = "eq"
	OpNeq        Op = "neq"
	OpIn         Op = "in"
	OpNin        Op = "nin"
	OpGt         Op = "gt"
	OpGte        Op = "gte"
	OpLt         Op = "lt"
	OpLte        Op = "lte"
	OpIsNull     Op = "isNull"
	OpContains   Op = "contains"
	OpStartsWith Op = "startsWith"
	OpHas        Op = "has"
	OpHasAny     Op = "hasAny"
	OpHasAll     Op = "hasAll"
)

// Term is one condition of a filter: a field by its name in the schema, a comparison, a value.
type Term struct {
	Field string
	Op    Op
	Value any
}

// Filter is a condition: all terms, all of And, at least one of Or (where Or is not nil), and not Not.
type Filter struct {
	Terms []Term
	And   []Filter
	Or    []Filter
	Not   *Filter
}

// IsZero tells whether the filter lets everything through.
func (f Filter) IsZero() bool {
	return len(f.Terms) == 0 && len(f.And) == 0 && f.Or == nil && f.Not == nil
}

// Position is a place in a sorted list: the sort values of the row there, as Postgres writes them, and its ID.
type Position struct {
	Values []string
	ID     ID
}

// PageRequest asks for a page of a list. Exactly one page is read: Limit items in the order of Sort, from After on or up to Before.
type PageRequest struct {
	// Limit is how many items to return at most, above zero.
	Limit int
	// Backward takes the items from the end of the list in place of its beginning. They are returned in the list's order all the same.
	Backward bool
	// After and Before bound the page to what lies between them.
	After, Before *Position
	Filter        Filter
	// Sort is empty for the list's own order.
	Sort []Sort
	// Search is free text, for lists that know it.
	Search string
	// Total asks for the number of items of the whole list.
	Total bool
	// NoRows says that nobody asks for the items, only for the total: none is read, and whether the list goes on is not known.
	NoRows bool
	// NoMore says that nobody asks whether the list goes on: exactly Limit items are read, and only what the cursors tell is told.
	NoMore bool
	// NoCursor says that nobody asks where the items stand in the list: what they are sorted by need not be read.
	NoCursor bool
}

// Page is a part of a list.
type Page[T any] struct {
	Items []*T
	// HasNext and HasPrevious tell whether the list goes on behind and before the page.
	HasNext, HasPrevious bool
	// Total is the length of the whole list, where it was asked for.
	Total *int
	// Position tells where an item stands in the list.
	Position func(item *T) Position
	// Signature names the order of the list; a position is valid only in a list with the same one.
	Signature string
}
