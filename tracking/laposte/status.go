package laposte

import (
	"regexp"
	"strings"

	"github.com/vigie-dev/vigie/domain"
)

// note is a code that tells nothing of where the parcel is. It is kept and moves nothing.
const note = domain.MilestoneUnknown

// meaning is what a code says by itself.
type meaning struct {
	milestone domain.Milestone
	reason    domain.ExceptionReason
	delay     bool
}

// meanings is La Poste's list of codes with their names, as public clients of the API repeat it; DR2, DI0, DI3 and ID0 are in few of them. What
// La Poste itself publishes was not at hand. A code that is not here is UNKNOWN, and the raw code tells which.
var meanings = map[string]meaning{
	"DR1": {milestone: domain.MilestoneLabelCreated},                                // déclaratif réceptionné
	"DR2": {milestone: domain.MilestoneException},                                   // problème lors de la préparation
	"PC1": {milestone: domain.MilestonePickedUp},                                    // pris en charge
	"PC2": {milestone: domain.MilestonePickedUp},                                    // pris en charge dans le pays d'expédition
	"ET1": {milestone: domain.MilestoneInTransit},                                   // en cours de traitement
	"ET2": {milestone: domain.MilestoneInTransit},                                   // ... dans le pays d'expédition
	"ET3": {milestone: domain.MilestoneInTransit},                                   // ... dans le pays de destination
	"ET4": {milestone: domain.MilestoneInTransit},                                   // ... dans un pays de transit
	"EP1": {milestone: domain.MilestoneInTransit},                                   // en attente de présentation
	"DO1": {milestone: domain.MilestoneInTransit},                                   // entrée en douane
	"DO2": {milestone: domain.MilestoneInTransit},                                   // sortie de douane
	"DO3": {milestone: domain.MilestoneException, reason: domain.ReasonCustomsHold}, // retenu en douane
	"PB1": {milestone: domain.MilestoneException},                                   // problème en cours
	"PB2": {milestone: domain.MilestoneInTransit},                                   // problème résolu
	"MD2": {milestone: domain.MilestoneOutForDelivery},                              // mis en distribution
	"ND1": {milestone: domain.MilestoneDeliveryAttempted},                           // non distribuable
	"AG1": {milestone: domain.MilestoneAvailableForPickup},                          // en attente d'être retiré au guichet
	"RE1": {milestone: domain.MilestoneReturning},                                   // retourné à l'expéditeur
	"DI0": {milestone: domain.MilestoneDelivered},                                   // distribué en lot
	"DI1": {milestone: domain.MilestoneDelivered},                                   // distribué
	"DI2": {milestone: domain.MilestoneReturned},                                    // distribué à l'expéditeur
	"DI3": {milestone: note, delay: true},                                           // retardé
	"ID0": {milestone: note},                                                        // informations douane
}

// reasons is why something went wrong, by words in French and English, the most telling first.
var reasons = []struct {
	words  *regexp.Regexp
	reason domain.ExceptionReason
}{
	{words(`droits (de douane|et taxes)`, `taxes (et droits|à payer)`, `dut(y|ies)\b`), domain.ReasonDutiesDue},
	{words(`douan.*\b(document|facture|déclaration|justificatif|information)`, `customs\b.*\b(document|invoice|declaration|information)`),
		domain.ReasonCustomsDocs},
	{words(`douan`, `customs\b`), domain.ReasonCustomsHold},
	{words(`refus`), domain.ReasonRefused},
	{words(`absen(t|ce)`, `not (be )?(at )?home\b`), domain.ReasonRecipientAbsent},
	{words(
		`adresse\b.*(incompl|incorrect|erron|inexact|inconnu)`, `(défaut|erreur|problème|mauvaise) (d['’]|d[’']une )?adress`, `n['’]habite (pas|plus)`,
		`destinataire inconnu`, `boîte aux lettres`, `adressage`, `address\b.*(incomplete|incorrect|wrong|unknown)`,
		`(incomplete|incorrect|wrong|unknown) address`, `recipient unknown`, `mailbox`,
	), domain.ReasonAddress},
	{words(`endommag`, `abîm`, `détérior`, `avari`, `damag`), domain.ReasonDamaged},
	{words(`perdu`, `égar`, `lost\b`), domain.ReasonLost},
	{words(`erreur (de tri|d['’]acheminement)`, `mal (dirigé|acheminé|orienté)`, `arrivé par erreur`, `mis-?(routed|sorted|directed)`),
		domain.ReasonMisrouted},
	{words(`intempéries`, `météo`, `neige`, `tempête`, `inondation`, `weather\b`, `snow\b`, `storm\b`), domain.ReasonWeather},
	{words(`contre[- ]remboursement`, `affranchissement insuffisant`, `paiement`, `payment\b`, `cash on delivery`), domain.ReasonPaymentDue},
	{words(`sûreté`, `sécurité`, `security\b`), domain.ReasonSecurity},
}

var delayWords = words(`retard`, `delay`)

// words is an expression for any of the alternatives at the beginning of a word, without case. Go's \b knows no accents, so that a beginning
// is what follows no letter.
func words(alternatives ...string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(^|[^\pL])(` + strings.Join(alternatives, "|") + `)`)
}

// classify tells what an event means from its code, and why from its words.
func classify(code, text string) (domain.Milestone, domain.ExceptionReason, bool) {
	found, known := meanings[code]
	if !known {
		return domain.MilestoneUnknown, "", false
	}
	switch found.milestone {
	case domain.MilestoneDelivered, domain.MilestoneReturned:
	default:
		found.delay = found.delay || delayWords.MatchString(text)
	}
	return found.milestone, reason(found, text), found.delay
}

// reason looks for one where something is wrong: customs on the way is no problem yet.
func reason(found meaning, text string) domain.ExceptionReason {
	switch found.milestone {
	case domain.MilestoneException, domain.MilestoneDeliveryAttempted, domain.MilestoneReturning, domain.MilestoneReturned:
	default:
		if !found.delay {
			return ""
		}
	}
	for i := range reasons {
		if reasons[i].words.MatchString(text) {
			return reasons[i].reason
		}
	}
	switch {
	case found.reason != "":
		return found.reason
	case found.delay:
		return domain.ReasonCarrierDelay
	case found.milestone == domain.MilestoneException:
		return domain.ReasonOther
	default:
		return ""
	}
}
