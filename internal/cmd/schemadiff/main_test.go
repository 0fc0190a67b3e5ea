package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "schema.graphql")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	return path
}

func call(args ...string) (int, string) {
	var out bytes.Buffer
	code := run(args, &out, &out, time.Date(2027, time.May, 17, 0, 0, 0, 0, time.UTC))
	return code, out.String()
}

func TestRun(t *testing.T) {
	old := file(t, "type Query { a: Int b: Int }")
	more := file(t, "type Query { a: Int b: Int c: Int }")
	less := file(t, "type Query { a: Int }")
	allow := file(t, "# nobody asked for b\nBREAKING Query.b: field removed\n")

	for _, test := range []struct {
		name string
		args []string
		code int
		out  string
	}{
		{"same", []string{old, old}, 0, "0 changes"},
		{"safe", []string{old, more}, 0, "SAFE Query.c: field added"},
		{"breaking", []string{old, less}, 1, "BREAKING Query.b: field removed"},
		{"allowed", []string{"-allow", allow, old, less}, 0, "1 changes, 0 of them breaking and not allowed"},
		{"stale allowance", []string{"-allow", allow, old, more}, 0, "the allow list names no breaking change with: BREAKING Query.b"},
		{"no allow list", []string{"-allow", allow + ".none", old, less}, 2, "no such file"},
		{"no baseline", []string{old + ".none", less}, 2, "write a first baseline with -write"},
		{"unreadable schema", []string{old, file(t, "type Query {")}, 2, "invalid schema"},
		{"unknown flag", []string{"-force"}, 2, "not defined"},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, out := call(test.args...)
			require.Equal(t, test.code, code, out)
			require.Contains(t, out, test.out)
		})
	}
}

func TestWrite(t *testing.T) {
	baseline := filepath.Join(t.TempDir(), "baseline.graphql")
	first := file(t, "\"Where questions start\" type Query { a: Int }")

	code, out := call("-write", baseline, first)
	require.Zero(t, code, out)
	text, err := os.ReadFile(baseline)
	require.NoError(t, err)
	require.Equal(t, header+"type Query {\n  a: Int\n}\n", string(text))

	code, out = call(baseline, first)
	require.Zero(t, code, out)

	code, out = call("-write", baseline, file(t, "type Query { b: Int }"))
	require.Equal(t, 1, code, out)
	kept, err := os.ReadFile(baseline)
	require.NoError(t, err)
	require.Equal(t, string(text), string(kept), "a breaking change must not become the baseline")

	code, out = call("-write", baseline, file(t, "type Query { a: Int b: Int }"))
	require.Zero(t, code, out)
	code, out = call(baseline, first)
	require.Equal(t, 1, code, out)
}
