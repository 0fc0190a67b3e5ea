package iftsta

import (
	"strconv"

	"github.com/vigie-dev/vigie/domain"
)

// meaning is what a status says.
type meaning struct {
	milestone domain.Milestone
	reason    domain.ExceptionReason
	delay     bool
}

// note is a status that tells nothing of where the goods are. It is kept and moves nothing.
const note = domain.MilestoneUnknown

// differs tells whether a code means something else in EANCOM 1997, which skips one from 53 on.
func differs(code string) bool {
	number, err := strconv.Atoi(code)
	return err != nil || number >= 53
}

// statuses is UN/ECE Recommendation 24, which data elements 9011 and 4405 refer to. A code that is not here is UNKNOWN: the raw code tells
// which. Handovers, receipts and acknowledgements are left out of the milestones: they do not say between whom.
var statuses = map[string]meaning{
	"1":  {milestone: domain.MilestoneInTransit}, // arrived somewhere, not delivered
	"3":  {milestone: domain.MilestoneException, reason: domain.ReasonDamaged},
	"5":  {milestone: note}, // some process begun
	"6":  {milestone: domain.MilestoneLabelCreated},
	"7":  {milestone: domain.MilestoneCancelled},
	"8":  {milestone: domain.MilestoneInTransit}, // 8 to 12: cleared
	"9":  {milestone: domain.MilestoneInTransit},
	"10": {milestone: domain.MilestoneInTransit},
	"11": {milestone: domain.MilestoneInTransit},
	"12": {milestone: domain.MilestoneInTransit},
	"13": {milestone: domain.MilestonePickedUp},
	"14": {milestone: note},
	"15": {milestone: domain.MilestoneInTransit},
	"16": {milestone: domain.MilestoneInTransit},
	"17": {milestone: domain.MilestoneException, reason: domain.ReasonCustomsHold},
	"18": {milestone: domain.MilestoneException, reason: domain.ReasonDamaged},
	"20": {milestone: note, reason: domain.ReasonCarrierDelay, delay: true},
	"21": {milestone: domain.MilestoneDelivered},
	"22": {milestone: domain.MilestoneDelivered},
	"23": {milestone: domain.MilestoneDeliveryAttempted},
	"24": {milestone: domain.MilestoneInTransit},
	"25": {milestone: note, reason: domain.ReasonCarrierDelay, delay: true},
	"26": {milestone: domain.MilestoneInTransit},
	"27": {milestone: domain.MilestoneInTransit},
	"28": {milestone: domain.MilestoneInTransit}, // unpacked from a container
	"29": {milestone: domain.MilestoneInTransit},
	"31": {milestone: domain.MilestoneInTransit},
	"35": {milestone: domain.MilestoneInTransit},
	"36": {milestone: domain.MilestoneException, reason: domain.ReasonLost},
	"37": {milestone: domain.MilestoneInTransit}, // found again
	"38": {milestone: note},
	"39": {milestone: domain.MilestoneInTransit},
	"40": {milestone: domain.MilestoneInTransit},
	"41": {milestone: domain.MilestoneInTransit},
	"44": {milestone: domain.MilestoneInTransit},
	"45": {milestone: domain.MilestoneInTransit}, // arrived, and the consignee told
	"46": {milestone: domain.MilestoneInTransit},
	"47": {milestone: domain.MilestoneInTransit},
	"48": {milestone: domain.MilestoneInTransit},
	"49": {milestone: domain.MilestoneException, reason: domain.ReasonLost},
	"50": {milestone: note},
	"51": {milestone: note, reason: domain.ReasonCarrierDelay, delay: true},
	"52": {milestone: note, reason: domain.ReasonCarrierDelay, delay: true},

	"54":  {milestone: domain.MilestoneException, reason: domain.ReasonLost}, // not identified
	"55":  {milestone: note, reason: domain.ReasonOther},                     // not collected
	"56":  {milestone: domain.MilestoneDeliveryAttempted},
	"57":  {milestone: note, reason: domain.ReasonCarrierDelay, delay: true}, // not loaded
	"59":  {milestone: domain.MilestoneInTransit},
	"66":  {milestone: domain.MilestoneException, reason: domain.ReasonLost}, // plundered
	"68":  {milestone: domain.MilestoneLabelCreated},                         // announced
	"71":  {milestone: domain.MilestoneLabelCreated},                         // ready for transport
	"75":  {milestone: domain.MilestoneInTransit},
	"76":  {milestone: domain.MilestoneInTransit},
	"77":  {milestone: domain.MilestoneDeliveryAttempted, reason: domain.ReasonRefused},
	"78":  {milestone: domain.MilestoneInTransit},
	"79":  {milestone: domain.MilestoneInTransit},
	"80":  {milestone: domain.MilestoneReturned},
	"82":  {milestone: domain.MilestoneReturned},
	"85":  {milestone: domain.MilestoneException, reason: domain.ReasonLost},
	"86":  {milestone: domain.MilestoneException, reason: domain.ReasonLost},
	"87":  {milestone: domain.MilestoneException, reason: domain.ReasonMisrouted},
	"88":  {milestone: domain.MilestoneInTransit},
	"90":  {milestone: domain.MilestoneException, reason: domain.ReasonOther}, // stopped
	"91":  {milestone: domain.MilestoneInTransit},
	"92":  {milestone: domain.MilestoneInTransit},
	"98":  {milestone: domain.MilestoneInTransit},
	"99":  {milestone: domain.MilestoneInTransit},
	"100": {milestone: domain.MilestoneInTransit},
	"101": {milestone: note, reason: domain.ReasonCarrierDelay, delay: true},
}

// reasons is data element 9013 (UNTDID D.12B). What is not here gives none.
var reasons = map[string]domain.ExceptionReason{
	"1": domain.ReasonAddress, "3": domain.ReasonRefused, "7": domain.ReasonRecipientAbsent, "9": domain.ReasonAddress,
	"11": domain.ReasonPaymentDue, "13": domain.ReasonCustomsHold, "14": domain.ReasonDamaged, "16": domain.ReasonMisrouted,
	"17": domain.ReasonCarrierDelay, "18": domain.ReasonCarrierDelay, "20": domain.ReasonCarrierDelay, "23": domain.ReasonCarrierDelay,
	"24": domain.ReasonCustomsHold, "25": domain.ReasonCustomsHold, "27": domain.ReasonLost, "28": domain.ReasonCustomsHold,
	"30": domain.ReasonAddress, "31": domain.ReasonCarrierDelay, "33": domain.ReasonLost, "34": domain.ReasonCarrierDelay,
	"35": domain.ReasonCarrierDelay, "36": domain.ReasonCarrierDelay, "37": domain.ReasonCustomsDocs, "39": domain.ReasonAddress,
	"41": domain.ReasonCarrierDelay, "45": domain.ReasonLost, "46": domain.ReasonPaymentDue, "47": domain.ReasonPaymentDue,
	"48": domain.ReasonLost, "49": domain.ReasonRefused, "53": domain.ReasonMisrouted, "56": domain.ReasonLost,
	"58": domain.ReasonCarrierDelay, "59": domain.ReasonLost, "60": domain.ReasonDamaged, "63": domain.ReasonWeather, "66": domain.ReasonLost,
	"69": domain.ReasonCarrierDelay, "74": domain.ReasonDamaged, "75": domain.ReasonDamaged, "76": domain.ReasonDamaged,
	"88": domain.ReasonCarrierDelay, "90": domain.ReasonRefused, "93": domain.ReasonCustomsHold,
}
