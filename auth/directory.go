package auth

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/vigie-dev/vigie/domain"
)

// Directory finds the rows that claims name.
type Directory interface {
	// UnitsByCode returns the rows of the organisation units with the codes and of all units below them; codes that are not known are passed over.
	UnitsByCode(ctx context.Context, codes []string) ([]int64, error)
	// UnitsBelow returns the rows of an organisation unit and of all units below it.
	UnitsBelow(ctx context.Context, unit int64) ([]int64, error)
	// UserByReference returns the one active employee with the e-mail address or, where the reference is none, the external
	// id. None, or more than one, gives an error with the code NOT_FOUND.
	UserByReference(ctx context.Context, reference string) (*domain.User, error)
	// CustomerRowByNumber returns a customer's row, or an error with the code NOT_FOUND.
	CustomerRowByNumber(ctx context.Context, number string) (int64, error)
}

// maxRemembered bounds what is remembered of each kind.
const maxRemembered = 10_000

// remembered asks a Directory and remembers what it found for a short time; each answer comes with the instant at which it is forgotten.
// Failures are not remembered.
type remembered struct {
	from      Directory
	units     memory[[]int64]
	users     memory[*domain.User]
	customers memory[int64]
}

func newRemembered(from Directory, span time.Duration, now func() time.Time) *remembered {
	return &remembered{
		from:      from,
		units:     newMemory[[]int64](span, now),
		users:     newMemory[*domain.User](span, now),
		customers: newMemory[int64](span, now),
	}
}

func (r *remembered) unitsByCode(ctx context.Context, codes []string) ([]int64, time.Time, error) {
	codes = slices.Clone(codes)
	slices.Sort(codes)
	return r.units.get(fmt.Sprintf("%q", codes), func() ([]int64, error) { return r.from.UnitsByCode(ctx, codes) })
}

func (r *remembered) unitsBelow(ctx context.Context, unit int64) ([]int64, time.Time, error) {
	return r.units.get(strconv.FormatInt(unit, 10), func() ([]int64, error) { return r.from.UnitsBelow(ctx, unit) })
}

func (r *remembered) userByReference(ctx context.Context, reference string) (*domain.User, time.Time, error) {
	return r.users.get(reference, func() (*domain.User, error) { return r.from.UserByReference(ctx, reference) })
}

func (r *remembered) customerRowByNumber(ctx context.Context, number string) (int64, time.Time, error) {
	return r.customers.get(number, func() (int64, error) { return r.from.CustomerRowByNumber(ctx, number) })
}

// memory keeps values for a span of time.
type memory[V any] struct {
	kept *lru.Cache[string, fact[V]]
	span time.Duration
	now  func() time.Time
}

type fact[V any] struct {
	value V
	until time.Time
}

func newMemory[V any](span time.Duration, now func() time.Time) memory[V] {
	kept, err := lru.New[string, fact[V]](maxRemembered)
	if err != nil {
		panic(err) // The size is a positive constant.
	}
	return memory[V]{kept: kept, span: span, now: now}
}

// get returns what is remembered of the key, or else finds it, and until when it is remembered.
func (m memory[V]) get(key string, find func() (V, error)) (V, time.Time, error) {
	now := m.now()
	known, ok := m.kept.Get(key)
	if ok && now.Before(known.until) {
		return known.value, known.until, nil
	}
	value, err := find()
	until := now.Add(m.span)
	if err == nil {
		m.kept.Add(key, fact[V]{value, until})
	}
	return value, until, err
}
