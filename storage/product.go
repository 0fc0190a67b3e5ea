package storage

import (
	"context"
	"maps"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

var productEntity = newEntity(entity[domain.Product]{
	kind: domain.KindProduct, table: "products", id: (*domain.Product).ID,
	exprs: map[string]string{"relevance": "0::float8"},
	fields: map[string]field{
		"sku":           {expr: "upper(c.sku)", kind: fieldIdentifier},
		"name":          {expr: "fold(c.name)", kind: fieldName, search: "c.search_key"},
		"status":        {expr: "c.status"},
		"category":      {expr: "c.category_id", kind: fieldID, of: domain.KindCategory},
		"underCategory": {expr: "c.category_id", kind: fieldUnder, of: domain.KindCategory},
		"specs":         {expr: "c.specs", kind: fieldSpec},
		"updatedAt":     {expr: "c.updated_at", kind: fieldInstant},
	},
	sorts: map[string]sortKey[domain.Product]{
		"SKU":        byNumber("c.sku", func(p *domain.Product) string { return p.SKU }),
		"NAME":       byName("c.name", func(p *domain.Product) string { return p.Name }),
		"UPDATED_AT": byInstant("c.updated_at", func(p *domain.Product) time.Time { return p.UpdatedAt }),
	},
	order: ascending("SKU"),
})

var productsOfCategory = newRelation(relation[domain.Product]{
	name: "productsOfCategory", child: productEntity, parents: "categories", kind: domain.KindCategory,
	on: "c.category_id = p.id", of: func(p *domain.Product) domain.ID { return domain.SharedRef(domain.KindCategory, p.CategoryRow) },
})

// ProductsOfCategories lists the products that stand in categories themselves.
func (s *Store) ProductsOfCategories() Relation[domain.Product] {
	return Relation[domain.Product]{s, productsOfCategory}
}

// ProductsByID reads products; those that are not there are not in the map.
func (s *Store) ProductsByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.Product, error) {
	return productEntity.byIDs(ctx, s, ids)
}

// Products lists and searches products.
func (s *Store) Products() ProductList { return ProductList{s} }

// ProductList is the list of all products, which can be searched.
type ProductList struct{ store *Store }

const (
	relevanceSort = "RELEVANCE"
	// relevance is how well a product fits the words in $1.
	relevance = "(word_similarity(fold($1::text), c.search_key) + similarity(fold($1::text), c.search_key))::float8"
	// maxWords bounds the words that are searched for; those behind them count for the relevance only.
	maxWords = 10
)

// searched is the entity as a search sees it: the words are the statement's first arguments.
func searched(b *builder, words string) *entity[domain.Product] {
	e := *productEntity
	if words == "" {
		return &e
	}
	e.hidden = b.found(words)
	e.exprs = map[string]string{"relevance": relevance}
	e.sorts = maps.Clone(e.sorts)
	e.sorts[relevanceSort] = sortKey[domain.Product]{expr: relevance, cast: "::float8", value: func(p *domain.Product) string {
		return formatFloat(p.Relevance)
	}}
	e.order, e.natural = descending(relevanceSort), nil
	return &e
}

// found is the condition that a product has every word literally, or that its text is near the words. A number is right or wrong, and most
// numbers of a catalogue are near each other, so words with digits must be there as they are.
func (b *builder) found(words string) string {
	// Says of $1 that it is text, where a statement has no use for the relevance.
	parts := []string{b.arg(words) + "::text <> ''"}
	var literal, near []string
	list := strings.Fields(words)
	for _, word := range list[:min(len(list), maxWords)] {
		contains := "c.search_key LIKE '%' || fold(" + b.arg(escapeWildcards(word)) + "::text) || '%'"
		if strings.ContainsAny(word, "0123456789") {
			parts = append(parts, contains)
		} else {
			literal, near = append(literal, contains), append(near, word)
		}
	}
	if len(near) > 0 {
		parts = append(parts, join([]string{join(literal, true), "fold(" + b.arg(strings.Join(near, " ")) + "::text) <% c.search_key"}, false))
	}
	return join(parts, true)
}

// Signature names the order of the list; cursors belong to it.
func (l ProductList) Signature(by []domain.Sort, words string) string {
	if words != "" && len(by) == 0 {
		by = descending(relevanceSort)
	}
	return productEntity.signature(by)
}

// Page reads a page.
func (l ProductList) Page(ctx context.Context, request domain.PageRequest) (*domain.Page[domain.Product], error) {
	request.Search = searchWords(request.Search)
	var b builder
	return searched(&b, request.Search).list(ctx, l.store, &b, "", request)
}

// Root is the root of a tree: a page of the products.
func (l ProductList) Root(request *domain.PageRequest, into func(page *domain.Page[domain.Product]), children ...*Branch) *Branch {
	asked := *request
	asked.Search = searchWords(asked.Search)
	var b builder
	return listRoot(l.store, searched(&b, asked.Search), &b, "", asked, into, children)
}

// searchWords is what is searched for; a NUL cannot be found.
func searchWords(words string) string {
	return strings.TrimSpace(strings.ReplaceAll(words, "\x00", ""))
}
