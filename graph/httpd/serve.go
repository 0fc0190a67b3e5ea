package httpd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// ServeOptions are the limits of a server's connections. The zero value has sensible ones.
type ServeOptions struct {
	// ReadHeaderTimeout bounds the time to read a request's headers; 5 s when zero.
	ReadHeaderTimeout time.Duration
	// ReadTimeout bounds the time to read a whole request; 30 s when zero.
	ReadTimeout time.Duration
	// WriteTimeout bounds the time from the headers' end to the answer's end; 60 s when zero. Websockets are exempt.
	WriteTimeout time.Duration
	// IdleTimeout bounds how long an idle connection is kept; 2 min when zero.
	IdleTimeout time.Duration
	// MaxHeaderBytes bounds the request line and headers, hence the length of a GET query; 64 KiB when zero.
	MaxHeaderBytes int
	// DrainDelay is how long /readyz answers 503 before connections are refused, for load balancers that poll; may be zero.
	DrainDelay time.Duration
	// StopTimeout bounds the wait for the requests in flight when stopping; 15 s when zero.
	StopTimeout time.Duration
	// AtOnce, when closed, cuts a graceful stop short.
	AtOnce <-chan struct{}
	// Log takes the server's own messages; slog.Default() when nil.
	Log *slog.Logger
}

func (o ServeOptions) withDefaults() ServeOptions {
	o.ReadHeaderTimeout = orDefault(o.ReadHeaderTimeout, 5*time.Second)
	o.ReadTimeout = orDefault(o.ReadTimeout, 30*time.Second)
	o.WriteTimeout = orDefault(o.WriteTimeout, time.Minute)
	o.IdleTimeout = orDefault(o.IdleTimeout, 2*time.Minute)
	o.MaxHeaderBytes = orDefault(o.MaxHeaderBytes, 64<<10)
	o.StopTimeout = orDefault(o.StopTimeout, 15*time.Second)
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o
}

func orDefault[T int | time.Duration](value, otherwise T) T {
	if value <= 0 {
		return otherwise
	}
	return value
}

// Serve answers the connections of ln with h until ctx is done, then stops gracefully: /readyz turns 503, websockets are
// told to end, new connections are refused and requests in flight finish within opt.StopTimeout. After that, or when
// opt.AtOnce closes, the remaining ones are cut and their contexts cancelled. Serve closes ln and returns nil after a
// stop in which every request finished, an error when the listener failed or requests had to be cut.
func Serve(ctx context.Context, ln net.Listener, h *Handler, opt ServeOptions) error {
	opt = opt.withDefaults()
	// Requests outlive ctx on purpose: its end starts the graceful stop.
	base, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: opt.ReadHeaderTimeout,
		ReadTimeout:       opt.ReadTimeout,
		WriteTimeout:      opt.WriteTimeout,
		IdleTimeout:       opt.IdleTimeout,
		MaxHeaderBytes:    opt.MaxHeaderBytes,
		BaseContext:       func(net.Listener) context.Context { return base },
		ConnContext:       withConn,
		ErrorLog:          slog.NewLogLogger(opt.Log.Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() {
		served <- server.Serve(&wholeListener{Listener: ln})
	}()
	select {
	case err := <-served:
		return fmt.Errorf("serve %s: %w", ln.Addr(), err)
	case <-ctx.Done():
	}
	err := stop(base, server, h, opt)
	cut()
	serveErr := <-served
	if err == nil && !errors.Is(serveErr, http.ErrServerClosed) {
		err = fmt.Errorf("serve %s: %w", ln.Addr(), serveErr)
	}
	return err
}

// stop ends the server in order; ctx is the parent of the requests.
func stop(ctx context.Context, server *http.Server, h *Handler, opt ServeOptions) error {
	h.Drain()
	ctx, cancel := context.WithTimeout(ctx, opt.DrainDelay+opt.StopTimeout)
	defer cancel()
	hurried := make(chan struct{})
	go func() {
		defer close(hurried)
		select {
		case <-opt.AtOnce:
			cancel()
		case <-ctx.Done():
		}
	}()
	defer func() {
		cancel()
		<-hurried
	}()
	pause(ctx, opt.DrainDelay)
	h.sockets.close()
	err := server.Shutdown(ctx)
	if err == nil {
		err = h.sockets.wait(ctx)
	}
	if err != nil {
		closeErr := server.Close()
		return fmt.Errorf("requests were cut while stopping: %w", errors.Join(err, closeErr))
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
