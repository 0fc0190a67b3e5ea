package storage

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

// Both statements divide the products c of which a condition holds, within groups: $1 is what to group by, $2 the condition.
const (
	categoryFacets = `-- name: categoryFacets
SELECT g, category_id, n FROM (
    SELECT %[1]s AS g, c.category_id, count(*) AS n, row_number() OVER (PARTITION BY %[1]s ORDER BY count(*) DESC, c.category_id) AS rank
    FROM products c WHERE c.category_id IS NOT NULL AND %[2]s
    GROUP BY 1, 2) counted
WHERE rank <= 50 ORDER BY g, rank`
	specFacets = `-- name: specFacets
SELECT g, name, value, n FROM (
    SELECT g, name, value, n, name_rank, row_number() OVER (PARTITION BY g, name ORDER BY n DESC, value) AS value_rank FROM (
        SELECT g, name, value, n, dense_rank() OVER (PARTITION BY g ORDER BY names DESC, name) AS name_rank FROM (
            SELECT %[1]s AS g, s.name, s.value, count(*) AS n, sum(count(*)) OVER (PARTITION BY %[1]s, s.name) AS names
            FROM products c CROSS JOIN LATERAL jsonb_each_text(c.specs) AS s (name, value) WHERE %[2]s
            GROUP BY 1, 2, 3) counted) ranked) limited
WHERE name_rank <= 20 AND value_rank <= 20 ORDER BY g, name_rank, value_rank`
)

// Facets tells how the products under a filter and a search divide.
func (l ProductList) Facets(ctx context.Context, request domain.PageRequest) (*domain.ProductFacets, error) {
	var b builder
	e := searched(&b, searchWords(request.Search))
	filter, err := b.condition(e.fields, request.Filter)
	if err != nil {
		return nil, err
	}
	facets := map[int64]*domain.ProductFacets{0: {}}
	err = l.store.facets(ctx, facets, "0::bigint", and(e.guard(&b, l.store), filter), b.args)
	return facets[0], err
}

// FacetsOfCategories tells how the products under a filter that stand in categories themselves divide, of all categories at once.
func (s *Store) FacetsOfCategories(ctx context.Context, categories []domain.ID, filter domain.Filter) (map[domain.ID]*domain.ProductFacets, error) {
	var b builder
	own := "c.category_id = ANY(" + b.arg(pq.Array(rowsOf(categories))) + ")"
	condition, err := b.condition(productEntity.fields, filter)
	if err != nil {
		return nil, err
	}
	facets := make(map[int64]*domain.ProductFacets, len(categories))
	found := make(map[domain.ID]*domain.ProductFacets, len(categories))
	for _, category := range categories {
		found[category] = &domain.ProductFacets{}
		facets[category.Row] = found[category]
	}
	err = s.facets(ctx, facets, "c.category_id", and(own, condition), b.args)
	return found, err
}

// facets fills the facets of each group in.
func (s *Store) facets(ctx context.Context, facets map[int64]*domain.ProductFacets, group, condition string, args []any) error {
	err := s.each(ctx, func(rows *sql.Rows) error {
		var g int64
		var facet domain.CategoryFacet
		err := rows.Scan(&g, &facet.CategoryRow, &facet.Count)
		if err != nil {
			return err
		}
		facets[g].Categories = append(facets[g].Categories, facet)
		return nil
	}, fmt.Sprintf(categoryFacets, group, condition), args...)
	if err != nil {
		return err
	}
	return s.each(ctx, func(rows *sql.Rows) error {
		var g int64
		var name string
		var value domain.SpecFacetValue
		err := rows.Scan(&g, &name, &value.Value, &value.Count)
		if err != nil {
			return err
		}
		specs := &facets[g].Specs
		if n := len(*specs); n == 0 || (*specs)[n-1].Name != name {
			*specs = append(*specs, domain.SpecFacet{Name: name})
		}
		last := &(*specs)[len(*specs)-1]
		last.Values = append(last.Values, value)
		return nil
	}, fmt.Sprintf(specFacets, group, condition), args...)
}
