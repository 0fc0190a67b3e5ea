package dcsa

import (
	"time"

	"github.com/vigie-dev/vigie/tracking"
)

// Containers are used again and again, so a journey is a container under a booking. Events name containers, bookings and documents, not all
// of them each time: documents that are named together belong together.

// papers joins documents that belong to one another.
type papers map[string]string

// root is the document that stands for all that belong together. The way there is shortened while it is walked.
func (p papers) root(document string) string {
	for {
		next, known := p[document]
		if !known || next == document {
			return document
		}
		if further, known := p[next]; known {
			p[document] = further
		}
		document = next
	}
}

// join makes two documents belong together. A booking stands for others, and of two bookings the first in order.
func (p papers) join(a, b string) {
	a, b = p.root(a), p.root(b)
	if a == b {
		return
	}
	if rank(b) < rank(a) || rank(a) == rank(b) && b < a {
		a, b = b, a
	}
	p[b] = a
}

// rank orders kinds of documents, which are the first three letters.
func rank(document string) int {
	switch document[:3] {
	case "BKG":
		return 0
	case "TRD":
		return 1
	default:
		return 2
	}
}

// documents are those that an event names, each as its kind and its number.
func documents(e *event) []string {
	var named []string
	add := func(kind, value tracking.Text) {
		if len(kind) >= 3 && value != "" {
			// Some write what the code means behind it.
			named = append(named, string(kind)[:3]+" "+string(value))
		}
	}
	for _, document := range e.Documents {
		add(document.Type, document.Value)
	}
	if e.Type == "SHIPMENT" {
		add(e.DocumentType, e.DocumentID)
	}
	return named
}

// containers are those that an event names, each once.
func containers(e *event) []string {
	var named []string
	add := func(value tracking.Text) {
		for _, known := range named {
			if known == string(value) {
				return
			}
		}
		if value != "" {
			named = append(named, string(value))
		}
	}
	add(e.Equipment)
	for _, reference := range e.References {
		if reference.Type == "EQ" {
			add(reference.Value)
		}
	}
	return named
}

// manifest is what the events of an answer name.
type manifest struct {
	papers papers
	inside map[string][]string        // by journey, its containers in the order in which they are first named
	of     map[string]map[string]bool // by container, its journeys
}

// read goes through the events twice: what belongs together is known only after the first time.
func read(events []event) *manifest {
	m := &manifest{papers{}, map[string][]string{}, map[string]map[string]bool{}}
	for i := range events {
		named := documents(&events[i])
		for _, document := range named[min(1, len(named)):] {
			m.papers.join(named[0], document)
		}
	}
	// The same bill of lading or instruction may go by its number alone under two kinds.
	byValue := map[string]string{}
	for i := range events {
		for _, document := range documents(&events[i]) {
			first, known := byValue[document[4:]]
			if known {
				m.papers.join(first, document)
			} else {
				byValue[document[4:]] = document
			}
		}
	}
	for i := range events {
		journey := m.journey(&events[i])
		for _, container := range containers(&events[i]) {
			if m.of[container] == nil {
				m.of[container] = map[string]bool{}
			}
			if journey != "" && !m.of[container][journey] {
				m.of[container][journey] = true
				m.inside[journey] = append(m.inside[journey], container)
			}
		}
	}
	return m
}

// journey is what an event's documents stand for, "" where it names none. Papers that belong to no booking and no bill of lading, such as
// those of customs, make no journey of a container.
func (m *manifest) journey(e *event) string {
	named := documents(e)
	if len(named) == 0 {
		return ""
	}
	root := m.papers.root(named[0])
	if rank(root) > 1 && len(containers(e)) > 0 {
		return ""
	}
	return root
}

// concern is a container on a journey, either of which may be unknown.
type concern struct{ container, journey string }

// concerns are the journeys of containers that an event is about. One that names no container is about all of its journey; one that names
// no document is about the only journey of its container, and of several it is not known which.
func (m *manifest) concerns(e *event, asked string) []concern {
	journey, named := m.journey(e), containers(e)
	if len(named) == 0 {
		named = m.inside[journey]
	}
	if len(named) == 0 && container.MatchString(asked) {
		named = []string{asked}
	}
	if len(named) == 0 {
		return []concern{{"", journey}}
	}
	concerns := make([]concern, 0, len(named))
	for _, container := range named {
		on := journey
		if on == "" && len(m.of[container]) == 1 {
			for only := range m.of[container] {
				on = only
			}
		}
		concerns = append(concerns, concern{container, on})
	}
	return concerns
}

// name is what the report is called: the container, else the booking or bill of lading, else what was asked about.
func (c concern) name(asked string) string {
	switch {
	case c.container != "":
		return c.container
	case c.journey != "":
		return c.journey[4:]
	default:
		return asked
	}
}

// booking tells journeys of a container apart: the number of the booking, else of another document, "" where none is known.
func (c concern) booking() string {
	if c.journey == "" {
		return ""
	}
	return c.journey[4:]
}

// retracted are the ids of events that were errors. Their retraction is a message without an event in it and names no container: it is heeded
// where both are told together. One that comes with an event takes the place of the other.
func retracted(events []event) map[string]bool {
	gone := map[string]bool{}
	for i := range events {
		if id := tracking.Plain(string(events[i].Retracts)); id != "" && id != tracking.Plain(string(events[i].ID)) {
			gone[id] = true
		}
	}
	return gone
}

// gather makes a report of each container on each journey, in the order in which they are first named. asked is the number that was asked
// about, for events that name nothing at all.
func gather(events []event, asked string, at time.Time) ([]tracking.Report, error) {
	m := read(events)
	gone := retracted(events)
	var all tracking.Collector
	told := map[*tracking.Report][]*event{}
	for i := range events {
		e := &events[i]
		normal := normalise(e)
		if e.Type == "" || normal.RawCode == "" && normal.RawText == "" && normal.ID == "" {
			continue
		}
		normal.Withdrawn = gone[normal.ID]
		for _, about := range m.concerns(e, asked) {
			if about.name(asked) == "" {
				continue
			}
			report := all.Report(tracking.Plain(about.name(asked)), tracking.Plain(about.booking()))
			err := all.Add(report, normal)
			if err != nil {
				return nil, err
			}
			if !normal.Withdrawn {
				told[report] = append(told[report], e)
			}
		}
	}
	for report, events := range told {
		report.Etas = etas(events, at)
	}
	return all.Batch(at).Reports, nil
}
