package democarrier

import (
	"encoding/json"
	"io"
	"mime"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// parcelsPerPage is how many parcels a listing has at most.
const parcelsPerPage = 200

// Control steers the fleet, in JSON, for callers on this machine only:
//
//	GET  /control                                             the clock and what fails
//	POST /control/fault   {"carrier": "dhl", "fault": "hang", "seconds": 60}   0 seconds: until told otherwise; fault "": works again
//	POST /control/clock   {"advance": "26h30m"}
//	GET  /control/parcels ?carrier=dhl&after=00340434...      up to 200 parcels, in the order of carrier and number
//	POST /control/reset   {}                                  the clock is the real one again, and nothing fails
func (f *Fleet) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /control", f.showState)
	mux.HandleFunc("GET /control/parcels", f.showParcels)
	mux.HandleFunc("POST /control/fault", f.setFault)
	mux.HandleFunc("POST /control/clock", f.setClock)
	mux.HandleFunc("POST /control/reset", func(w http.ResponseWriter, r *http.Request) {
		f.Reset()
		f.showState(w, r)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !local(r) {
			refuse(w, http.StatusForbidden, "the control is for this machine only")
			return
		}
		media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if r.Method == http.MethodPost && (err != nil || media != plainJSON) {
			// A page in a browser cannot send this type to another origin without being allowed to.
			refuse(w, http.StatusUnsupportedMediaType, "send application/json")
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		mux.ServeHTTP(w, r)
	})
}

// local tells whether the request comes from this machine and means it: a name that somebody else made point here is not ours.
func local(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	from, _, err := net.SplitHostPort(r.RemoteAddr)
	return err == nil && loopback(from) && (host == "localhost" || loopback(strings.Trim(host, "[]")))
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func refuse(w http.ResponseWriter, status int, why string) {
	answer(w, status, plainJSON, object{"error": why})
}

func (f *Fleet) showState(w http.ResponseWriter, _ *http.Request) {
	now := f.Now()
	f.mu.RLock()
	ahead, parcels := f.ahead, len(f.parcels)
	f.mu.RUnlock()
	failing := object{}
	for _, carrier := range Carriers() {
		going, there := f.fault(carrier)
		if !there {
			continue
		}
		state := object{"fault": going.kind}
		if !going.until.IsZero() {
			state["until"] = going.until.UTC()
		}
		failing[carrier] = state
	}
	answer(w, http.StatusOK, plainJSON, object{
		"now": now.UTC(), "ahead": ahead.String(), "parcels": parcels, "failing": failing, "carriers": Carriers(), "faults": Faults(),
	})
}

// read takes the body's only object, and nothing that is not known.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	if err == nil {
		_, err = decoder.Token()
		if err == io.EOF {
			return true
		}
	}
	refuse(w, http.StatusBadRequest, "the body is not the JSON that belongs here")
	return false
}

func (f *Fleet) setFault(w http.ResponseWriter, r *http.Request) {
	var wish struct {
		Carrier string `json:"carrier"`
		Fault   Fault  `json:"fault"`
		Seconds int    `json:"seconds"`
	}
	if !read(w, r, &wish) {
		return
	}
	// More than a day is refused; this keeps a huge number from becoming a small time.
	err := f.Misbehave(wish.Carrier, wish.Fault, time.Duration(max(-1, min(wish.Seconds, 100_000)))*time.Second)
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	f.showState(w, r)
}

func (f *Fleet) setClock(w http.ResponseWriter, r *http.Request) {
	var wish struct {
		Advance string `json:"advance"`
	}
	if !read(w, r, &wish) {
		return
	}
	by, err := time.ParseDuration(wish.Advance)
	if err != nil {
		refuse(w, http.StatusBadRequest, "advance is a duration such as 26h30m")
		return
	}
	err = f.Advance(by)
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	f.showState(w, r)
}

func (f *Fleet) showParcels(w http.ResponseWriter, r *http.Request) {
	carrier, after := r.URL.Query().Get("carrier"), r.URL.Query().Get("after")
	first, err := strconv.Atoi(r.URL.Query().Get("first"))
	if err != nil || first < 1 || first > parcelsPerPage {
		first = parcelsPerPage
	}
	listed, more := f.list(carrier, after, first)
	parcels := make([]object, 0, len(listed))
	for _, p := range listed {
		parcels = append(parcels, object{
			"carrier": p.Carrier, "number": p.Number, "shippedAt": p.ShippedAt.UTC(), "promisedOn": p.PromisedOn.String(),
			"from": p.From, "to": p.To, "fate": p.Fate, "scans": f.told(p),
		})
	}
	answer(w, http.StatusOK, plainJSON, object{"parcels": parcels, "more": more})
}

// told counts the scans that the carrier tells of by now.
func (f *Fleet) told(p *parcel) int {
	s, _ := plan(f.seed, p).standingAt(p, f.Now())
	return len(s.scans)
}

// list has the parcels behind a number, or behind carrier/number where no carrier is named.
func (f *Fleet) list(carrier, after string, first int) ([]*parcel, bool) {
	prefix := ""
	if carrier != "" {
		prefix = carrier + "/"
	}
	f.mu.RLock()
	defer f.mu.RUnlock()
	var listed []*parcel
	for _, key := range f.numbers {
		if !strings.HasPrefix(key, prefix) || after != "" && key <= prefix+after {
			continue
		}
		if len(listed) == first {
			return listed, true
		}
		listed = append(listed, f.parcels[key])
	}
	return listed, false
}
