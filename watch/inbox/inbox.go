// Package inbox takes in what carriers send by themselves: webhooks, and events that are captured by EPCIS. A message is checked, stored and
// acknowledged; a worker reads it afterwards, in this process or in another.
package inbox

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/watch"
)

// Store keeps messages until they have been worked through. It is a *storage.Pool.
type Store interface {
	AddInboxMessage(ctx context.Context, sender string, digest, body []byte, at time.Time) (fresh bool, err error)
	ClaimInboxMessages(ctx context.Context, senders []string, at, until time.Time, limit int) ([]storage.InboxMessage, error)
	FinishInboxMessage(ctx context.Context, claimed *storage.InboxMessage, outcome *storage.InboxOutcome) (bool, error)
	PostponeInboxMessage(ctx context.Context, claimed *storage.InboxMessage, due time.Time, counts bool) (bool, error)
	InboxState(ctx context.Context, senders []string, digest []byte) (*storage.InboxState, error)
	PruneInbox(ctx context.Context, before time.Time, limit int) (int, error)
}

// Recorder writes down what a message says. It may be given the same reports again.
type Recorder interface {
	Record(ctx context.Context, sender string, reports []tracking.Report, at time.Time) (watch.Recorded, error)
}

// Capturer reads documents whose events are judged one by one.
type Capturer interface {
	Code() string
	Capture(body []byte, at time.Time) (tracking.Captured, error)
}

// Observer hears of messages. It is called by many goroutines at once.
type Observer interface {
	// Received tells of a request: from whom, "" where nobody is known by that name, and how it was answered.
	Received(sender string, status int, took time.Duration)
	// Worked tells of a message that was worked on, how long it had waited for that, and how long it took.
	Worked(sender string, outcome Outcome, waited, took time.Duration)
}

// Outcome is what came of working on a message.
type Outcome string

// The outcomes.
const (
	OutcomeRecorded  Outcome = "recorded"
	OutcomePartly    Outcome = "partly recorded" // some of its events could not be used
	OutcomeRefused   Outcome = "refused"         // it cannot be read; it is kept for a while, to be looked at
	OutcomePostponed Outcome = "postponed"       // to be tried again
	OutcomeEarly     Outcome = "early"           // it is about no shipment that is known yet: to be tried again
	OutcomeGivenUp   Outcome = "given up"        // it was tried for too long
	OutcomeLost      Outcome = "lost"            // what came of it could not be written down: it will be worked on again
)

// Options say what is taken in, and how. Every zero value is usable but Recorder.
type Options struct {
	// Webhooks are those that may send, each under /webhooks/ and its code.
	Webhooks []tracking.Webhook
	// Capture reads what is captured by EPCIS, and Authorize tells who may: an error with the code UNAUTHENTICATED or FORBIDDEN is a no. Without
	// either of them nobody may.
	Capture   Capturer
	Authorize func(*http.Request) error
	// Recorder writes down what was sent.
	Recorder Recorder
	Now      func() time.Time
	Log      *slog.Logger
	Observer Observer

	MaxBody    int64 // of a webhook, in bytes; 0 is 1 MiB
	MaxCapture int64 // of a document of EPCIS, in bytes; 0 is 10 MiB
	// ReadTimeout bounds the arrival of a body, 0 is 10 s; StoreTimeout a statement, 0 is 5 s; RecordTimeout a call of Recorder, 0 is 30 s.
	ReadTimeout, StoreTimeout, RecordTimeout time.Duration

	Workers int           // messages that are worked on at once; 0 is 4
	Batch   int           // messages that a worker takes at once; 0 is 4
	Lease   time.Duration // after which a worker's messages may be taken for abandoned; 0 is 5 min, and it is at least twice RecordTimeout
	Tick    time.Duration // how often to look for what other processes left; 0 is 5 s
	Persist time.Duration // for how long to try to record a message; 0 is 7 days
	Early   time.Duration // for how long a message may wait for the shipment that it is about; 0 is 2 days, below 0 is not at all
	Keep    time.Duration // for how long to keep a message that has been worked through; 0 is 30 days
}

const (
	mostWebhooks = 256 // requests at once that are being read and stored
	mostCaptures = 8   // the same of EPCIS, whose documents are longer
	pruneBatch   = 1000
	pruneEvery   = time.Hour
)

// Inbox takes messages in and works through them. It is safe for concurrent use.
type Inbox struct {
	store    Store
	options  Options
	webhooks map[string]tracking.Webhook
	readers  map[string]reader // by sender
	senders  []string          // of whom messages are worked on
	woken    chan struct{}
	// What is being read and stored now.
	receiving, capturing chan struct{}
	// out tells that the store failed when it was last used, so that an outage is logged once.
	out atomic.Bool
}

// New makes an Inbox. Nothing is worked on before Run.
func New(store Store, options Options) *Inbox {
	options = options.withDefaults()
	i := &Inbox{
		store: store, options: options, webhooks: map[string]tracking.Webhook{}, readers: map[string]reader{},
		woken: make(chan struct{}, options.Workers), receiving: make(chan struct{}, mostWebhooks), capturing: make(chan struct{}, mostCaptures),
	}
	for _, webhook := range options.Webhooks {
		i.webhooks[webhook.Code()] = webhook
		i.addReader(webhook.Code(), webhookReader(webhook))
	}
	if i.captures() {
		code := options.Capture.Code()
		i.addReader(code, captureReader(options.Capture, false))
		i.addReader(code+proceeding, captureReader(options.Capture, true))
	}
	return i
}

func (i *Inbox) addReader(sender string, read reader) {
	if i.readers[sender] == nil {
		i.senders = append(i.senders, sender)
	}
	i.readers[sender] = read
}

// captures tells whether events may be captured.
func (i *Inbox) captures() bool { return i.options.Capture != nil && i.options.Authorize != nil }

// Handler answers POST and HEAD /webhooks/{sender}, and what EPCIS has for capturing below /epcis.
func (i *Inbox) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("HEAD /webhooks/{sender}", i.observed(i.greet))
	mux.HandleFunc("POST /webhooks/{sender}", i.observed(i.receive))
	if i.captures() {
		mux.HandleFunc("OPTIONS /epcis/capture", i.observed(i.authorised(i.describe)))
		mux.HandleFunc("POST /epcis/capture", i.observed(i.authorised(i.capture)))
		mux.HandleFunc("POST /epcis/events", i.observed(i.authorised(i.captureEvent)))
		mux.HandleFunc("GET /epcis/capture/{id}", i.observed(i.authorised(i.job)))
	}
	return mux
}

// wake tells a worker that there is something to do. Where all of them know, it does nothing.
func (i *Inbox) wake() {
	select {
	case i.woken <- struct{}{}:
	default:
	}
}

// now is the time as Postgres keeps it.
func (i *Inbox) now() time.Time { return i.options.Now().UTC().Truncate(time.Microsecond) }

// heard notes whether the store could be used, and logs the beginning and the end of an outage.
func (i *Inbox) heard(err error) {
	switch {
	case err != nil && i.out.CompareAndSwap(false, true):
		i.options.Log.Error("messages of carriers can be neither stored nor worked on", "code", codeOf(err))
	case err == nil && i.out.CompareAndSwap(true, false):
		i.options.Log.Info("messages of carriers can be stored and worked on again")
	}
}

func (o Options) withDefaults() Options {
	o.MaxBody, o.MaxCapture = positive(o.MaxBody, 1<<20), positive(o.MaxCapture, 10<<20)
	o.ReadTimeout, o.StoreTimeout = positive(o.ReadTimeout, 10*time.Second), positive(o.StoreTimeout, 5*time.Second)
	o.RecordTimeout = positive(o.RecordTimeout, 30*time.Second)
	o.Workers, o.Batch = positive(o.Workers, 4), positive(o.Batch, 4)
	o.Lease = max(positive(o.Lease, 5*time.Minute), 2*o.RecordTimeout)
	o.Tick = positive(o.Tick, 5*time.Second)
	if o.Early == 0 {
		o.Early = 2 * 24 * time.Hour
	}
	o.Persist, o.Keep = positive(o.Persist, 7*24*time.Hour), positive(o.Keep, 30*24*time.Hour)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Observer == nil {
		o.Observer = deaf{}
	}
	return o
}

func positive[T int | int64 | time.Duration](value, otherwise T) T {
	if value > 0 {
		return value
	}
	return otherwise
}

// deaf is an Observer that does not listen.
type deaf struct{}

func (deaf) Received(string, int, time.Duration)                  {}
func (deaf) Worked(string, Outcome, time.Duration, time.Duration) {}
