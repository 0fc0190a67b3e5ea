package main

import (
	"net/http"
	"net/http/pprof"
)

// addProfiles serves Go's profiles of this process, for go tool pprof. A heap profile or a trace tells much of what the process works on, so they
// are for a loopback address only. The command line is left out: it may hold the database's password.
func addProfiles(mux *http.ServeMux) {
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("POST /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
}
