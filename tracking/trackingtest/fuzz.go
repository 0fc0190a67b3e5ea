package trackingtest

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/tracking"
)

// Fuzz begins with the payloads in dir and tests Holds for what it makes of them.
func Fuzz(f *testing.F, parse tracking.Parser, dir string) {
	f.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(f, err)
	for _, path := range payloads(entries, dir) {
		raw, err := os.ReadFile(path)
		require.NoError(f, err)
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) { Holds(t, parse, raw) })
}
