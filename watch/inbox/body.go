package inbox

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// content is the body of a request: raw as it came, and plain without its compression, where it was packed.
type content struct {
	raw, plain []byte
	packed     bool
}

// take reads a body whole, but never more than limit, neither before nor after it is unpacked.
func (i *Inbox) take(w http.ResponseWriter, r *http.Request, limit int64) (content, *refusal) {
	if r.ContentLength > limit {
		return content{}, tooLarge()
	}
	packed, known := isPacked(r.Header)
	if !known {
		no := refuse(http.StatusUnsupportedMediaType, "the content encoding may be gzip or identity")
		w.Header().Set("Accept-Encoding", "gzip, identity")
		no.hangUp = true
		return content{}, no
	}
	raw, no := i.read(w, r, limit)
	if no != nil {
		return content{}, no
	}
	if !packed {
		return content{raw: raw, plain: raw}, nil
	}
	plain, no := unpack(raw, limit)
	return content{raw, plain, true}, no
}

func tooLarge() *refusal {
	no := refuse(http.StatusRequestEntityTooLarge, "the body is too large")
	no.hangUp = true
	return no
}

// isPacked tells whether a body is compressed by gzip; known is false for what it could be otherwise.
func isPacked(header http.Header) (packed, known bool) {
	switch strings.ToLower(strings.TrimSpace(strings.Join(header.Values("Content-Encoding"), ","))) {
	case "", "identity":
		return false, true
	case "gzip", "x-gzip":
		return true, true
	default:
		return false, false
	}
}

// read reads the body before the deadline that observed has set.
func (i *Inbox) read(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, *refusal) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	var long *http.MaxBytesError
	var network net.Error
	switch {
	case err == nil:
		// The deadline is for the body alone. Left as it is, it would end the request later; where there is none there is nothing to undo.
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
		return body, nil
	case errors.As(err, &long):
		return nil, tooLarge()
	case errors.As(err, &network) && network.Timeout():
		no := refuse(http.StatusRequestTimeout, "the body did not arrive in time")
		no.hangUp = true
		return nil, no
	default:
		no := refuse(http.StatusBadRequest, "the body could not be read")
		no.hangUp = true
		return nil, no
	}
}

// unpack undoes gzip.
func unpack(raw []byte, limit int64) ([]byte, *refusal) {
	damaged := refuse(http.StatusBadRequest, "the body is not in its content encoding")
	unpacked, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, damaged
	}
	plain, err := io.ReadAll(io.LimitReader(unpacked, limit+1))
	switch {
	case int64(len(plain)) > limit:
		return nil, tooLarge()
	case err != nil:
		return nil, damaged
	}
	return plain, nil
}

// enter takes a place among those that are read and stored at once; leave gives it back.
func enter(places chan struct{}) bool {
	select {
	case places <- struct{}{}:
		return true
	default:
		return false
	}
}

func leave(places chan struct{}) { <-places }
