package auth_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/storage"
)

// BenchmarkAuthenticate admits a bearer whose credential was judged a moment ago, one at a time and from all processors at once.
func BenchmarkAuthenticate(b *testing.B) {
	store, key := newKey(storage.APIKey{ID: 1, Name: "Warehouse", Grants: []string{"sales:read"}, Organisations: []int64{4, 2}})
	signers := map[string]signer{"EdDSA": newEdDSA(b, "ed"), "RS256": newRS256(b, "rsa", 2048)}
	p := newProvider(b, signers["EdDSA"].public(b), signers["RS256"].public(b))
	gate := newGate(b, auth.Config{Issuers: []auth.IssuerConfig{p.config()}, Keys: store, Now: time.Now})
	tokens := map[string]string{"key": key}
	for name, signer := range signers {
		now := time.Now()
		tokens[name] = signer.sign(b, p.claims(map[string]any{
			"iat": now.Unix(), "exp": now.Add(time.Hour).Unix(), "role": "agent", "units": []string{"DE", "FR"}, "email": "ada@example.com",
		}))
	}
	for name, token := range tokens {
		_, _, err := gate.Authenticate(b.Context(), token)
		require.NoError(b, err)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _, err = gate.Authenticate(b.Context(), token)
			}
			require.NoError(b, err)
		})
		b.Run(name+"/parallel", func(b *testing.B) {
			b.RunParallel(func(loop *testing.PB) {
				for loop.Next() {
					_, _, err := gate.Authenticate(context.Background(), token)
					if err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}
