package inbox

import (
	"context"
	"crypto/sha256"
	"net/http"
	"time"

	"github.com/vigie-dev/vigie/tracking"
)

// acknowledger is a Webhook whose sender waits for another status than 200.
type acknowledger interface{ Acknowledged() int }

// greet answers the question whether the address is there, which senders ask before their first message.
func (i *Inbox) greet(w http.ResponseWriter, r *http.Request) string {
	webhook := i.webhooks[r.PathValue("sender")]
	if webhook == nil {
		w.WriteHeader(http.StatusNotFound)
		return ""
	}
	w.WriteHeader(http.StatusNoContent)
	return webhook.Code()
}

// receive stores a message of a webhook. A message that came before is answered like a new one, and nothing is done with it.
func (i *Inbox) receive(w http.ResponseWriter, r *http.Request) string {
	webhook := i.webhooks[r.PathValue("sender")]
	if webhook == nil {
		no := refuse(http.StatusNotFound, "nobody is expected to send here")
		no.hangUp = true
		no.write(w)
		return ""
	}
	no := i.accept(w, r, webhook)
	if no != nil {
		no.write(w)
		return webhook.Code()
	}
	status := http.StatusOK
	if other, ok := webhook.(acknowledger); ok {
		status = other.Acknowledged()
	}
	w.WriteHeader(status)
	return webhook.Code()
}

// accept reads, checks and stores a message.
func (i *Inbox) accept(w http.ResponseWriter, r *http.Request, webhook tracking.Webhook) *refusal {
	if !enter(i.receiving) {
		no := busy(1)
		no.hangUp = true
		return no
	}
	defer leave(i.receiving)
	body, no := i.take(w, r, i.options.MaxBody)
	if no != nil {
		return no
	}
	at := i.now()
	if !genuine(webhook, r.Header, body, at) {
		return refuse(http.StatusUnauthorized, "the signature is missing or wrong")
	}
	return i.keep(r.Context(), webhook.Code(), identity(webhook, body.plain, at), body.plain, at)
}

// genuine tells whether a body was signed. Senders that compress sign before or after it.
func genuine(webhook tracking.Webhook, header http.Header, body content, at time.Time) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	if webhook.Verify(header, body.raw, at) == nil {
		return true
	}
	return body.packed && webhook.Verify(header, body.plain, at) == nil
}

// identity is the digest of what makes a message the same as another: the sender's id, else the body.
func identity(webhook tracking.Webhook, body []byte, at time.Time) []byte {
	push, err := parse(webhook, body, at)
	if err == nil && push.ID != "" {
		return digestOf("id", []byte(push.ID))
	}
	return digestOf("body", body)
}

func digestOf(kind string, content []byte) []byte {
	hash := sha256.New()
	_, _ = hash.Write([]byte(kind + "\x00")) // A hash takes everything.
	_, _ = hash.Write(content)
	return hash.Sum(nil)
}

// keep stores a message and tells the workers.
func (i *Inbox) keep(ctx context.Context, sender string, digest, body []byte, at time.Time) *refusal {
	ctx, cancel := context.WithTimeout(ctx, i.options.StoreTimeout)
	defer cancel()
	fresh, err := i.store.AddInboxMessage(ctx, sender, digest, body, at)
	if err != nil && ctx.Err() == context.Canceled {
		return busy(1) // The sender has gone: that tells nothing of the store.
	}
	i.heard(err)
	if err != nil {
		return busy(30)
	}
	if fresh {
		i.wake()
	}
	return nil
}

// observed tells the observer of requests, and bounds the arrival of their bodies, also of what nobody reads but the server before it hangs up.
// The handler tells who sent it.
func (i *Inbox) observed(handle func(http.ResponseWriter, *http.Request) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		noted := &noting{ResponseWriter: w, status: http.StatusOK}
		if r.Method == http.MethodPost {
			// Where the connection has no deadlines, the server's own timeouts bound the reading.
			_ = http.NewResponseController(w).SetReadDeadline(began.Add(i.options.ReadTimeout))
		}
		sender := handle(noted, r)
		i.options.Observer.Received(sender, noted.status, time.Since(began))
	}
}

// noting remembers the status of an answer.
type noting struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (n *noting) WriteHeader(status int) {
	n.status = status
	n.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (n *noting) Unwrap() http.ResponseWriter { return n.ResponseWriter }
