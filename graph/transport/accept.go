package transport

import (
	"cmp"
	"mime"
	"slices"
	"strconv"
	"strings"
)

// The media types of answers.
const (
	mediaJSON        = "application/json"
	mediaGraphQL     = "application/graphql-response+json"
	mediaEventStream = "text/event-stream"
	mediaMultipart   = "multipart/mixed"
	deferSpec        = "20220824"
)

// acceptance is what a client can read.
type acceptance struct {
	// single is the media type for an answer in one piece; empty when the client takes none of ours.
	single string
	// streams are the media types for answers in several pieces, the preferred one first. They have to be named: a
	// client that takes anything does not expect an answer that stays open.
	streams []string
}

// any is the type for an answer in one piece, in a stream if need be.
func (a acceptance) any() string {
	if a.single == "" && len(a.streams) > 0 {
		return a.streams[0]
	}
	return cmp.Or(a.single, mediaJSON)
}

// mediaRange is one entry of an Accept header.
type mediaRange struct {
	media    string
	params   map[string]string
	quality  float64
	position int
}

// acceptances are what the usual headers come to, by the header as it is sent. They do not change.
type acceptances map[string]acceptance

// usualAcceptances are those of common clients: fetch and curl, axios, Apollo, Relay, urql, GraphiQL.
func usualAcceptances() acceptances {
	known := acceptances{}
	for _, header := range []string{
		"*/*",
		mediaJSON,
		mediaGraphQL,
		"application/json, text/plain, */*",
		"application/json, multipart/mixed",
		"application/graphql-response+json, application/json",
		"application/graphql-response+json, application/json;q=0.9",
		"application/graphql-response+json,application/json;q=0.9",
		"application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed",
	} {
		known[header], _ = negotiate([]string{header}) // All of them can be had.
	}
	return known
}

// negotiate is negotiate, which need not read a usual header.
func (a acceptances) negotiate(accept []string) (acceptance, bool) {
	if len(accept) == 1 {
		known, usual := a[accept[0]]
		if usual {
			return known, true
		}
	}
	return negotiate(accept)
}

// negotiate reads Accept. It reports false when the client can read nothing that there is.
func negotiate(accept []string) (acceptance, bool) {
	header := strings.Join(accept, ",")
	if strings.TrimSpace(header) == "" {
		return acceptance{single: mediaJSON}, true
	}
	ranges := parseRanges(header)
	var a acceptance
	// JSON first, so that it wins where one range stands for both: clients from before the newer type say */*.
	a.single = preferred(ranges, mediaJSON, mediaGraphQL)
	slices.SortStableFunc(ranges, func(x, y mediaRange) int { return cmp.Compare(y.quality, x.quality) })
	for _, r := range ranges {
		if r.quality > 0 && r.isStream() && !slices.Contains(a.streams, r.media) {
			a.streams = append(a.streams, r.media)
		}
	}
	return a, a.single != "" || len(a.streams) > 0
}

// isStream tells the streamed formats that exist here; multipart has dialects for other protocols.
func (r mediaRange) isStream() bool {
	if r.media == mediaEventStream {
		return true
	}
	_, newer := r.params["incrementalspec"]
	_, subscription := r.params["subscriptionspec"]
	return r.media == mediaMultipart && !newer && !subscription && cmp.Or(r.params["deferspec"], deferSpec) == deferSpec
}

// preferred returns the media type with the highest quality; between equals the one that the header names first, and
// else the first of medias.
func preferred(ranges []mediaRange, medias ...string) string {
	var best mediaRange
	var chosen string
	for _, media := range medias {
		r, found := match(ranges, media)
		if !found || r.quality <= 0 {
			continue
		}
		if chosen == "" || r.quality > best.quality || r.quality == best.quality && r.position < best.position {
			best, chosen = r, media
		}
	}
	return chosen
}

// match returns the most specific range for a media type, as RFC 9110 orders them.
func match(ranges []mediaRange, media string) (mediaRange, bool) {
	kind, _, _ := strings.Cut(media, "/")
	for _, pattern := range []string{media, kind + "/*", "*/*"} {
		i := slices.IndexFunc(ranges, func(r mediaRange) bool { return r.media == pattern })
		if i >= 0 {
			return ranges[i], true
		}
	}
	return mediaRange{}, false
}

// parseRanges skips entries that are malformed or in another encoding than UTF-8, which is as if they were not there.
func parseRanges(header string) []mediaRange {
	var ranges []mediaRange
	for i, entry := range splitList(header) {
		media, params, err := mime.ParseMediaType(entry)
		if err != nil || !strings.EqualFold(cmp.Or(params["charset"], "utf-8"), "utf-8") {
			continue
		}
		quality := 1.0
		if text, given := params["q"]; given {
			quality, err = strconv.ParseFloat(text, 64)
			if err != nil || !(quality >= 0 && quality <= 1) {
				continue
			}
		}
		ranges = append(ranges, mediaRange{media: media, params: params, quality: quality, position: i})
	}
	return ranges
}

// splitList splits a header at its commas, those within quotes apart.
func splitList(header string) []string {
	var entries []string
	quoted, start := false, 0
	for i := 0; i < len(header); i++ {
		switch {
		case quoted && header[i] == '\\':
			i++
		case header[i] == '"':
			quoted = !quoted
		case header[i] == ',' && !quoted:
			entries = append(entries, header[start:i])
			start = i + 1
		}
	}
	return append(entries, header[start:])
}
