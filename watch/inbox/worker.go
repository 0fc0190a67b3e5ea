package inbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/watch"
)

// Run works through messages until ctx ends: those that this process stores, at once, and those that others left. It survives the loss of the
// store, and any number of processes may run at once.
func (i *Inbox) Run(ctx context.Context) error {
	var all sync.WaitGroup
	for range i.options.Workers {
		all.Go(func() { i.worker(ctx) })
	}
	all.Go(func() { i.pruner(ctx) })
	all.Wait()
	return nil
}

// worker works on messages as long as there are any, and waits for more.
func (i *Inbox) worker(ctx context.Context) {
	for ctx.Err() == nil {
		found, err := i.round(ctx)
		if err == nil && found > 0 {
			continue
		}
		timer := time.NewTimer(i.options.Tick)
		wake := i.woken
		if err != nil {
			wake = nil // To be told of more work does not bring the store back.
		}
		select {
		case <-ctx.Done():
		case <-wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// round claims messages and works on them, one after the other.
func (i *Inbox) round(ctx context.Context) (int, error) {
	if len(i.senders) == 0 {
		return 0, nil
	}
	now := i.now()
	asked, cancel := context.WithTimeout(ctx, i.options.StoreTimeout)
	claimed, err := i.store.ClaimInboxMessages(asked, i.senders, now, now.Add(i.options.Lease), i.options.Batch)
	cancel()
	if ctx.Err() == nil {
		i.heard(err)
	}
	if err != nil {
		return 0, err
	}
	if len(claimed) == i.options.Batch {
		i.wake() // There may be more than this worker can take.
	}
	for index := range claimed {
		i.attend(ctx, &claimed[index])
	}
	return len(claimed), nil
}

// attend works on a claimed message, or gives it back where there is no time left for it.
func (i *Inbox) attend(ctx context.Context, message *storage.InboxMessage) {
	now := i.now()
	if ctx.Err() != nil || now.Add(i.options.RecordTimeout).After(message.Until) {
		i.postpone(ctx, message, now, false)
		return
	}
	began := time.Now()
	outcome := i.work(ctx, message, now)
	i.options.Observer.Worked(message.Sender, outcome, max(now.Sub(message.ReceivedAt), 0), time.Since(began))
}

// work reads a message, records what it says, and writes down what came of it.
func (i *Inbox) work(ctx context.Context, message *storage.InboxMessage, now time.Time) Outcome {
	old := now.Sub(message.ReceivedAt) > i.options.Persist
	if old && message.Attempts > 1 {
		return i.giveUp(ctx, message, now)
	}
	var read reading
	err := guard(func() error {
		var err error
		read, err = i.readers[message.Sender](message.Body, message.ReceivedAt)
		return err
	})
	if err != nil {
		i.tell(slog.LevelWarn, "a carrier's message cannot be read", message, err)
		result := &storage.InboxOutcome{At: now, Problems: spell([]tracking.Problem{unreadable(err)})}
		return i.finish(ctx, message, result, OutcomeRefused)
	}
	recorded, err := i.record(ctx, &read, message.ReceivedAt)
	switch {
	case err != nil && ctx.Err() != nil:
		i.postpone(ctx, message, now, false)
		return OutcomePostponed
	case err != nil && old:
		return i.giveUp(ctx, message, now)
	case err != nil:
		i.tell(slog.LevelWarn, "a carrier's message could not be recorded; it will be tried again", message, err)
		i.postpone(ctx, message, i.now().Add(backoff(message.Attempts)), true)
		return OutcomePostponed
	}
	age := i.now().Sub(message.ReceivedAt)
	if read.early && recorded.Unmatched > 0 && recorded.Unmatched == len(read.reports) && age < i.options.Early {
		i.postpone(ctx, message, i.now().Add(max(firstPause, age/2)), false)
		return OutcomeEarly
	}
	if recorded.Unmatched > 0 {
		read.problems = append(read.problems, tracking.Problem{
			Index: -1, Code: "NO_SHIPMENT", Message: fmt.Sprintf("%d of %d are about no shipment that is known", recorded.Unmatched, len(read.reports)),
		})
	}
	outcome := OutcomeRecorded
	switch {
	case !read.complete && len(read.reports) > 0:
		outcome = OutcomePartly
	case !read.complete:
		outcome = OutcomeRefused
	}
	return i.finish(ctx, message, &storage.InboxOutcome{
		At: i.now(), Succeeded: read.complete, Events: read.events, Shipments: len(recorded.Shipments), Problems: spell(read.problems),
	}, outcome)
}

// record hands reports to the Recorder, in time for the claim to last.
func (i *Inbox) record(ctx context.Context, read *reading, at time.Time) (watch.Recorded, error) {
	if len(read.reports) == 0 {
		return watch.Recorded{}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, i.options.RecordTimeout)
	defer cancel()
	var recorded watch.Recorded
	err := guard(func() error {
		var err error
		recorded, err = i.options.Recorder.Record(ctx, read.sender, read.reports, at)
		return err
	})
	return recorded, err
}

// giveUp ends the attempts to record a message.
func (i *Inbox) giveUp(ctx context.Context, message *storage.InboxMessage, now time.Time) Outcome {
	i.options.Log.Error("a carrier's message could not be recorded and is given up", "sender", message.Sender, "message", message.ID)
	problem := whole("NOT_RECORDED", "the message could not be recorded, for too long")
	return i.finish(ctx, message, &storage.InboxOutcome{At: now, Problems: spell([]tracking.Problem{problem})}, OutcomeGivenUp)
}

// finish writes down what came of a message, also where ctx has ended meanwhile: what is recorded need not be recorded again.
func (i *Inbox) finish(ctx context.Context, message *storage.InboxMessage, result *storage.InboxOutcome, outcome Outcome) Outcome {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), i.options.StoreTimeout)
	defer cancel()
	ours, err := i.store.FinishInboxMessage(ctx, message, result)
	i.heard(err)
	if err != nil || !ours {
		return OutcomeLost // Its claim runs out, or has run out, and it is worked on again.
	}
	return outcome
}

// postpone gives a message back. Where that fails its claim runs out by itself.
func (i *Inbox) postpone(ctx context.Context, message *storage.InboxMessage, due time.Time, counts bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), i.options.StoreTimeout)
	defer cancel()
	_, err := i.store.PostponeInboxMessage(ctx, message, due, counts)
	i.heard(err)
}

// tell logs a failure by its code, never by its text.
func (i *Inbox) tell(level slog.Level, text string, message *storage.InboxMessage, err error) {
	attributes := []slog.Attr{
		slog.String("sender", message.Sender), slog.Int64("message", message.ID), slog.Int("attempt", message.Attempts), slog.String("code", codeOf(err)),
	}
	var panicked *panicked
	if errors.As(err, &panicked) {
		level = slog.LevelError
		attributes = append(attributes, slog.String("panic", panicked.what), slog.String("stack", string(panicked.stack)))
	}
	i.options.Log.LogAttrs(context.Background(), level, text, attributes...)
}

const (
	firstPause   = 5 * time.Second
	longestPause = time.Hour
)

// backoff is how long to wait after so many attempts: twice as long each time, and by chance a little less, so that not all come back at once.
func backoff(attempts int) time.Duration {
	pause := longestPause
	if doublings := max(attempts-1, 0); doublings < 10 {
		pause = min(firstPause<<doublings, longestPause)
	}
	return pause - rand.N(pause/4)
}

// pruner forgets what is old, now and then.
func (i *Inbox) pruner(ctx context.Context) {
	for {
		i.prune(ctx)
		timer := time.NewTimer(pruneEvery)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

// prune forgets what is older than Keep, a batch at a time. What is left when it fails is left for the next time.
func (i *Inbox) prune(ctx context.Context) {
	before := i.now().Add(-i.options.Keep)
	for ctx.Err() == nil {
		asked, cancel := context.WithTimeout(ctx, i.options.StoreTimeout)
		count, err := i.store.PruneInbox(asked, before, pruneBatch)
		cancel()
		if err != nil || count == 0 {
			return
		}
	}
}
