package transport

import (
	"net/http"
	"slices"
)

// The values of headers that most answers have. All answers share them, so nobody may write into them: a header is set anew or extended by a copy.
var (
	valueNoStore  = []string{"no-store"}
	valueJSON     = []string{mediaJSON + "; charset=utf-8"}
	valueGraphQL  = []string{mediaGraphQL + "; charset=utf-8"}
	valueAccept   = []string{"Accept"}
	valueEncoding = []string{"Accept-Encoding"}
)

// setContentType names the type of an answer in one piece.
func setContentType(h http.Header, media string) {
	switch media {
	case mediaJSON:
		h["Content-Type"] = valueJSON
	case mediaGraphQL:
		h["Content-Type"] = valueGraphQL
	default:
		h.Set("Content-Type", media+"; charset=utf-8")
	}
}

// addVary says that the answer depends on a header of the request.
func addVary(h http.Header, name []string) {
	given := h["Vary"]
	if given == nil {
		h["Vary"] = name
		return
	}
	h["Vary"] = slices.Concat(given, name)
}
