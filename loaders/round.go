package loaders

import (
	"context"
	"errors"
	"sync"

	"github.com/vigie-dev/vigie/domain"
)

// ErrPending is what loaders answer in rounds where the value has been asked for and not been read yet. A resolver hands it on like any other
// error, and is called again when the value is there.
var ErrPending = errors.New("the value has not been read yet")

// Ahead is what a query selects of the objects that a field leads to: what will be asked next.
type Ahead interface {
	// Ask calls the resolvers of what is selected of objects of a kind, with a probe in the place of an object.
	Ask(ctx context.Context, kind domain.Kind, probe any)
	// Constant tells whether the field asks for the same in every request of the same query.
	Constant() bool
	// Recipe is what Keep was given for a kind by an earlier request of the same query, whose viewer may read the same fields; nil for none.
	Recipe(kind domain.Kind) *Recipe
	Keep(kind domain.Kind, recipe *Recipe)
}

// AheadKey is the key of the Ahead in the context of a field's resolver.
type AheadKey struct{}

// rounds is how the loaders of a set read round by round: whoever asks is told at once whether the value is there, and Read reads what all have
// asked for. There is no waiting for others, and no goroutine for each that asks.
type rounds struct {
	on      bool
	pending []source
	// beside waits for what is being read beside the rounds.
	beside []func()
	// probes takes what is asked with a probe; it is nil but for while resolvers are called with one.
	probes *[]ask
	// mu guards the values of all loaders while a round is read: one tree fills several of them.
	mu sync.Mutex
}

// source is a loader in rounds.
type source interface {
	// reading takes what has been asked for and returns what reads it.
	reading(ctx context.Context, set *Set) func()
	// describe is what was asked with a probe of a kind as a step of a tree, and the kind and the probe of what it leads to. It is not ok where it
	// cannot be a part of one.
	describe(set *Set, from domain.Kind, asked ask) (found step, kind domain.Kind, probe any, ok bool)
}

// ask is a question that was asked with a probe.
type ask struct {
	of     source
	key    any
	aheads []Ahead
}

// Rounds makes the set read in rounds from now on: Load answers ErrPending for what Read has not read yet. One goroutine may use the set then.
// needs are the Go fields that are needed of the rows of kinds; all are of a kind that is not there, and of all kinds where it is nil.
func (s *Set) Rounds(needs map[domain.Kind][]string) {
	s.rounds.on = true
	if needs != nil {
		s.Store.Narrow(needs)
	}
}

// Read reads what has been asked for since the last round, and ahead of it what the query will ask next where one statement can bring both.
// What takes long is only begun, and waited for when nothing else is left to be read. Read tells whether there was anything to read. What fails is
// told to those who asked.
func (s *Set) Read(ctx context.Context) bool {
	pending := s.rounds.pending
	s.rounds.pending = nil
	// Trees are planned one after the other, as planning calls resolvers, and read at the same time.
	readings := make([]func(), 0, len(pending))
	for _, source := range pending {
		if long, ok := source.(apart); ok {
			s.rounds.beside = append(s.rounds.beside, long.begin(ctx))
			continue
		}
		readings = append(readings, source.reading(ctx, s))
	}
	switch len(readings) {
	case 0:
		return s.Settle()
	case 1:
		readings[0]()
		return true
	}
	var group sync.WaitGroup
	for _, reading := range readings {
		group.Go(reading)
	}
	group.Wait()
	return true
}

// probe is what the resolvers of what is selected of objects of a kind ask the loaders, when they are called with a probe.
func (s *Set) probe(ctx context.Context, kind domain.Kind, probe any, aheads []Ahead) []ask {
	var asked []ask
	s.rounds.probes = &asked
	for _, ahead := range aheads {
		ahead.Ask(ctx, kind, probe)
	}
	s.rounds.probes = nil
	return merged(asked)
}

// merged joins equal questions; what is selected of their answers is joined too.
func merged(asked []ask) []ask {
	var questions []ask
next:
	for _, question := range asked {
		for i := range questions {
			if questions[i].of == question.of && questions[i].key == question.key {
				questions[i].aheads = append(questions[i].aheads, question.aheads...)
				continue next
			}
		}
		questions = append(questions, question)
	}
	return questions
}

// inRounds is the part of a loader that reads in rounds.
type inRounds[K comparable, V any] struct {
	rounds   *rounds
	outcomes outcomes[K, V]
	asked    []K
	aheads   []Ahead
}

// on tells whether the loader reads in rounds.
func (l *inRounds[K, V]) on() bool { return l.rounds != nil && l.rounds.on }

// ask is the value of a key, or ErrPending; of is the loader itself.
func (l *inRounds[K, V]) ask(ctx context.Context, key K, of source) (V, error) {
	if l.rounds.probes != nil {
		question := ask{of: of, key: key}
		if ahead, ok := ctx.Value(AheadKey{}).(Ahead); ok {
			question.aheads = []Ahead{ahead}
		}
		*l.rounds.probes = append(*l.rounds.probes, question)
		var none V
		return none, ErrPending
	}
	known, ok := l.outcomes.of(key)
	if ok {
		return known.value, known.err
	}
	if len(l.asked) == 0 {
		l.rounds.pending = append(l.rounds.pending, of)
	}
	l.outcomes.keep(key, outcome[V]{err: ErrPending})
	l.asked = append(l.asked, key)
	if ahead, ok := ctx.Value(AheadKey{}).(Ahead); ok && (len(l.aheads) == 0 || l.aheads[len(l.aheads)-1] != ahead) {
		l.aheads = append(l.aheads, ahead)
	}
	return known.value, ErrPending
}

// take ends the collecting of a round.
func (l *inRounds[K, V]) take() ([]K, []Ahead) {
	keys, aheads := l.asked, l.aheads
	l.asked, l.aheads = nil, nil
	return keys, aheads
}

// prime keeps a value that was read ahead. What is known already stays.
func (l *inRounds[K, V]) prime(key K, value V) {
	l.rounds.mu.Lock()
	defer l.rounds.mu.Unlock()
	l.note(key, outcome[V]{value: value})
}

// fail keeps that a key has no value, unless one is known.
func (l *inRounds[K, V]) fail(key K, err error) {
	l.rounds.mu.Lock()
	defer l.rounds.mu.Unlock()
	l.note(key, outcome[V]{err: err})
}

// note keeps what became of a key, unless it is known; mu is held.
func (l *inRounds[K, V]) note(key K, became outcome[V]) {
	known, ok := l.outcomes.of(key)
	if ok && !errors.Is(known.err, ErrPending) {
		return
	}
	l.outcomes.keep(key, became)
}

// settle ends a round: keys that have no value by now are not there, or failed as err says.
func (l *inRounds[K, V]) settle(keys []K, values map[K]V, err error) {
	l.rounds.mu.Lock()
	defer l.rounds.mu.Unlock()
	for _, key := range keys {
		value, found := values[key]
		failure := errorOf(err, key)
		switch {
		case failure != nil:
			l.outcomes.keep(key, outcome[V]{err: failure})
		case found:
			l.outcomes.keep(key, outcome[V]{value: value})
		case l.pending(key):
			l.outcomes.keep(key, outcome[V]{err: errNotThere()})
		}
	}
}

// pending tells whether a key has been asked for and nothing is known of it; mu is held.
func (l *inRounds[K, V]) pending(key K) bool {
	known, _ := l.outcomes.of(key)
	return errors.Is(known.err, ErrPending)
}

func errNotThere() error {
	return &domain.Error{Code: domain.CodeNotFound, Message: "it is not there"}
}
