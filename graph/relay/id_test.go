package relay_test

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/relay"
)

// anyID draws an id as rows have it.
func anyID() *rapid.Generator[domain.ID] {
	return rapid.Custom(func(t *rapid.T) domain.ID {
		kind := rapid.SampledFrom(domain.Kinds()).Draw(t, "kind")
		row := rapid.Int64Range(1, 1<<62).Draw(t, "row")
		switch {
		case kind == domain.KindCustomer:
			return domain.CustomerID(row)
		case kind.Owned():
			return domain.OwnedID(kind, rapid.Int64Range(1, 1<<62).Draw(t, "customer"), row)
		default:
			return domain.SharedID(kind, row)
		}
	})
}

func TestIDsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := anyID().Draw(t, "id")
		back, err := relay.DecodeID(relay.EncodeID(id))
		require.NoError(t, err)
		require.Equal(t, id, back)
	})
}

func TestIDsAreOneToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one, other := anyID().Draw(t, "one"), anyID().Draw(t, "other")
		require.Equal(t, one == other, relay.EncodeID(one) == relay.EncodeID(other))
	})
}

// Clients keep ids: these must be read for ever.
func TestIDsStayAsTheyAre(t *testing.T) {
	for text, id := range map[string]domain.ID{
		"AQEB":    domain.SharedID(domain.KindOrganisation, 1),
		"AQQB":    domain.CustomerID(1),
		"ARIBAQ":  domain.OwnedID(domain.KindOrder, 1, 1),
		"ARLoBwU": domain.OwnedID(domain.KindOrder, 1000, 5),
		"ARfAhD0": domain.SharedID(domain.KindProduct, 1_000_000),
		"ARwBgAE": domain.OwnedID(domain.KindTrackingEvent, 1, 128),
	} {
		assert.Equal(t, text, relay.EncodeID(id))
		back, err := relay.DecodeID(text)
		require.NoError(t, err)
		assert.Equal(t, id, back)
	}
}

func TestWhatIsNoIDIsRefused(t *testing.T) {
	encode := base64.RawURLEncoding.EncodeToString
	for name, text := range map[string]string{
		"nothing":                   "",
		"no base64":                 "%%%",
		"padding":                   "AQEB====",
		"another alphabet":          "AR//AQ",
		"a line break":              "AQ\nEB",
		"another version":           encode([]byte{2, 1, 1}),
		"no kind":                   encode([]byte{1, 0, 1}),
		"a kind that is not there":  encode([]byte{1, 200, 1}),
		"no number":                 encode([]byte{1, 1}),
		"number zero":               encode([]byte{1, 1, 0}),
		"a number too many":         encode([]byte{1, 1, 1, 1}),
		"two numbers too many":      encode([]byte{1, 18, 1, 1, 1}),
		"a number too few":          encode([]byte{1, 18, 1}),
		"an unfinished number":      encode([]byte{1, 1, 0x80}),
		"a number spelled long":     encode([]byte{1, 1, 0x81, 0x00}),
		"a number above all bounds": encode([]byte{1, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}),
		"a number below zero":       encode([]byte{1, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01}),
		"spare bits":                "AQEC"[:3] + "C" + "B",
	} {
		_, err := relay.DecodeID(text)
		assert.Equal(t, domain.CodeBadInput, domain.ErrorCode(err), "%s: %q", name, text)
	}
}

func FuzzDecodeID(f *testing.F) {
	for _, seed := range []string{"", "AQEB", "AQQB", "ARIBAQ", "ARIB", "%", "AQEB=", "AQGAAA", "////", "AQH_________8B"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		id, err := relay.DecodeID(text)
		if err != nil {
			assert.Equal(t, domain.CodeBadInput, domain.ErrorCode(err))
			assert.Less(t, len(err.Error()), 300, "the message must not grow with the input")
			return
		}
		// One object has one id: what is read is written in the same way.
		assert.Equal(t, text, relay.EncodeID(id))
		assert.Positive(t, id.Row)
		assert.Equal(t, id.Kind.Owned(), id.Customer > 0)
	})
}

func TestReadingAnIDAllocatesNothing(t *testing.T) {
	id := domain.OwnedID(domain.KindOrder, 1<<62, 1<<62)
	text := relay.EncodeID(id)
	room := make([]byte, 0, len(text))
	assert.Zero(t, testing.AllocsPerRun(10, func() {
		_, err := relay.DecodeID(text)
		if err != nil {
			t.Fatal(err)
		}
		relay.AppendID(room, id)
	}))
}
