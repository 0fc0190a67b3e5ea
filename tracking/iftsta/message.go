package iftsta

import (
	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// message is one IFTSTA while it is read: consignments (CNI) with their statuses (STS) and what is said of each. The segments that follow
// belong to the last status, else to the last consignment, else to the message.
type message struct {
	*reader
	kind, reference string
	eancom          bool
	segments        int

	etas     []tracking.Eta // said of all consignments
	general  references     // said of the message
	consign  *consignment   // nil before the first CNI or STS
	statuses *status        // nil before the first STS of a consignment
}

// references is the first reference of each kind.
type references map[string]string

func (r *references) add(kind, value string) {
	if kind == "" || value == "" || len(*r) >= 1000 {
		return
	}
	if *r == nil {
		*r = references{}
	}
	_, known := (*r)[kind]
	if !known {
		(*r)[kind] = value
	}
}

// number is the most telling reference: carrier's consignment, way bills, bills of lading, shipment, booking, the parties' own. Those are
// codes of data element 1153.
func (r references) number() string {
	for _, kind := range []string{"CN", "AAS", "AWB", "HWB", "MWB", "BM", "BH", "MB", "SRN", "BN", "FF", "CU", "CR", "DQ"} {
		if r[kind] != "" {
			return r[kind]
		}
	}
	return ""
}

// read reads one segment.
func (m *message) read(segment tracking.Segment) error {
	switch segment.Tag() {
	case "CNI":
		return m.consignment(segment.Get(2, 0))
	case "STS":
		return m.status(segment)
	case "RFF":
		m.refer(segment.Get(1, 0), segment.Get(1, 1))
	case "DTM":
		m.date(segment.Get(1, 0), segment.Get(1, 1), segment.Get(1, 2))
	case "UNS":
		return m.flush()
	}
	if m.statuses != nil {
		m.statuses.read(segment)
	}
	if m.consign != nil {
		m.consign.read(segment, m.decimal)
	}
	return nil
}

// consignment begins the next one.
func (m *message) consignment(number string) error {
	err := m.flush()
	if err != nil {
		return err
	}
	m.consign = &consignment{number: number}
	return nil
}

// status begins the next one. Some senders report on a single consignment and leave CNI out.
func (m *message) status(segment tracking.Segment) error {
	if m.consign == nil {
		m.consign = &consignment{}
	}
	if len(m.consign.statuses) >= tracking.MaxEvents {
		return tracking.BadResponse("a consignment with too many statuses", nil)
	}
	m.statuses = &status{event: m.read9015(segment), position: m.reader.segments.Position()}
	m.consign.statuses = append(m.consign.statuses, m.statuses)
	m.consign.packages = 0
	return nil
}

// refer keeps a reference where it belongs.
func (m *message) refer(kind, value string) {
	if m.consign == nil {
		m.general.add(kind, value)
		return
	}
	m.consign.references.add(kind, value)
}

// date keeps a time where it belongs.
func (m *message) date(kind, value, format string) {
	t, err := tracking.ParseEDIFACT(value, format)
	if err != nil {
		m.all.Warn("segment %d: DTM with a time that cannot be read", m.reader.segments.Position())
		return
	}
	if m.statuses != nil {
		m.statuses.date(kind, t)
	}
	source := arrival(kind)
	if source == "" {
		return
	}
	eta := tracking.AtEta(t, source, m.at)
	if m.consign == nil {
		m.etas = keep(m.etas, eta, kind)
		return
	}
	m.consign.etas = keep(m.consign.etas, eta, kind)
}

// keep replaces an earlier statement of the same source: all of a file become known at once, and the last counts. An arrival of the means
// of transport does not take the place of a delivery.
func keep(etas []tracking.Eta, eta tracking.Eta, kind string) []tracking.Eta {
	for i := range etas {
		if etas[i].Source != eta.Source {
			continue
		}
		if kind != transportArrives {
			etas[i] = eta
		}
		return etas
	}
	return append(etas, eta)
}

// transportArrives is the one date that is not about the goods alone.
const transportArrives = "132"

// arrival is who says by a date (data element 2005) when the goods should be there: estimated (17, 191), promised (69), or when the means of
// transport should arrive (132). 2 is what was asked for, and no answer.
func arrival(kind string) domain.EtaSource {
	switch kind {
	case "17", "191", transportArrives:
		return domain.EtaByCarrier
	case "69":
		return domain.EtaPromised
	default:
		return ""
	}
}

// flush hands over the consignment that was read.
func (m *message) flush() error {
	done := m.consign
	m.consign, m.statuses = nil, nil
	if done == nil {
		return nil
	}
	number := done.number
	if number == "" {
		number = done.references.number()
	}
	if number == "" {
		number = m.general.number()
	}
	if number == "" {
		number = done.equipment
	}
	if number == "" {
		m.all.Warn("segment %d: a consignment without a number is left out", m.reader.segments.Position())
		return nil
	}
	// What is longer than any number is cut, and never fits anything.
	return m.add(m.all.Report(tracking.Plain(number), ""), done)
}

func (m *message) add(report *tracking.Report, done *consignment) error {
	done.describe(report)
	for _, eta := range append(m.etas[:len(m.etas):len(m.etas)], done.etas...) {
		report.Etas = keep(report.Etas, eta, "")
	}
	for _, status := range done.statuses {
		event := status.finish()
		if event.RawCode == "" && event.RawText == "" {
			m.all.Warn("segment %d: STS without a status is left out", status.position)
			continue
		}
		if event.Time.IsZero() {
			m.all.Warn("segment %d: STS without a time", status.position)
		}
		err := m.all.Add(report, event)
		if err != nil {
			return err
		}
	}
	return nil
}
