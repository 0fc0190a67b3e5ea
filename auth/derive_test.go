package auth_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/auth"
)

func TestSecretsOfTheDemo(t *testing.T) {
	derive := func(dir, purpose string) string {
		issuer, err := auth.NewDemoIssuer(dir)
		require.NoError(t, err)
		secret, err := issuer.Derive(purpose)
		require.NoError(t, err)
		require.Len(t, secret, 32)
		return string(secret)
	}
	dir := t.TempDir()
	assert.Equal(t, derive(dir, "a"), derive(dir, "a"), "after a restart as well")
	assert.NotEqual(t, derive(dir, "a"), derive(dir, "b"))
	assert.NotEqual(t, derive(dir, "a"), derive(t.TempDir(), "a"))
}
