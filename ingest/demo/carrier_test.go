package demo

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCheckDigits(t *testing.T) {
	// Published examples of each scheme.
	assert.Equal(t, "4", string(upsCheckDigit([]byte("999AA1012345678"))))
	assert.Equal(t, "9", string(s10CheckDigit([]byte("47312482"))))
	assert.Equal(t, "5", string(s10CheckDigit([]byte("12345678"))))
	assert.Equal(t, "3", string(gs1CheckDigit([]byte("629104150021"))))
	assert.Equal(t, "5", string(fedexCheckDigit([]byte("98657878885"))))
}

func TestTrackingNumberShapes(t *testing.T) {
	shapes := map[carrier]*regexp.Regexp{
		dhl:     regexp.MustCompile(`^00340434[0-9]{12}$`),
		ups:     regexp.MustCompile(`^1Z[0-9A-Z]{6}68[0-9]{8}$`),
		fedex:   regexp.MustCompile(`^[1-9][0-9]{11}$`),
		laposte: regexp.MustCompile(`^C[A-Z][0-9]{9}FR$`),
	}
	r := newRandom(1)
	for c := range carrierCount {
		seen := map[string]bool{}
		for serial := range int64(20_000) {
			number := c.trackingNumber(r, serial)
			if serial%100 == 0 {
				assert.Regexp(t, shapes[c], number)
			}
			seen[number] = true
		}
		assert.Len(t, seen, 20_000, "each number is given once")
	}
}
