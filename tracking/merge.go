package tracking

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// Merge adds fresh events to stored ones and tells which of the result are new or changed, to be written. Merging the same again changes
// nothing: an event that says what the stored one says keeps what is stored, also when it was received.
func Merge(stored, fresh []Event) (all, changed []Event) {
	known := map[string]*Event{}
	old := unique(stored)
	for i := range old {
		known[old[i].Key] = &old[i]
	}
	for _, event := range unique(fresh) {
		before, seen := known[event.Key]
		if seen && (sameContent(before, &event) || better(before, &event)) {
			continue
		}
		changed = append(changed, event)
	}
	return unique(append(old, changed...)), changed
}

// unique has each key once, in the order in which things happened.
func unique(events []Event) []Event {
	best := make(map[string]Event, len(events))
	for i := range events {
		before, seen := best[events[i].Key]
		if !seen || better(&events[i], &before) {
			best[events[i].Key] = events[i]
		}
	}
	sorted := make([]Event, 0, len(best))
	for _, event := range best {
		sorted = append(sorted, event)
	}
	slices.SortFunc(sorted, happened)
	return sorted
}

// better tells whether a replaces b, which has the same key: it is a total order, so that it does not matter in which order they came.
// A withdrawal stays, even if the event itself comes once more; then the later word counts, and of one answer what is further along: some
// carriers' codes say so little that two events of one minute share a key.
func better(a, b *Event) bool {
	if a.Withdrawn != b.Withdrawn {
		return a.Withdrawn
	}
	order := cmp.Or(a.ReceivedAt.Compare(b.ReceivedAt), cmp.Compare(rank(a.Milestone), rank(b.Milestone)))
	if order == 0 {
		order = strings.Compare(content(a), content(b))
	}
	return order > 0
}

func sameContent(a, b *Event) bool { return content(a) == content(b) }

// content is what the carrier said, as far as it is stored: what is not stored cannot tell the stored from the fresh.
func content(event *Event) string {
	record := event.Record()
	record.ReceivedAt = time.Time{}
	text, err := json.Marshal(record)
	if err != nil {
		// Strings, numbers and times that were parsed can always be written.
		return event.Key
	}
	said := string(text) + strings.Join(event.Corrects, "\x00")
	if event.Withdrawn {
		said += "\x00withdrawn"
	}
	return said
}

// happened puts events in order: by when they happened, then by how far along they are, then by key. Events without a time stand where they
// were received, and so does what is said to have happened long after that. A day without a time stands at its beginning, as in the database.
func happened(a, b Event) int {
	return cmp.Or(
		sortTime(&a).Compare(sortTime(&b)),
		cmp.Compare(rank(a.Milestone), rank(b.Milestone)),
		strings.Compare(a.Key, b.Key),
	)
}

func sortTime(event *Event) time.Time {
	if untimed(event) {
		return event.ReceivedAt
	}
	return event.Time.Sort()
}

// untimed tells whether it is not known when the event happened: there is no time, or one that cannot be.
func untimed(event *Event) bool {
	ahead := event.Classifier == domain.StateActual && !event.ReceivedAt.IsZero() && event.Time.Sort().After(event.ReceivedAt.Add(wrongClock))
	return event.Time.IsZero() || ahead
}

// wrongClock is how far ahead of its receipt something may have happened: a wall clock may be read 14 hours off, and clocks are set wrong. What
// is farther ahead, such as the year 2062, did not happen then, and must not stand behind all that follows.
const wrongClock = 36 * time.Hour
