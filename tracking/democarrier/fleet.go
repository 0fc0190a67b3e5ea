package democarrier

import (
	"crypto/rand"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// What a fleet holds at most.
const (
	maxParcels = 200_000
	maxAhead   = 10 * 365 * 24 * time.Hour
)

// Credential is what a carrier asks for: an id and a secret of UPS and FedEx, the secret alone, as a key, of DHL and La Poste.
type Credential struct{ ID, Secret string }

// Options is what to play. Everything may be missing.
type Options struct {
	Seed    uint64
	Parcels []Parcel
	// Credentials are by carrier. Those of carriers that are not here are drawn.
	Credentials map[string]Credential
	Now         func() time.Time // nil is time.Now
}

// Fleet is the carriers with their parcels, their clock and their faults. Safe for use by many goroutines.
type Fleet struct {
	seed        uint64
	now         func() time.Time
	credentials map[string]Credential
	signing     []byte // of tokens

	mu      sync.RWMutex
	parcels map[string]*parcel // by carrier/number
	numbers []string           // the keys of parcels, sorted
	ahead   time.Duration
	faults  map[string]fault
	closed  bool
}

// New checks the parcels.
func New(options Options) (*Fleet, error) {
	f := &Fleet{
		seed: options.Seed, now: options.Now, credentials: map[string]Credential{}, signing: []byte(rand.Text()),
		parcels: map[string]*parcel{}, faults: map[string]fault{},
	}
	if f.now == nil {
		f.now = time.Now
	}
	for _, carrier := range Carriers() {
		given := options.Credentials[carrier]
		if given.Secret == "" {
			given = Credential{ID: "demo-" + carrier, Secret: rand.Text()}
		}
		f.credentials[carrier] = given
	}
	err := f.Put(options.Parcels...)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Put adds parcels, and replaces those whose numbers are there. Where one is wrong, none is added.
func (f *Fleet) Put(parcels ...Parcel) error {
	checked := make([]*parcel, len(parcels))
	for i := range parcels {
		var err error
		checked[i], err = check(parcels[i])
		if err != nil {
			return err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.parcels)+len(checked) > maxParcels {
		return domain.BadInput("a demo fleet holds at most %d parcels", maxParcels)
	}
	for _, p := range checked {
		key := p.Carrier + "/" + p.Number
		if f.parcels[key] == nil {
			f.numbers = append(f.numbers, key)
		}
		f.parcels[key] = p
	}
	slices.Sort(f.numbers)
	return nil
}

// Credential is what a client of the carrier has to know.
func (f *Fleet) Credential(carrier string) Credential { return f.credentials[carrier] }

// Now is the fleet's clock.
func (f *Fleet) Now() time.Time {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.now().Add(f.ahead)
}

// Advance moves the clock forwards, in all at most ten years.
func (f *Fleet) Advance(by time.Duration) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if by < 0 || by > maxAhead-f.ahead {
		return domain.BadInput("the clock goes forwards only, in all at most ten years")
	}
	f.ahead += by
	return nil
}

// Reset sets the clock back to now and ends all faults. The parcels stay.
func (f *Fleet) Reset() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ahead = 0
	f.endFaults()
}

// Close ends the requests that hang, and keeps others from hanging.
func (f *Fleet) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	f.endFaults()
}

// look finds a parcel as far as it has come; false where the carrier knows nothing of it yet.
func (f *Fleet) look(carrier, number string) (standing, bool) {
	f.mu.RLock()
	p := f.parcels[carrier+"/"+strings.ToUpper(number)]
	now := f.now().Add(f.ahead)
	f.mu.RUnlock()
	if p == nil {
		return standing{}, false
	}
	return plan(f.seed, p).standingAt(p, now)
}
