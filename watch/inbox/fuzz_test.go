package inbox_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/vigie-dev/vigie/tracking/epcis"
	"github.com/vigie-dev/vigie/watch/inbox"
)

// FuzzRequest holds that whatever is sent, signed or not, is answered in one of the ways that senders are told of.
func FuzzRequest(f *testing.F) {
	paths := []string{"/webhooks/easypost", "/webhooks/aftership", "/webhooks/ups", "/webhooks/dcsa", "/webhooks/x", "/epcis/capture", "/epcis/events"}
	for index, path := range paths[:4] {
		f.Add(uint8(index), payload(f, messages()[path[len("/webhooks/"):]]), "application/json", "", "", true)
	}
	f.Add(uint8(5), []byte(threeOfFive), "application/ld+json", "", "proceed", true)
	f.Add(uint8(6), []byte("{"), "text/html; charset=", "gzip", "?", false)
	f.Add(uint8(2), packed(f, []byte("{}")), "", "gzip", "", true)
	handler := inbox.New(newMemory(), inbox.Options{Webhooks: senders(f), Capture: epcis.File{}, Authorize: authorize}).Handler()
	allowed := map[int]bool{
		200: true, 201: true, 202: true, 204: true, 400: true, 401: true, 403: true, 404: true, 406: true, 413: true, 415: true,
	}
	f.Fuzz(func(t *testing.T, which uint8, body []byte, media, encoding, behaviour string, signed bool) {
		path := paths[int(which)%len(paths)]
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, bytes.NewReader(body))
		if signed && len(path) > len("/webhooks/") && path[1] == 'w' {
			request.Header = sign(path[len("/webhooks/"):], secret, body)
		}
		if signed {
			request.Header.Set("Authorization", "Bearer good")
		}
		for name, value := range map[string]string{"Content-Type": media, "Content-Encoding": encoding, "GS1-Capture-Error-Behaviour": behaviour} {
			request.Header.Set(name, value)
		}
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		if !allowed[answer.Code] {
			t.Fatalf("%s is answered with %d", path, answer.Code)
		}
		if !signed && answer.Code < 300 {
			t.Fatalf("%s took in what nobody signed", path)
		}
	})
}
