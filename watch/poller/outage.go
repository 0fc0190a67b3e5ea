package poller

import (
	"log/slog"
	"sync"
)

// outage tells the log once when the database is gone, and once when it is back, whichever lanes notice.
type outage struct {
	log *slog.Logger

	mu    sync.Mutex
	lanes map[*lane]bool // that could not reach it
}

func (o *outage) begin(l *lane, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.lanes == nil {
		o.lanes = map[*lane]bool{}
	}
	if len(o.lanes) == 0 {
		o.log.Error("shipments cannot be kept current", "carrier", l.carrier, "error", err)
	}
	o.lanes[l] = true
}

func (o *outage) end(l *lane) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.lanes[l] {
		return
	}
	delete(o.lanes, l)
	if len(o.lanes) == 0 {
		o.log.Info("shipments are kept current again")
	}
}
