package storage

import (
	"context"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

var quoteEntity = newEntity(entity[domain.Quote]{
	kind: domain.KindQuote, table: "quotes", id: (*domain.Quote).ID,
	internal: "c.status = 'DRAFT'",
	sorts: map[string]sortKey[domain.Quote]{
		"QUOTED_AT": byInstant("c.quoted_at", func(item *domain.Quote) time.Time { return item.QuotedAt }),
	},
	order: descending("QUOTED_AT"),
})

var quoteLineEntity = newEntity(entity[domain.QuoteLine]{
	kind: domain.KindQuoteLine, table: "quote_lines", id: (*domain.QuoteLine).ID,
	internal: "EXISTS (SELECT FROM quotes q WHERE q.customer_id = c.customer_id AND q.id = c.quote_id AND q.status = 'DRAFT')",
	exprs: map[string]string{
		"currency": "(SELECT q.currency FROM quotes q WHERE q.customer_id = c.customer_id AND q.id = c.quote_id)",
	},
	sorts: map[string]sortKey[domain.QuoteLine]{
		"LINE_NUMBER": byInteger("c.line_number", func(item *domain.QuoteLine) int { return item.LineNumber }),
	},
	order: ascending("LINE_NUMBER"),
})

var quotesOfCustomer = newRelation(relation[domain.Quote]{
	name: "quotesOfCustomer", child: quoteEntity, parents: "customers", kind: domain.KindCustomer,
	on: "c.customer_id = p.customer_id", of: func(item *domain.Quote) domain.ID { return item.CustomerID() },
})

var linesOfQuote = newRelation(relation[domain.QuoteLine]{
	name: "linesOfQuote", child: quoteLineEntity, parents: "quotes", kind: domain.KindQuote,
	on: "c.customer_id = p.customer_id AND c.quote_id = p.id", of: func(item *domain.QuoteLine) domain.ID { return item.Ref(domain.KindQuote, &item.QuoteRow) },
	unique: true, // A parent has each line number once.
})

// QuotesOfCustomers lists the quotes to customers.
func (s *Store) QuotesOfCustomers() Relation[domain.Quote] {
	return Relation[domain.Quote]{s, quotesOfCustomer}
}

// LinesOfQuotes lists the lines of quotes.
func (s *Store) LinesOfQuotes() Relation[domain.QuoteLine] {
	return Relation[domain.QuoteLine]{s, linesOfQuote}
}

// QuotesByID reads quotes; those that are not there are not in the map.
func (s *Store) QuotesByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.Quote, error) {
	return quoteEntity.byIDs(ctx, s, ids)
}

// QuoteLinesByID reads quote lines; those that are not there are not in the map.
func (s *Store) QuoteLinesByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.QuoteLine, error) {
	return quoteLineEntity.byIDs(ctx, s, ids)
}
