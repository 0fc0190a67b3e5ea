package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	dir := t.TempDir()
	good, bad := filepath.Join(dir, "good.graphqls"), filepath.Join(dir, "bad.graphqls")
	require.NoError(t, os.WriteFile(good, []byte("\"Where questions start\" type Query { \"Whether it answers\" alive: Boolean }"), 0o644))
	require.NoError(t, os.WriteFile(bad, []byte("type Query {\n  alive: Boolean\n}"), 0o644))

	for _, test := range []struct {
		name string
		args []string
		code int
		out  string
	}{
		{"clean", []string{good}, 0, "1 types follow"},
		{"findings", []string{bad}, 1, "bad.graphqls:2: described: field Query.alive"},
		{"unreadable", []string{filepath.Join(dir, "none")}, 2, "no such file"},
		{"too many", []string{good, bad}, 2, "usage"},
		{"help", []string{"-help"}, 0, "node-id"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			require.Equal(t, test.code, run(test.args, &out, &out))
			require.Contains(t, out.String(), test.out)
		})
	}
}
