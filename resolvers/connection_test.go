package resolvers_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"
)

// Every connection of the schema keeps the conventions; a new one is tested without being named here.
func TestEveryConnectionKeepsTheConventions(t *testing.T) {
	t.Parallel()
	a := newDemo(t, 60, waiting(time.Millisecond))
	a.fillRareRelations()
	a.connections(func(parent string, field *ast.FieldDefinition) {
		t.Run(parent+"/"+field.Name, func(t *testing.T) {
			t.Parallel()
			c := a.in(t).connection(parent, field)
			c.limits()
			c.forward()
			c.backward()
			c.between()
			c.cursors()
		})
	})
}

// connection is one list: a root field, or a field of one parent that has some children.
type connection struct {
	*api
	parent, name string
	id           any
	// whole is the beginning of the list, up to 100 items: ids and cursors.
	whole, places []string
	total         int
}

const pageFields = `{ nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount }`

// page is a part of the list as a client sees it.
type page struct {
	ids, cursors           []string
	hasNext, hasPrevious   bool
	startCursor, endCursor any
	total                  string
}

func (a *api) connection(parent string, field *ast.FieldDefinition) *connection {
	a.t.Helper()
	c := &connection{api: a, parent: parent, name: field.Name}
	if parent != "Query" {
		c.id = a.parentWithChildren(parent, field.Name, 3)
	}
	whole := c.read("first: 100")
	require.GreaterOrEqual(a.t, len(whole.ids), 3, "the test needs three items")
	c.whole, c.places = whole.ids, whole.cursors
	_, err := fmt.Sscan(whole.total, &c.total)
	require.NoError(a.t, err)
	return c
}

// parentWithChildren is the id of the first object of a type whose list has so many items.
func (a *api) parentWithChildren(typename, list string, least int) string {
	a.t.Helper()
	query := fmt.Sprintf(`query ($ids: [ID!]!) { nodes(ids: $ids) { ... on %s { id list: %s(first: %d) { nodes { id } } } } }`, typename, list, least)
	for ids := range slices.Chunk(a.ids(typename, 5_000), 100) {
		answer := a.must(query, variables{"ids": ids})
		for i, id := range ids {
			if len(answer.list(fmt.Sprintf("nodes.%d.list.nodes", i))) >= least {
				return id
			}
		}
	}
	require.Fail(a.t, "no object with so many children", "%s.%s", typename, list)
	return ""
}

func (c *connection) query(arguments string) (string, variables) {
	if arguments != "" {
		arguments = "(" + arguments + ")"
	}
	if c.parent == "Query" {
		return fmt.Sprintf("{ list: %s%s %s }", c.name, arguments, pageFields), nil
	}
	return fmt.Sprintf("query ($id: ID!) { node(id: $id) { ... on %s { list: %s%s %s } } }", c.parent, c.name, arguments, pageFields), variables{"id": c.id}
}

func (c *connection) read(arguments string) page {
	c.t.Helper()
	answer := c.must(c.query(arguments))
	path := "list"
	if c.parent != "Query" {
		path = "node.list"
	}
	info := path + ".pageInfo."
	p := page{
		ids: answer.each(path+".nodes", "id"), cursors: answer.each(path+".edges", "cursor"),
		hasNext: answer.at(info+"hasNextPage") == true, hasPrevious: answer.at(info+"hasPreviousPage") == true,
		startCursor: answer.at(info + "startCursor"), endCursor: answer.at(info + "endCursor"),
		total: answer.text(path + ".totalCount"),
	}
	assert.Equal(c.t, p.ids, answer.each(path+".edges", "node.id"), "nodes and edges differ")
	if len(p.ids) > 0 {
		assert.Equal(c.t, p.cursors[0], p.startCursor)
		assert.Equal(c.t, p.cursors[len(p.cursors)-1], p.endCursor)
	} else {
		assert.Nil(c.t, p.startCursor)
		assert.Nil(c.t, p.endCursor)
	}
	return p
}

func (c *connection) refuses(arguments string) string {
	c.t.Helper()
	query, v := c.query(arguments)
	return c.refused(query, v)
}

func (c *connection) limits() {
	c.t.Helper()
	assert.Contains(c.t, c.refuses(""), "first or last is needed")
	assert.Contains(c.t, c.refuses("first: null"), "first or last is needed")
	assert.Contains(c.t, c.refuses("first: 1, last: 1"), "not both")
	for _, arguments := range []string{"first: 0", "first: -1", "first: 101", "last: 0", "last: 101"} {
		assert.Contains(c.t, c.refuses(arguments), "from 1 to 100", arguments)
	}
	c.refuses("first: 99999999999")
}

func (c *connection) forward() {
	c.t.Helper()
	first := c.read("first: 1")
	assert.Equal(c.t, c.whole[:1], first.ids)
	assert.True(c.t, first.hasNext)
	assert.False(c.t, first.hasPrevious)
	assert.Equal(c.t, fmt.Sprint(c.total), first.total, "the total is the whole list's")
	second := c.read(fmt.Sprintf("first: 1, after: %q", first.endCursor))
	assert.Equal(c.t, c.whole[1:2], second.ids)
	assert.True(c.t, second.hasPrevious)
	assert.Equal(c.t, fmt.Sprint(c.total), second.total, "the total is the whole list's")
	if c.total <= len(c.whole) {
		end := c.read(fmt.Sprintf("first: 1, after: %q", c.places[len(c.places)-1]))
		assert.Empty(c.t, end.ids)
		assert.False(c.t, end.hasNext)
		assert.Equal(c.t, fmt.Sprint(c.total), end.total, "the total is the whole list's")
	}
}

func (c *connection) backward() {
	c.t.Helper()
	last := c.read("last: 1")
	assert.False(c.t, last.hasNext)
	assert.True(c.t, last.hasPrevious)
	previous := c.read(fmt.Sprintf("last: 1, before: %q", last.startCursor))
	assert.True(c.t, previous.hasNext)
	if c.total <= len(c.whole) {
		n := len(c.whole)
		assert.Equal(c.t, c.whole[n-1:], last.ids)
		assert.Equal(c.t, c.whole[n-2:n-1], previous.ids)
	}
	third := c.read(fmt.Sprintf("last: 2, before: %q", c.places[2]))
	assert.Equal(c.t, c.whole[:2], third.ids, "a page from the end is in the list's order")
	assert.False(c.t, third.hasPrevious)
}

func (c *connection) between() {
	c.t.Helper()
	middle := c.read(fmt.Sprintf("first: 5, after: %q, before: %q", c.places[0], c.places[2]))
	assert.Equal(c.t, c.whole[1:2], middle.ids)
	nothing := c.read(fmt.Sprintf("first: 5, after: %q, before: %q", c.places[2], c.places[0]))
	assert.Empty(c.t, nothing.ids)
}

// cursors are opaque, and none but our own for this list are taken.
func (c *connection) cursors() {
	c.t.Helper()
	good := c.places[0]
	for _, bad := range []string{"", "MQ", "not base64!", good[:len(good)/2], good + "A", "bnVsbA", "e30", "W10"} {
		c.refuses(fmt.Sprintf("first: 1, after: %q", bad))
		c.refuses(fmt.Sprintf("last: 1, before: %q", bad))
	}
	foreign := c.must("{ carriers(first: 1) { pageInfo { endCursor } } }", nil).text("carriers.pageInfo.endCursor")
	if c.name == "carriers" {
		foreign = c.must("{ warehouses(first: 1) { pageInfo { endCursor } } }", nil).text("warehouses.pageInfo.endCursor")
	}
	assert.Contains(c.t, c.refuses(fmt.Sprintf("first: 1, after: %q", foreign)), "another order")
}

// Cursors stay with the order that they were made in, for every order of every list that has a choice.
func TestEveryOrderOfEveryListCanBeWalked(t *testing.T) {
	t.Parallel()
	a := newDemo(t, 20, waiting(time.Millisecond))
	a.fillRareRelations()
	for _, field := range a.definition("Query").Fields {
		by := field.Arguments.ForName("orderBy")
		if by == nil {
			continue
		}
		t.Run(field.Name, func(t *testing.T) {
			a := a.in(t)
			fields := a.definition(a.definition(by.Type.Name()).Fields.ForName("field").Type.Name()).EnumValues
			query := fmt.Sprintf(`query ($by: [%s!], $first: Int!, $after: String) { list: %s(first: $first, after: $after, orderBy: $by) { nodes { id } pageInfo { endCursor hasNextPage } } }`,
				by.Type.Name(), field.Name)
			cursors := map[string]string{}
			for _, value := range fields {
				for _, direction := range []string{"ASC", "DESC"} {
					order := []any{variables{"field": value.Name, "direction": direction}}
					walked := a.walk(query, order, 7, 5)
					whole := a.must(query, variables{"by": order, "first": 35})
					assert.Equal(t, whole.each("list.nodes", "id")[:len(walked)], walked, "%s %s", value.Name, direction)
					cursors[value.Name+direction] = whole.text("list.pageInfo.endCursor")
				}
			}
			several := []any{variables{"field": fields[0].Name, "direction": "DESC"}, variables{"field": fields[len(fields)-1].Name}}
			whole := a.must(query, variables{"by": several, "first": 35})
			assert.Equal(t, whole.each("list.nodes", "id"), a.walk(query, several, 7, 5), "several orders")
			for name, cursor := range cursors {
				assert.Contains(t, a.refused(query, variables{"by": several, "first": 1, "after": cursor}), "another order", name)
			}
			five := []any{}
			for range 5 {
				five = append(five, variables{"field": fields[0].Name})
			}
			assert.Contains(t, a.refused(query, variables{"by": five, "first": 1}), "at most")
			a.invalid(query, variables{"by": []any{variables{"field": "PASSWORD"}}, "first": 1})
			a.invalid(query, variables{"by": []any{variables{"field": fields[0].Name, "direction": nil}}, "first": 1})
		})
	}
}

// walk reads pages of a list one after the other and returns the ids in between.
func (a *api) walk(query string, order []any, size, pages int) []string {
	a.t.Helper()
	var ids []string
	var after any
	for range pages {
		answer := a.must(query, variables{"by": order, "first": size, "after": after})
		ids = append(ids, answer.each("list.nodes", "id")...)
		if answer.at("list.pageInfo.hasNextPage") == false {
			break
		}
		after = answer.at("list.pageInfo.endCursor")
	}
	return ids
}
