package loaders

import "context"

// Beside loads what takes long to read, such as what a carrier says. In rounds it is read beside them: nobody waits for it while something else is
// left to be read.
type Beside[K comparable, V any] struct {
	name  string
	fetch func(*Set, context.Context, []K) (map[K]V, error)
}

// beside declares what is fetched for a response beside its rounds.
func beside[K comparable, V any](name string, fetch func(*Set, context.Context, []K) (map[K]V, error)) *Beside[K, V] {
	return &Beside[K, V]{name, fetch}
}

// besideLoader is the loader of a Beside.
type besideLoader[K comparable, V any] struct{ Loader[K, V] }

// apart is a source that is read beside the rounds.
type apart interface {
	source
	// begin starts to read what has been asked for and returns what waits for it and keeps it.
	begin(ctx context.Context) (finish func())
}

// open implements relation.
func (r *Beside[K, V]) open(s *Set) *besideLoader[K, V] {
	return &besideLoader[K, V]{newLoader(s, r.name, func(ctx context.Context, keys []K) (map[K]V, error) { return r.fetch(s, ctx, keys) })}
}

// Load is the value of a key. It fails with CodeNotFound where there is none.
func (r *Beside[K, V]) Load(ctx context.Context, key K) (V, error) {
	l := loaderOf(For(ctx), r)
	return l.load(ctx, key, l)
}

// begin implements apart. What was read is kept by whoever waits, so that values are only touched between rounds.
func (l *besideLoader[K, V]) begin(ctx context.Context) func() {
	keys, _ := l.take()
	var values map[K]V
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		ctx, ended := observe(ctx, l.name, len(keys), 0)
		values, err = l.guarded(ctx, keys)
		ended(err)
	}()
	return func() {
		<-done
		l.settle(keys, values, err)
	}
}

// Settle waits for all that is read beside the rounds. It tells whether there was anything. Whoever reads in rounds calls it at the end, also when
// nobody needs the values any more: a read must not outlive its response.
func (s *Set) Settle() bool {
	begun := s.rounds.beside
	s.rounds.beside = nil
	for _, finish := range begun {
		finish()
	}
	return len(begun) > 0
}
