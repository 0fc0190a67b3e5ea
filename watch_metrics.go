package main

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
	"github.com/vigie-dev/vigie/watch/inbox"
)

// carrierFigures are what is measured of the following of shipments. Its labels are bounded: carriers and senders are those that are set up, codes and
// outcomes those of the code. The zero value measures nothing.
type carrierFigures struct {
	registry *prometheus.Registry

	calls, numbers, stored, polled, pollFailed, received, worked *prometheus.CounterVec
	seconds, lag, waited                                         *prometheus.HistogramVec
	stretch                                                      *prometheus.GaugeVec
}

// callSeconds and lagSeconds are the upper bounds of histograms.
func callSeconds() []float64 { return []float64{.05, .1, .25, .5, .8, 1.5, 3, 5, 10, 15} }

func lagSeconds() []float64 { return []float64{1, 5, 15, 60, 300, 900, 3600, 6 * 3600, 24 * 3600} }

// ofCarriers makes the figures of the carriers, once for each observation.
func (o *observation) ofCarriers() *carrierFigures {
	f := &carrierFigures{}
	if o == nil {
		return f
	}
	f.registry = o.observer.Registry()
	f.calls = f.counters("vigie_carrier_calls_total", "Calls to carriers, by the code of what went wrong, OK where nothing did.", "carrier", "code")
	f.numbers = f.counters("vigie_carrier_numbers_total", "Numbers that carriers were asked about.", "carrier")
	f.stored = f.counters("vigie_tracking_store_failures_total", "What carriers said and could not be read or written.")
	f.polled = f.counters("vigie_polled_total", "Shipments that were due and asked about.", "carrier")
	f.pollFailed = f.counters("vigie_poll_failures_total", "Shipments that were due and got no answer.", "carrier")
	f.received = f.counters("vigie_inbox_received_total", "Messages that carriers sent, by the status of the answer.", "sender", "status")
	f.worked = f.counters("vigie_inbox_worked_total", "Messages of carriers that were worked on, by what came of it.", "sender", "outcome")
	f.seconds = f.histograms("vigie_carrier_call_seconds", "Time of calls to carriers.", callSeconds(), "carrier")
	f.lag = f.histograms("vigie_poll_lag_seconds", "Time that the shipment that waited longest had been due.", lagSeconds(), "carrier")
	f.waited = f.histograms("vigie_inbox_wait_seconds", "Time from a message's arrival to the work on it.", lagSeconds(), "sender")
	f.stretch = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "vigie_poll_stretch", Help: "Factor by which waits are longer so that the carrier's calls are enough.",
	}, []string{"carrier"})
	f.registry.MustRegister(f.stretch)
	return f
}

func (f *carrierFigures) counters(name, help string, labels ...string) *prometheus.CounterVec {
	made := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	f.registry.MustRegister(made)
	return made
}

func (f *carrierFigures) histograms(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	made := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
	f.registry.MustRegister(made)
	return made
}

// follow adds what the service tells of its carriers when it is asked.
func (f *carrierFigures) follow(s *service.Service) {
	if f.registry != nil {
		f.registry.MustRegister(&carrierHealth{
			service: s,
			state: prometheus.NewDesc("vigie_carrier_state", "The carrier's breaker: 0 closed, 1 half open, 2 open.",
				[]string{"carrier"}, nil),
			waiting: prometheus.NewDesc("vigie_carrier_waiting", "Numbers that wait for a call.", []string{"carrier"}, nil),
			today:   prometheus.NewDesc("vigie_carrier_calls_today", "Calls since the carrier's day began.", []string{"carrier"}, nil),
		})
	}
}

// carrierHealth collects what a service tells of its carriers.
type carrierHealth struct {
	service               *service.Service
	state, waiting, today *prometheus.Desc
}

// Describe names the figures.
func (c *carrierHealth) Describe(to chan<- *prometheus.Desc) {
	to <- c.state
	to <- c.waiting
	to <- c.today
}

// Collect reads them.
func (c *carrierHealth) Collect(to chan<- prometheus.Metric) {
	for _, health := range c.service.Health() {
		state := map[service.BreakerState]float64{service.HalfOpen: 1, service.Open: 2}[health.State]
		to <- prometheus.MustNewConstMetric(c.state, prometheus.GaugeValue, state, health.Carrier)
		to <- prometheus.MustNewConstMetric(c.waiting, prometheus.GaugeValue, float64(health.Waiting), health.Carrier)
		to <- prometheus.MustNewConstMetric(c.today, prometheus.GaugeValue, float64(health.CallsToday), health.Carrier)
	}
}

// Polled implements poller.Observer.
func (f *carrierFigures) Polled(carrier string, asked, failed int, lag time.Duration) {
	if f.registry != nil {
		f.polled.WithLabelValues(carrier).Add(float64(asked))
		f.pollFailed.WithLabelValues(carrier).Add(float64(failed))
		f.lag.WithLabelValues(carrier).Observe(lag.Seconds())
	}
}

// Stretched implements poller.Observer.
func (f *carrierFigures) Stretched(carrier string, factor float64) {
	if f.registry != nil {
		f.stretch.WithLabelValues(carrier).Set(factor)
	}
}

// Received implements inbox.Observer.
func (f *carrierFigures) Received(sender string, status int, _ time.Duration) {
	if f.registry != nil {
		f.received.WithLabelValues(sender, strconv.Itoa(status)).Inc()
	}
}

// Worked implements inbox.Observer.
func (f *carrierFigures) Worked(sender string, outcome inbox.Outcome, waited, _ time.Duration) {
	if f.registry != nil {
		f.worked.WithLabelValues(sender, string(outcome)).Inc()
		f.waited.WithLabelValues(sender).Observe(waited.Seconds())
	}
}

// heard is an observer of the service that also logs what somebody has to look after.
func (f *carrierFigures) heard(log *slog.Logger) service.Observer { return &callObserver{f, log} }

type callObserver struct {
	*carrierFigures
	log *slog.Logger
}

// Called implements service.Observer.
func (o *callObserver) Called(carrier string, numbers int, took time.Duration, err error) {
	code := "OK"
	var failure *tracking.Error
	switch {
	case errors.As(err, &failure):
		code = string(failure.Code)
	case err != nil:
		code = string(service.FailedInternal)
	}
	if code == string(tracking.ErrUnauthenticated) {
		o.log.Error("a carrier refuses our credentials", "carrier", carrier)
	}
	if o.registry != nil {
		o.calls.WithLabelValues(carrier, code).Inc()
		o.numbers.WithLabelValues(carrier).Add(float64(numbers))
		o.seconds.WithLabelValues(carrier).Observe(took.Seconds())
	}
}

// StoreFailed implements service.Observer.
func (o *callObserver) StoreFailed(err error) {
	if errors.Is(err, context.Canceled) {
		return // Whoever asked has gone.
	}
	// The text of an error may repeat what was to be written.
	o.log.Warn("what carriers say could not be read or written", "code", string(domain.ErrorCode(err)))
	if o.registry != nil {
		o.stored.WithLabelValues().Inc()
	}
}

// StateChanged implements service.Observer.
func (o *callObserver) StateChanged(carrier string, state service.BreakerState) {
	o.log.Warn("a carrier's state changed", "carrier", carrier, "state", string(state))
}
