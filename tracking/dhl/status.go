package dhl

import (
	"regexp"
	"slices"
	"strings"

	"github.com/vigie-dev/vigie/domain"
)

// milestones is what DHL's five codes say. A code that is not here is UNKNOWN, like the code unknown: the raw code tells which.
var milestones = map[string]domain.Milestone{
	"pre-transit": domain.MilestoneLabelCreated,
	"transit":     domain.MilestoneInTransit,
	"delivered":   domain.MilestoneDelivered,
	"failure":     domain.MilestoneException,
	"unknown":     domain.MilestoneUnknown,
}

// refinement is what words add to a code: the codes know neither delivery vehicles nor returns.
type refinement struct {
	codes     []string // those that it holds for
	words     *regexp.Regexp
	milestone domain.Milestone
}

// The first that fits counts. They are English, which is asked for, and German: DHL takes a language for a wish, and not every division has
// each text in English.
var refinements = []refinement{
	{[]string{"delivered"}, returnedWords, domain.MilestoneReturned},
	{[]string{"transit", "failure"}, words(
		`(will be|is being|being|to be|is) (returned|sent back)\b`, `return(ing)? (shipment )?to (the )?(sender|shipper)\b`,
		`return (transport|journey|initiated)\b`, `(an den|zum) Absender zurück`, `zurück (an den|zum) Absender\b`, `Rücksendung an den Absender\b`,
	), domain.MilestoneReturning},
	{[]string{"transit", "failure"}, returnedWords, domain.MilestoneReturning},
	{[]string{"transit"}, words(
		`loaded (on|in)to the delivery vehicle\b`, `out for delivery\b`, `with (the )?(delivery )?courier\b`, `in das Zustellfahrzeug geladen\b`,
	), domain.MilestoneOutForDelivery},
	{[]string{"transit", "failure"}, words(
		`(ready|available|waiting|held|can be) (to be |for |at )*(collect|pick(ed)?[- ]?up)`,
		`zur Abholung\b.*\bbereit\b`,
		`(ready|available|waiting|held) (for |at )*(an? |the )?(retail outlet|packstation|postfiliale|service ?point|parcel ?shop)`,
	), domain.MilestoneAvailableForPickup},
	{[]string{"transit"}, regexp.MustCompile(
		`(?i)^(dispatched: )?(the )?shipment (has been |was )?pick(ed)?[- ]?up( from (the )?(sender|shipper))?\.?$`,
	), domain.MilestonePickedUp},
	{[]string{"transit", "failure"}, words(
		`not (be )?(at )?(home|available|present)\b`, `absent\b`, noOne, `attempted\b`, `unsuccessful\b`,
		`could not be delivered\b`, `not delivered\b`, `undeliverable\b`, `nicht angetroffen\b`, `nicht zugestellt\b`,
	), domain.MilestoneDeliveryAttempted},
}

const noOne = `(no ?one|nobody) (was |is )?(at )?(home|there|present|available)\b`

var returnedWords = words(
	`(returned|delivered|sent) (back )?to (the )?(original )?(sender|shipper)\b`, `(an den|dem) Absender (zugestellt|übergeben|ausgeliefert)\b`,
)

// reasons is why something went wrong, by words, the most telling first.
var reasons = []struct {
	words  *regexp.Regexp
	reason domain.ExceptionReason
}{
	{words(`dut(y|ies)\b`), domain.ReasonDutiesDue},
	{words(`(customs|clearance)\b.*\b(documents?|papers?|paperwork|information|invoice)\b`), domain.ReasonCustomsDocs},
	{words(`customs\b`, `clearance\b`), domain.ReasonCustomsHold},
	{words(
		`(incorrect|incomplete|wrong|insufficient|bad|unknown) (delivery |recipient )?address`,
		`address\b.*\b(incorrect|incomplete|wrong|insufficient|not found|unknown)\b`, `recipient (has )?moved\b`,
	), domain.ReasonAddress},
	{words(`refus`, `not accepted\b`, `Annahme\b.*\bverweigert\b`), domain.ReasonRefused},
	{words(`not (be )?(at )?(home|available|present)\b`, `absent\b`, noOne, `nicht angetroffen\b`), domain.ReasonRecipientAbsent},
	{words(`damag`, `beschädigt\b`), domain.ReasonDamaged},
	{words(`lost\b`, `missing\b`), domain.ReasonLost},
	{words(`mis-?(routed|sorted|directed)\b`), domain.ReasonMisrouted},
	{words(`weather\b`, `storm\b`, `snow\b`, `flood\b`, `natural disaster\b`), domain.ReasonWeather},
	{words(`security\b`), domain.ReasonSecurity},
	{words(`payment\b`, `cash on delivery\b`, `cod\b`), domain.ReasonPaymentDue},
}

// words is an expression for any of the alternatives at the beginning of a word, without case.
func words(alternatives ...string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(` + strings.Join(alternatives, "|") + `)`)
}

var delayWords = words(`delay(s|ed)?\b`, `later than (planned|expected)\b`)

// classify tells what an event means from DHL's code and words.
func classify(code, text string) (domain.Milestone, domain.ExceptionReason, bool) {
	milestone, known := milestones[code]
	if !known {
		return domain.MilestoneUnknown, "", false
	}
	for i := range refinements {
		if slices.Contains(refinements[i].codes, code) && refinements[i].words.MatchString(text) {
			milestone = refinements[i].milestone
			break
		}
	}
	late := code != "delivered" && delayWords.MatchString(text)
	return milestone, reason(milestone, text, late), late
}

// reason looks for one where something is wrong: customs on the way is no problem yet.
func reason(milestone domain.Milestone, text string, late bool) domain.ExceptionReason {
	switch milestone {
	case domain.MilestoneException, domain.MilestoneDeliveryAttempted, domain.MilestoneReturning, domain.MilestoneReturned:
	default:
		if !late {
			return ""
		}
	}
	for i := range reasons {
		if reasons[i].words.MatchString(text) {
			return reasons[i].reason
		}
	}
	switch {
	case late:
		return domain.ReasonCarrierDelay
	case milestone == domain.MilestoneException:
		return domain.ReasonOther
	default:
		return ""
	}
}
