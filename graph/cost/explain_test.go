package cost_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/cost"
)

func TestExplain(t *testing.T) {
	limits := cost.DefaultLimits()
	limits.MaxCost = 20
	a := analyser(t, shopSchema(t), limits)
	report, err := a.Explain(`query Q($n: Int!) { mine: shop { ...F } shops(first: $n) { nodes { id } totalCount } } fragment F on Shop { owner { id } }`,
		map[string]any{"n": json.Number("30")}, "Q")
	require.NoError(t, err)
	assert.Equal(t, &cost.Report{
		Points: 40, Limit: 20, Allowed: false, Fields: 36, Tokens: 42, Depth: 3, RootFields: 2, Aliases: 1,
		Roots: []cost.Part{{Path: "mine", Points: 6, Times: 1}, {Path: "shops", Points: 34, Times: 1}},
		Dearest: []cost.Part{
			{Path: "shops", Points: 34, Times: 1}, {Path: "shops.nodes", Points: 30, Times: 30}, {Path: "mine", Points: 6, Times: 1},
			{Path: "mine.owner", Points: 5, Times: 1}, {Path: "shops.totalCount", Points: 3, Times: 1},
		},
	}, report, "what is too dear is explained, not refused")
}

func TestExplainNamesTheDearestTen(t *testing.T) {
	a := analyser(t, shopSchema(t), cost.DefaultLimits())
	report, err := a.Explain(`{`+strings.Repeat(` shop { parent { parent { parent { parent { id } } } } }`, 4)+`}`, nil, "")
	require.NoError(t, err)
	assert.Len(t, report.Roots, 4)
	assert.Len(t, report.Dearest, 10)
	for i := range report.Dearest[1:] {
		assert.GreaterOrEqual(t, report.Dearest[i].Points, report.Dearest[i+1].Points)
	}
}

func TestExplainRefuses(t *testing.T) {
	a := analyser(t, shopSchema(t), cost.DefaultLimits())
	for document, complaint := range map[string]string{
		``:                            "the document has no operation",
		`{`:                           "the document cannot be read",
		`fragment F on Shop { id }`:   "the document has no operation",
		`query Other { shop { id } }`: `the document has no operation "Q"`,
		`query Q { a b c d e }`:       "and 2 more",
		`query Q($n: Int!) { shops(first: $n) { nodes { id } } }`: "the variables do not fit: must be defined",
	} {
		_, err := a.Explain(document, nil, "Q")
		require.Error(t, err, document)
		assert.Equal(t, domain.CodeBadInput, domain.ErrorCode(err), document)
		assert.Contains(t, err.Error(), complaint, document)
	}
	_, err := a.Explain(exponential(20), nil, "")
	assert.Equal(t, cost.CodeTooComplex, domain.ErrorCode(err))
	var shown *domain.Error
	require.ErrorAs(t, err, &shown)
	assert.Contains(t, shown.Message, "depth 22, at most 20")
}
