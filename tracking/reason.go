package tracking

import (
	"regexp"
	"strings"

	"github.com/vigie-dev/vigie/domain"
)

// reasonWords is why something goes wrong, by what carriers write about it in English. The first that fits counts, so the more telling stand
// before the more general: customs that ask for an invoice are no mere hold, and a missing document is no lost parcel.
var reasonWords = []struct {
	words  *regexp.Regexp
	reason domain.ExceptionReason
}{
	{anyWord(`dut(y|ies)\b`, `tariffs?\b`, `import (fees|charges|tax(es)?)\b`), domain.ReasonDutiesDue},
	{anyWord(
		`(customs|clearance|broker(age)?)\b.*\b(document(s|ation)?|papers?|paperwork|information|invoice)\b`,
		`(document(s|ation)?|papers?|paperwork|invoice)\b.*\b(customs|clearance)\b`, `regulatory paperwork\b`,
	), domain.ReasonCustomsDocs},
	{anyWord(`customs\b`, `clearance\b`, `(government|regulatory) (agency|processing)\b`), domain.ReasonCustomsHold},
	{anyWord(
		`(incorrect|incomplete|wrong|insufficient|invalid|bad|unknown) ([a-z]+ ){0,2}address\b`,
		`address\b.*\b(incorrect|incomplete|wrong|insufficient|invalid|not found|unknown|needed|required)\b`,
		`(street|house|apartment|suite|unit) number\b`, `(receiver|recipient|company) name is\b`,
		`(receiver|recipient|customer|company) (has |have )?moved\b`,
	), domain.ReasonAddress},
	{anyWord(`refus`, `not accepted\b`, `did not want\b`), domain.ReasonRefused},
	{anyWord(
		`not (be )?(at )?(home|available|present)\b`, `(receiver|recipient|customer) (was |is )?(absent|unavailable|not in)\b`, `absent\b`,
		`business (was |is )?closed\b`, `(no ?one|nobody) (was |is )?(at )?(home|there|present|available)\b`,
	), domain.ReasonRecipientAbsent},
	{anyWord(`damag`), domain.ReasonDamaged},
	{anyWord(`lost\b`, `missing\b`), domain.ReasonLost},
	{anyWord(`mis-?(rout|sort|direct)`, `wrong (route|facility|building)\b`), domain.ReasonMisrouted},
	{anyWord(`weather\b`, `storms?\b`, `snow`, `flood`, `hurricane\b`, `natural disaster\b`), domain.ReasonWeather},
	{anyWord(`security\b`), domain.ReasonSecurity},
	{anyWord(`payment\b`, `funds\b`, `cash on delivery\b`, `cod\b`), domain.ReasonPaymentDue},
	{anyWord(
		`mechanical\b`, `late (flight|plane|trailer|train|truck|arrival)\b`, `missed (the|a) (scheduled )?(transfer|connection)\b`,
		`operational\b`, `transport(ation)? (accident|delay)\b`,
	), domain.ReasonCarrierDelay},
}

// anyWord is an expression for any of the alternatives at the beginning of a word, without case.
func anyWord(alternatives ...string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(` + strings.Join(alternatives, "|") + `)`)
}

// ReasonInWords is the reason that an English text gives, or "" where it gives none. It is for texts about something that went wrong:
// "released by customs" is no problem, and yet CUSTOMS_HOLD here.
func ReasonInWords(text string) domain.ExceptionReason {
	for i := range reasonWords {
		if reasonWords[i].words.MatchString(text) {
			return reasonWords[i].reason
		}
	}
	return ""
}
