package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/vigie-dev/vigie/audit"
	"github.com/vigie-dev/vigie/graph/cost"
	"github.com/vigie-dev/vigie/graph/observe"
	"github.com/vigie-dev/vigie/loaders"
	"github.com/vigie-dev/vigie/storage"
)

// adminOff is the admin address that has the demo listen nowhere.
const adminOff = "off"

// adminRequests bounds the requests for metrics that are answered at once, and adminWrite the time to write one answer: a CPU profile takes as
// many seconds as it is asked for.
const (
	adminRequests = 4
	adminWrite    = 2 * time.Minute
)

// observation is what a server tells of itself, to those who run it. A nil one tells nothing and costs nothing.
type observation struct {
	observer *observe.Observer
	traces   *sdktrace.TracerProvider // nil where nobody takes them
	listener net.Listener             // nil where metrics are not served
	server   *http.Server
	serving  sync.WaitGroup
	log      *slog.Logger
}

// openObservation begins to observe where the configuration or the environment asks for it. Whoever opens it closes it.
func (a *app) openObservation(ctx context.Context, address string) (*observation, error) {
	traces, err := a.openTraces(ctx)
	if err != nil {
		return nil, err
	}
	listening := address != "" && address != adminOff
	if traces == nil && !listening {
		return nil, nil // Nobody wants to know.
	}
	o := &observation{traces: traces, log: a.log}
	options := observe.Options{}
	if traces != nil {
		options.Traces = traces
	}
	o.observer = observe.New(options)
	o.observer.Registry().MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if !listening {
		return o, nil
	}
	o.listener, err = listenAdmin(ctx, address)
	if err != nil {
		o.close(ctx, time.Second)
		return nil, err
	}
	o.serve()
	return o, nil
}

func listenAdmin(ctx context.Context, address string) (net.Listener, error) {
	var config net.ListenConfig
	ln, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen for the admin on %s (VIGIE_ADMIN_ADDR): %w", address, err)
	}
	return ln, nil
}

// serve answers on the admin's address until close.
func (o *observation) serve() {
	o.server = &http.Server{
		Handler: o.handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: adminWrite,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(o.log.Handler(), slog.LevelDebug),
	}
	o.serving.Go(func() {
		err := o.server.Serve(o.listener)
		if !errors.Is(err, http.ErrServerClosed) {
			o.log.Error("metrics are not served any more", "error", err)
		}
	})
}

// handler has the routes of the admin's address. On a loopback address it answers this machine alone, also where a page elsewhere has its name
// point here.
func (o *observation) handler() http.Handler {
	loopback := isLoopback(o.listener.Addr().String())
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(o.observer.Registry(), promhttp.HandlerOpts{
		MaxRequestsInFlight: adminRequests, Timeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(o.log.Handler(), slog.LevelWarn),
	}))
	if loopback {
		addProfiles(mux)
	}
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("X-Content-Type-Options", "nosniff")
		if loopback && !isLoopback(r.Host) {
			http.Error(rw, "this is answered on a loopback address only", http.StatusForbidden)
			return
		}
		mux.ServeHTTP(rw, r)
	})
}

// close ends the serving of metrics and sends the spans that wait, within a bound.
func (o *observation) close(ctx context.Context, bound time.Duration) {
	if o == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), bound)
	defer cancel()
	if o.server != nil {
		err := o.server.Shutdown(ctx)
		if err != nil {
			_ = o.server.Close() // Somebody still takes a profile; the server ends all the same.
		}
		o.serving.Wait()
	}
	if o.traces != nil {
		err := o.traces.Shutdown(ctx)
		if err != nil {
			o.log.Warn("traces are lost", "error", err)
		}
	}
}

// collect adds the figures that others keep: of the pool, the audit trail and the rate limit, which may be nil.
func (o *observation) collect(pool *storage.Pool, trail *audit.Recorder, bucket *cost.Bucket, operations []string) {
	if o == nil {
		return
	}
	o.observer.Expect(operations)
	register := o.observer.Registry().MustRegister
	register(
		collectors.NewDBStatsCollector(pool.DB(), "vigie"),
		gauge("vigie_audit_waiting", "Audit entries that wait to be written.", func() float64 { return float64(trail.Waiting()) }),
		total("vigie_audit_written_total", "Audit entries that were written.", trail.Written),
		total("vigie_audit_lost_total", "Audit entries that were given up.", trail.Lost),
	)
	if bucket != nil {
		register(gauge("vigie_rate_viewers", "Viewers that the rate limit remembers.", func() float64 { return float64(bucket.Viewers()) }))
	}
}

func gauge(name, help string, value func() float64) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
}

func total(name, help string, value func() int64) prometheus.Collector {
	return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return float64(value()) })
}

// ofStatements, ofBatches and ofOperations are the observers to hand on; nil where nobody wants to know.
func (o *observation) ofStatements() storage.Observer {
	if o == nil {
		return nil
	}
	return o.observer
}

func (o *observation) ofBatches() loaders.Observer {
	if o == nil {
		return nil
	}
	return o.observer
}

func (o *observation) ofOperations() *observe.Observer {
	if o == nil {
		return nil
	}
	return o.observer
}

// metricsURL is where the metrics are; empty where they are not served.
func (o *observation) metricsURL() string {
	if o == nil || o.listener == nil {
		return ""
	}
	return "http://" + reachable(o.listener.Addr()) + "/metrics"
}
