package service_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
)

// Whatever comes in whatever order, a carrier's limits hold, every request is answered in time, and nothing is left when the service closes.
func TestLimitsHoldUnderAnyLoad(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		limits := tracking.Limits{
			NumbersPerCall: rapid.IntRange(1, 5).Draw(r, "numbers a call"), CallsPerSecond: rapid.SampledFrom([]float64{0, 0.5, 3, 50}).Draw(r, "rate"),
			Burst: rapid.IntRange(1, 4).Draw(r, "burst"), CallsPerDay: rapid.SampledFrom([]int{0, 5, 20}).Draw(r, "calls a day"),
		}
		options := service.Options{
			Concurrency: rapid.IntRange(1, 4).Draw(r, "concurrency"), QueueSize: rapid.IntRange(1, 30).Draw(r, "queue"),
			Random: func() float64 { return 0.5 },
		}
		a := &carrier{code: "a", limits: limits}
		takes := time.Duration(rapid.IntRange(0, 3000).Draw(r, "call takes ms")) * time.Millisecond
		a.answer = slow(takes, inTurn(rapid.SliceOfN(rapid.SampledFrom([]answers{
			all(domain.MilestoneInTransit), all(domain.MilestoneDelivered), fails(errUnavailable), fails(&tracking.Error{Code: tracking.ErrRateLimited}),
			outcome(tracking.Result{Outcome: domain.TrackingNotFound}),
		}), 1, 10).Draw(r, "answers")...))
		rounds := rapid.SliceOfN(rapid.Custom(drawRound), 1, 20).Draw(r, "rounds")
		var wrong []string
		synctest.Test(t, func(t *testing.T) { wrong = load(t, options, a, rounds) })
		wrong = append(wrong, exceeded(a, limits, options)...)
		if len(wrong) > 0 {
			r.Fatalf("%d wrong: %q", len(wrong), wrong)
		}
	})
}

type loadRound struct {
	wait    time.Duration
	numbers []string
}

func drawRound(r *rapid.T) loadRound {
	var round loadRound
	round.wait = time.Duration(rapid.IntRange(0, 60_000).Draw(r, "wait ms")) * time.Millisecond
	for _, number := range rapid.SliceOfN(rapid.IntRange(1, 40), 0, 40).Draw(r, "numbers") {
		round.numbers = append(round.numbers, fmt.Sprint(number))
	}
	return round
}

// load asks in rounds, which overlap where the wait between them is short, and tells what was wrong with the answers.
func load(t *testing.T, options service.Options, a *carrier, rounds []loadRound) []string {
	wrong := make(chan string, 10_000)
	ended := make(chan struct{}, len(rounds))
	s, err := service.New([]tracking.Carrier{a}, options)
	if err != nil {
		return []string{err.Error()}
	}
	for _, round := range rounds {
		go func() {
			defer func() { ended <- struct{}{} }()
			began := time.Now()
			found := s.Ask(t.Context(), ask("a", round.numbers...))
			if len(found) != len(round.numbers) || time.Since(began) > 800*time.Millisecond {
				wrong <- fmt.Sprintf("%d answers in %s", len(found), time.Since(began))
			}
			for _, answer := range found {
				if (answer.Freshness == service.Fresh) != (answer.Failure == nil) || (answer.Freshness == service.Unavailable) != (answer.Outcome == "") {
					wrong <- fmt.Sprintf("%s with %v", answer.Freshness, answer.Failure)
				}
			}
		}()
		time.Sleep(round.wait)
	}
	for range rounds {
		<-ended
	}
	err = s.Close(t.Context())
	if err != nil {
		wrong <- err.Error()
	}
	for _, health := range s.Health() {
		if health.Waiting != 0 || health.Running != 0 {
			wrong <- fmt.Sprintf("%d waiting and %d running when closed", health.Waiting, health.Running)
		}
	}
	close(wrong)
	var all []string
	for text := range wrong {
		all = append(all, text)
	}
	return all
}

// exceeded tells which limits a carrier saw exceeded.
func exceeded(a *carrier, limits tracking.Limits, options service.Options) []string {
	var wrong []string
	if a.most > options.Concurrency {
		wrong = append(wrong, fmt.Sprintf("%d calls at once", a.most))
	}
	for _, call := range a.calls {
		unique := slices.Compact(slices.Sorted(slices.Values(call)))
		if len(call) > limits.NumbersPerCall || len(unique) != len(call) || len(call) == 0 {
			wrong = append(wrong, fmt.Sprintf("a call with %q", call))
		}
	}
	// All rounds together take less than the day that a bubble begins with.
	if limits.CallsPerDay > 0 && len(a.calls) > limits.CallsPerDay {
		wrong = append(wrong, fmt.Sprintf("%d calls a day", len(a.calls)))
	}
	for i := range a.at {
		for j := i; j < len(a.at) && limits.CallsPerSecond > 0; j++ {
			most := float64(limits.Burst) + a.at[j].Sub(a.at[i]).Seconds()*limits.CallsPerSecond
			if float64(j-i+1) > most+0.001 {
				wrong = append(wrong, fmt.Sprintf("calls %d to %d come too fast", i, j))
			}
		}
	}
	return wrong
}
