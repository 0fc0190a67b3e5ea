package relay

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"hash"
	"sync"
)

// MinCursorKey is how many bytes the key of cursors has at least.
const MinCursorKey = 32

const (
	// sealSize is the length of the seal that leads a sealed text, and sealBlock what texts are filled up to, so that their length tells little.
	sealSize  = aes.BlockSize
	sealBlock = 32
)

// Cursors makes cursors that nobody else can read or make: they hold what a list is sorted by, and that may be somebody's name. It is safe for
// concurrent use.
//
// A cursor is sealed with a synthetic initialisation vector, after RFC 5297 with HMAC-SHA256 in the place of S2V: the seal is the HMAC of the text,
// and the vector that AES-256-CTR begins with. So the same place always has the same cursor, which keeps equal answers equal for caches, and no
// number of cursors wears the key out as random vectors would.
type Cursors struct {
	block cipher.Block
	// macs are idle HMACs: making one costs more than using it.
	macs sync.Pool
}

// NewCursors makes cursors with a key of MinCursorKey bytes at least. Servers that answer the same clients need the same key.
func NewCursors(key []byte) (*Cursors, error) {
	if len(key) < MinCursorKey {
		return nil, fmt.Errorf("the key of cursors has %d bytes, of %d that are needed", len(key), MinCursorKey)
	}
	// Whoever changes the layout of cursors changes the purpose, so that older ones are refused and not misread.
	keys, err := hkdf.Key(sha256.New, key, nil, "vigie cursors 1", 2*sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("derive the keys of cursors: %w", err)
	}
	block, err := aes.NewCipher(keys[sha256.Size:])
	if err != nil {
		return nil, fmt.Errorf("derive the keys of cursors: %w", err)
	}
	c := &Cursors{block: block}
	c.macs.New = func() any { return hmac.New(sha256.New, keys[:sha256.Size]) }
	return c, nil
}

// OwnCursors makes cursors that end with the process: their key is random.
func OwnCursors() (*Cursors, error) {
	key := make([]byte, MinCursorKey)
	_, err := rand.Read(key)
	if err != nil {
		return nil, fmt.Errorf("make a key of cursors: %w", err)
	}
	return NewCursors(key)
}

// seal hides a text. It appends to the text's own array where that has room.
func (c *Cursors) seal(text []byte) []byte {
	fill := (sealBlock - len(text)%sealBlock) % sealBlock
	text = append(text, make([]byte, fill)...)
	sealed := make([]byte, sealSize, sealSize+len(text))
	c.mac(sealed, text)
	sealed = sealed[:sealSize+len(text)]
	cipher.NewCTR(c.block, sealed[:sealSize]).XORKeyStream(sealed[sealSize:], text)
	return sealed
}

// open is the text that was sealed, with what it was filled up with; it is not ok where somebody else made it, or another key.
func (c *Cursors) open(sealed []byte) (text []byte, ok bool) {
	if len(sealed) < sealSize+sealBlock || (len(sealed)-sealSize)%sealBlock != 0 {
		return nil, false
	}
	text = make([]byte, len(sealed)-sealSize)
	cipher.NewCTR(c.block, sealed[:sealSize]).XORKeyStream(text, sealed[sealSize:])
	var seal [sealSize]byte
	c.mac(seal[:], text)
	return text, subtle.ConstantTimeCompare(seal[:], sealed[:sealSize]) == 1
}

// mac puts the seal of a text into the first bytes of to.
func (c *Cursors) mac(to, text []byte) {
	mac := c.macs.Get().(hash.Hash)
	defer c.macs.Put(mac)
	mac.Reset()
	mac.Write(text) // A hash never fails.
	var sum [sha256.Size]byte
	copy(to[:sealSize], mac.Sum(sum[:0]))
}

// CursorsKey is the key under which the context of a response has its *Cursors.
type CursorsKey struct{}

// WithCursors puts what makes the cursors of a response into its context.
func WithCursors(ctx context.Context, cursors *Cursors) context.Context {
	return context.WithValue(ctx, CursorsKey{}, cursors)
}

// cursorsOf is what makes the cursors of the response that ctx belongs to. It panics outside of one: that is a fault in the wiring.
func cursorsOf(ctx context.Context) *Cursors {
	cursors, ok := ctx.Value(CursorsKey{}).(*Cursors)
	if !ok {
		panic("relay: the context belongs to no response")
	}
	return cursors
}
