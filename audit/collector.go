package audit

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/vigie-dev/vigie/domain"
)

// Access is the personal data of one customer that was read: the names of the fields, as Type.field, in order.
type Access struct {
	Customer domain.ID
	Fields   []string
}

// Collector gathers what is read, of all goroutines of an operation. A response reads few fields, often of many customers: a field has a number
// within the response, and a customer has the set of its fields' numbers. The zero Collector is ready to be used.
type Collector struct {
	mu     sync.Mutex
	fields []fieldName
	read   []reading
	// places are where customers are in read, once there is more than one.
	places map[domain.ID]int
}

type fieldName struct{ typeName, field string }

// reading is what was read of a customer: a bit for each field.
type reading struct {
	customer domain.ID
	// first are the bits of the first fields; more, where there are so many, those of the others.
	first uint64
	more  []uint64
}

// room is space for what most responses read.
type room struct {
	fields [8]fieldName
	read   [1]reading
}

// begin makes room before the first reading.
func (c *Collector) begin() {
	if c.read == nil {
		made := &room{}
		c.fields, c.read = made.fields[:0], made.read[:0]
	}
}

// number is that of a field. Few fields are found faster one by one than by their hash.
func (c *Collector) number(name fieldName) int {
	for number, known := range c.fields {
		if known.field == name.field && known.typeName == name.typeName {
			return number
		}
	}
	c.fields = append(c.fields, name)
	return len(c.fields) - 1
}

// of is the reading of a customer: mostly the one that was heard of last.
func (c *Collector) of(customer domain.ID) *reading {
	last := len(c.read) - 1
	if last >= 0 && c.read[last].customer == customer {
		return &c.read[last]
	}
	place, known := c.places[customer]
	if known {
		return &c.read[place]
	}
	c.read = append(c.read, reading{customer: customer})
	last = len(c.read) - 1
	switch last {
	case 0:
		return &c.read[0]
	case 1:
		c.places = map[domain.ID]int{c.read[0].customer: 0}
	}
	c.places[customer] = last
	return &c.read[last]
}

func (r *reading) add(number int) {
	if number < 64 {
		r.first |= 1 << number
		return
	}
	for len(r.more) < number/64 {
		r.more = append(r.more, 0)
	}
	r.more[number/64-1] |= 1 << (number % 64)
}

func (r *reading) has(number int) bool {
	if number < 64 {
		return r.first&(1<<number) != 0
	}
	return number/64 <= len(r.more) && r.more[number/64-1]&(1<<(number%64)) != 0
}

// CollectorKey is the key under which a context has the *Collector that hears of what is read in it.
type CollectorKey struct{}

// Collect returns a context in which Read is heard.
func Collect(ctx context.Context) context.Context {
	return context.WithValue(ctx, CollectorKey{}, &Collector{})
}

// Read notes that a field with a customer's personal data was read. The same field of the same customer counts once. Where the context does not
// collect, and for the zero ID, nothing is noted.
func Read(ctx context.Context, customer domain.ID, typeName, field string) {
	c, collecting := ctx.Value(CollectorKey{}).(*Collector)
	if !collecting || customer.IsZero() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.begin()
	c.of(customer).add(c.number(fieldName{typeName, field}))
}

// Drain returns what has been read since the context began to collect, or was drained last, by customer. Each response of an operation that has
// several (a subscription, a deferred part) so accounts for its own. Accesses may share their Fields, which are only to be read.
func Drain(ctx context.Context) []Access {
	c, collecting := ctx.Value(CollectorKey{}).(*Collector)
	if !collecting {
		return nil
	}
	c.mu.Lock()
	fields, read := c.fields, c.read
	c.fields, c.read, c.places = nil, nil, nil
	c.mu.Unlock()
	names := spell(fields)
	if len(read) == 1 {
		slices.Sort(names)
		return []Access{{Customer: read[0].customer, Fields: names}}
	}
	accesses := make([]Access, len(read))
	for i, one := range read {
		accesses[i].Customer = one.customer
		if i > 0 && one.first == read[i-1].first && slices.Equal(one.more, read[i-1].more) {
			accesses[i].Fields = accesses[i-1].Fields
			continue
		}
		accesses[i].Fields = one.names(names)
	}
	slices.SortFunc(accesses, func(a, b Access) int { return cmp.Compare(a.Customer.Row, b.Customer.Row) })
	return accesses
}

// spell writes each field as Type.field; all are parts of one text.
func spell(fields []fieldName) []string {
	size := 0
	for _, field := range fields {
		size += len(field.typeName) + 1 + len(field.field)
	}
	var all strings.Builder
	all.Grow(size)
	names := make([]string, len(fields))
	for i, field := range fields {
		begins := all.Len()
		all.WriteString(field.typeName)
		all.WriteByte('.')
		all.WriteString(field.field)
		names[i] = all.String()[begins:]
	}
	return names
}

// names are those of the reading's fields, in order.
func (r *reading) names(all []string) []string {
	list := make([]string, 0, len(all))
	for number, name := range all {
		if r.has(number) {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// Entry begins an entry of the trail: who did it, and at whose request. An operation or a request without a name is left out.
func Entry(viewer domain.Viewer, operation, requestID string) domain.AuditEntry {
	entry := domain.AuditEntry{Subject: viewer.Subject, ViewerName: viewer.Name, Role: viewer.Role}
	// Both in one piece of memory: there is an entry for nearly every request.
	texts := &struct{ operation, requestID string }{withoutNUL(operation), withoutNUL(requestID)}
	if texts.operation != "" {
		entry.Operation = &texts.operation
	}
	if texts.requestID != "" {
		entry.RequestID = &texts.requestID
	}
	return entry
}

// withoutNUL leaves out what Postgres cannot hold.
func withoutNUL(text string) string { return strings.ReplaceAll(text, "\x00", "") }
