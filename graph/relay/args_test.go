package relay_test

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/relay"
)

func pointer[T any](value T) *T { return &value }

// sealing is the context of a response whose cursors have a key that the tests know.
func sealing() context.Context { return sealingWith(strings.Repeat("k", relay.MinCursorKey)) }

func sealingWith(key string) context.Context {
	cursors, err := relay.NewCursors([]byte(key))
	if err != nil {
		panic(err)
	}
	return relay.WithCursors(context.Background(), cursors)
}

// signature names an order as storage does.
func signature(by []domain.Sort, search string) string {
	parts := []string{"Order"}
	for _, sort := range by {
		parts = append(parts, sort.Field+" "+string(sort.Direction))
	}
	return strings.Join(append(parts, search), ",")
}

func TestPageSize(t *testing.T) {
	for _, test := range []struct {
		first, last *int
		limit       int
		backward    bool
		says        string
	}{
		{first: pointer(1), limit: 1},
		{first: pointer(100), limit: 100},
		{last: pointer(7), limit: 7, backward: true},
		{says: "first or last is needed"},
		{first: pointer(1), last: pointer(1), says: "not both"},
		{first: pointer(0), says: "from 1 to 100, not 0"},
		{first: pointer(101), says: "from 1 to 100, not 101"},
		{last: pointer(-5), says: "from 1 to 100, not -5"},
	} {
		request, err := relay.Args{First: test.first, Last: test.last}.Request(sealing(), signature)
		if test.says != "" {
			assert.ErrorContains(t, err, test.says)
			assert.Equal(t, domain.CodeBadInput, domain.ErrorCode(err))
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, test.limit, request.Limit)
		assert.Equal(t, test.backward, request.Backward)
	}
}

// pageOf is a page of orders with sort values of a test's choice.
func pageOf(name string, at ...domain.Position) *domain.Page[domain.Position] {
	items := make([]*domain.Position, len(at))
	for i := range at {
		items[i] = &at[i]
	}
	return &domain.Page[domain.Position]{
		Items: items, Signature: name,
		Position: func(item *domain.Position) domain.Position { return *item },
	}
}

func TestCursorsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := domain.Position{ID: anyID().Draw(t, "id"), Values: rapid.SliceOfN(rapid.StringN(0, 30, -1), 1, 4).Draw(t, "values")}
		by := []*domain.Sort{{Field: rapid.StringMatching(`[A-Z_]{1,12}`).Draw(t, "field"), Direction: domain.Descending}}
		name := signature([]domain.Sort{*by[0]}, "")
		connection := relay.NewConnection(sealing(), pageOf(name, at))
		cursor := connection.Edges()[0].Cursor()
		assert.Equal(t, cursor, *connection.PageInfo().StartCursor)
		assert.Equal(t, cursor, *connection.PageInfo().EndCursor)

		request, err := relay.Args{First: pointer(1), After: &cursor, Before: &cursor, OrderBy: by}.Request(sealing(), signature)
		require.NoError(t, err)
		assert.Equal(t, &at, request.After)
		assert.Equal(t, &at, request.Before)

		_, err = relay.Args{First: pointer(1), After: &cursor, OrderBy: []*domain.Sort{{Field: "OTHER", Direction: domain.Ascending}}}.Request(sealing(), signature)
		assert.ErrorContains(t, err, "another order")
	})
}

func TestConnection(t *testing.T) {
	first := domain.Position{ID: domain.OwnedID(domain.KindOrder, 1, 1), Values: []string{"a"}}
	second := domain.Position{ID: domain.OwnedID(domain.KindOrder, 1, 2), Values: []string{"b"}}
	page := pageOf("Order", first, second)
	page.HasNext = true
	connection := relay.NewConnection(sealing(), page)
	assert.Len(t, connection.Nodes(), 2)
	assert.NotEqual(t, connection.Edges()[0].Cursor(), connection.Edges()[1].Cursor())
	assert.Equal(t, connection.Edges()[1].Cursor(), *connection.PageInfo().EndCursor)
	assert.True(t, connection.PageInfo().HasNextPage)
	assert.False(t, connection.PageInfo().HasPreviousPage)
	_, err := connection.TotalCount()
	assert.Equal(t, domain.CodeInternal, domain.ErrorCode(err), "a total that nobody read is a fault of ours")
	page.Total = pointer(9)
	total, err := connection.TotalCount()
	require.NoError(t, err)
	assert.Equal(t, 9, total)

	empty := relay.NewConnection(sealing(), pageOf("Order"))
	assert.NotNil(t, empty.Edges())
	assert.Nil(t, empty.PageInfo().StartCursor)
	assert.Nil(t, empty.PageInfo().EndCursor)
}

func FuzzCursor(f *testing.F) {
	good := relay.NewConnection(sealing(), pageOf("Order,", domain.Position{ID: domain.OwnedID(domain.KindOrder, 1, 1), Values: []string{"2026-03-01T00:00:00Z"}})).Edges()[0].Cursor()
	encode := base64.RawURLEncoding.EncodeToString
	for _, seed := range []string{"", good, good[:10], encode([]byte("null")), encode([]byte(`{"o":"Order,"}`)), encode([]byte(`{"o":"Order,","v":[null],"i":"ARIBAQ"}`)), strings.Repeat("A", 3000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		request, err := relay.Args{First: pointer(1), After: &text}.Request(sealing(), signature)
		if err != nil {
			assert.Equal(t, domain.CodeBadInput, domain.ErrorCode(err))
			assert.Less(t, len(err.Error()), 300)
			return
		}
		require.NotNil(t, request.After)
		assert.False(t, request.After.ID.IsZero())
		assert.LessOrEqual(t, len(text), 2048)
	})
}

// The filter's shapes as gqlgen hands them over; what they mean in SQL is storage's.
func TestFilterShapes(t *testing.T) {
	request := func(filter map[string]any) (domain.Filter, error) {
		got, err := relay.Args{First: pointer(1), Filter: filter}.Request(sealing(), signature)
		return got.Filter, err
	}
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	got, err := request(map[string]any{
		"status":    map[string]any{"eq": pointer("OPEN"), "in": []string{}},
		"createdAt": map[string]any{"gt": &at},
		"and":       []map[string]any{{"number": map[string]any{"eq": pointer("1")}}},
		"or":        []map[string]any{},
		"not":       map[string]any{"number": map[string]any{"isNull": pointer(true)}},
		"specs":     []map[string]any{{"name": "colour", "in": []string{"red"}}},
		"under":     &domain.ID{Kind: domain.KindCategory, Row: 1},
	})
	require.NoError(t, err)
	assert.Equal(t, []domain.Term{
		{Field: "createdAt", Op: domain.OpGt, Value: &at},
		{Field: "specs", Value: map[string]any{"name": "colour", "in": []string{"red"}}},
		{Field: "status", Op: domain.OpEq, Value: pointer("OPEN")},
		{Field: "status", Op: domain.OpIn, Value: []string{}},
		{Field: "under", Value: &domain.ID{Kind: domain.KindCategory, Row: 1}},
	}, got.Terms, "in a fixed order")
	assert.Len(t, got.And, 1)
	assert.Equal(t, []domain.Filter{}, got.Or, "an or of nothing is not the same as no or")
	assert.Equal(t, domain.OpIsNull, got.Not.Terms[0].Op)

	var none *domain.ID
	for name, filter := range map[string]map[string]any{
		"no filter": nil, "empty": {}, "null field": {"status": map[string]any(nil)}, "null list": {"specs": []map[string]any(nil)}, "null value": {"under": none},
		"null and": {"and": []map[string]any(nil)}, "null or": {"or": []map[string]any(nil)}, "null not": {"not": map[string]any(nil)}, "bare null": {"not": nil, "or": nil, "and": nil, "x": nil},
	} {
		got, err := request(filter)
		require.NoError(t, err, name)
		assert.True(t, got.IsZero(), "%s lets everything through: %+v", name, got)
	}
	var text *string
	_, err = request(map[string]any{"status": map[string]any{"eq": text}})
	assert.ErrorContains(t, err, "status.eq is null")
	_, err = request(map[string]any{"status": map[string]any{"in": []string(nil)}})
	assert.ErrorContains(t, err, "status.in is null")
	_, err = request(map[string]any{"or": []map[string]any{{"and": []map[string]any{{"a": map[string]any{"eq": nil}}}}}})
	assert.ErrorContains(t, err, "a.eq is null")

	deep := map[string]any{}
	for range 8 {
		deep = map[string]any{"or": []map[string]any{deep}}
	}
	_, err = request(deep)
	assert.ErrorContains(t, err, "nested more than 8 deep")
}
