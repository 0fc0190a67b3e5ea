package democarrier

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// Server serves a Fleet on this machine.
type Server struct {
	Fleet  *Fleet
	url    string
	server *http.Server
	done   chan error
}

// Start serves the fleet's Handler at a loopback address, such as 127.0.0.1:0, until Close.
func Start(ctx context.Context, fleet *Fleet, address string) (*Server, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil || !loopback(host) {
		return nil, domain.BadInput("demo carriers are served at a loopback address only")
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen for the demo carriers: %w", err)
	}
	s := &Server{
		Fleet: fleet, url: "http://" + listener.Addr().String(), done: make(chan error, 1),
		server: &http.Server{
			Handler: fleet.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, IdleTimeout: time.Minute,
			WriteTimeout: longestHang + 10*time.Second, MaxHeaderBytes: 16 << 10,
		},
	}
	go func() { s.done <- s.server.Serve(listener) }()
	return s, nil
}

// BaseURL is what an adapter is given in place of its carrier's address.
func (s *Server) BaseURL(carrier string) string {
	if carrier == LaPoste {
		return s.url + "/" + carrier + "/suivi/v2"
	}
	return s.url + "/" + carrier
}

// ControlURL is where the control is.
func (s *Server) ControlURL() string { return s.url + "/control" }

// Close ends the requests that hang, waits for the others within ctx, and for the server's goroutine.
func (s *Server) Close(ctx context.Context) error {
	s.Fleet.Close()
	err := s.server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, s.server.Close())
	}
	served := <-s.done
	if errors.Is(served, http.ErrServerClosed) {
		served = nil
	}
	return errors.Join(err, served)
}
