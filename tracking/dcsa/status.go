package dcsa

import "github.com/vigie-dev/vigie/domain"

// note is an event that tells nothing of where the goods are. It is kept and moves nothing.
const note = domain.MilestoneUnknown

// laden is what equipment and transport events say of a container with goods in it. A code that is not here is UNKNOWN: the raw code tells
// which.
var laden = map[string]domain.Milestone{
	"ARRI": domain.MilestoneInTransit,
	"DEPA": domain.MilestoneInTransit,
	"LOAD": domain.MilestoneInTransit,
	"DISC": domain.MilestoneInTransit,
	"GTIN": domain.MilestonePickedUp,
	"GTOT": domain.MilestoneOutForDelivery,
	"PICK": domain.MilestonePickedUp,
	"DROP": domain.MilestoneDelivered,
	"STUF": domain.MilestoneLabelCreated, // by the shipper
	"STRP": domain.MilestoneDelivered,
	"HOLD": domain.MilestoneException,
	"INSP": note,
	"RSEA": note,
	"RMVD": note,
}

// empty is what equipment events say of an empty container: it is brought to the shipper before the journey, and moved about after it.
var empty = map[string]domain.Milestone{
	"GTOT": domain.MilestoneLabelCreated,
	"DROP": domain.MilestoneLabelCreated,
	"STUF": domain.MilestoneLabelCreated,
	// A container that was unloaded is empty.
	"STRP": domain.MilestoneDelivered,
	"GTIN": note,
	"LOAD": note,
	"DISC": note,
	"PICK": note,
}

// classify tells what an event means, and why where that is part of it.
func classify(e *event) (domain.Milestone, domain.ExceptionReason) {
	var milestone domain.Milestone
	switch {
	case e.Type == "SHIPMENT":
		return classifyDocument(string(e.ShipmentCode), string(e.DocumentType))
	case e.Type == "TRANSPORT":
		milestone = laden[string(e.TransportCode)]
	case e.Type == "EQUIPMENT" && e.Empty == "EMPTY":
		milestone = empty[string(e.EquipmentCode)]
	case e.Type == "EQUIPMENT":
		milestone = laden[string(e.EquipmentCode)]
	}
	switch milestone {
	case "":
		return domain.MilestoneUnknown, ""
	case domain.MilestoneException:
		return milestone, domain.ReasonOther
	default:
		return milestone, ""
	}
}

// classifyDocument tells what a document's event means for the goods: mostly that the carrier knows of them.
func classifyDocument(code, kind string) (domain.Milestone, domain.ExceptionReason) {
	customs := kind == "CUS" || kind == "CAS"
	booking := kind == "BKG" || kind == "CBR"
	switch code {
	case "RECE", "DRFT", "PENA", "PENC", "CONF", "APPR", "ISSU", "SUBM", "REQS":
		return domain.MilestoneLabelCreated, ""
	case "HOLD":
		if customs {
			return domain.MilestoneException, domain.ReasonCustomsHold
		}
		return domain.MilestoneException, domain.ReasonOther
	case "VOID", "CANC":
		if booking {
			return domain.MilestoneCancelled, ""
		}
	case "REJE":
		if booking {
			return domain.MilestoneException, domain.ReasonOther
		}
	}
	// PENU, SURR, CMPL, COMP, RELS, and what becomes of other documents, move no goods.
	return note, ""
}

// delays is the code list for delay reasons of SMDG (http://www.smdg.org), as far as it is about something else than the carrier's own work.
var delays = map[string]domain.ExceptionReason{
	"WEA": domain.ReasonWeather, "DEV": domain.ReasonWeather, "TID": domain.ReasonWeather,
	"CIN": domain.ReasonCustomsHold, "QUA": domain.ReasonCustomsHold, "QUV": domain.ReasonCustomsHold, "PAU": domain.ReasonCustomsHold,
	"ANA": domain.ReasonCustomsHold, "VIN": domain.ReasonCustomsHold,
	"DIN": domain.ReasonCustomsDocs, "LEK": domain.ReasonDamaged, "MIL": domain.ReasonSecurity,
}

// delayReason is CARRIER_DELAY for all that is between ship and berth.
func delayReason(code string) domain.ExceptionReason {
	reason := delays[code]
	if reason == "" {
		return domain.ReasonCarrierDelay
	}
	return reason
}
