package demo

// step is what may happen to a parcel.
type step int

const (
	stepLabel step = iota
	stepPickedUp
	stepHub
	stepCustoms
	stepDepot
	stepDelay
	stepDamaged
	stepLost
	stepOut
	stepAttempt
	stepRefused
	stepPickupPoint
	stepDelivered
	stepReturning
	stepReturned
	stepCancelled
	stepCount
)

// milestone is what a step means, whoever carries.
func (s step) milestone() string {
	return [stepCount]string{
		stepLabel: "LABEL_CREATED", stepPickedUp: "PICKED_UP", stepHub: "IN_TRANSIT", stepCustoms: "EXCEPTION",
		stepDepot: "IN_TRANSIT", stepDelay: "IN_TRANSIT", stepDamaged: "EXCEPTION", stepLost: "EXCEPTION",
		stepOut: "OUT_FOR_DELIVERY", stepAttempt: "DELIVERY_ATTEMPTED", stepRefused: "DELIVERY_ATTEMPTED",
		stepPickupPoint: "AVAILABLE_FOR_PICKUP", stepDelivered: "DELIVERED", stepReturning: "RETURNING",
		stepReturned: "RETURNED", stepCancelled: "CANCELLED",
	}[s]
}

// reason is why a step went against the plan; "" where it did not, or where each case has its own.
func (s step) reason() string {
	return [stepCount]string{
		stepCustoms: "CUSTOMS_HOLD", stepDamaged: "DAMAGED", stepLost: "LOST", stepAttempt: "RECIPIENT_ABSENT",
		stepRefused: "REFUSED",
	}[s]
}

// wording is each carrier's own code and text for each step.
type wording [carrierCount][stepCount][2]string

func newWording() *wording {
	return &wording{
		dhl: {
			stepLabel:       {"pre-transit", "The shipment was announced electronically."},
			stepPickedUp:    {"transit", "The shipment has been picked up at the sender."},
			stepHub:         {"transit", "The shipment has been processed in the parcel centre of origin."},
			stepCustoms:     {"failure", "Customs clearance is waiting for documents."},
			stepDepot:       {"transit", "The shipment has arrived at the delivery base."},
			stepDelay:       {"transit", "Transport is taking longer than planned."},
			stepDamaged:     {"failure", "The shipment was damaged and is being repacked."},
			stepLost:        {"failure", "The shipment could not be located; an inquiry was opened."},
			stepOut:         {"transit", "The shipment has been loaded onto the delivery vehicle."},
			stepAttempt:     {"failure", "The recipient was not present."},
			stepRefused:     {"failure", "The recipient refused the shipment."},
			stepPickupPoint: {"transit", "The shipment is ready for collection at the retail outlet."},
			stepDelivered:   {"delivered", "The shipment has been successfully delivered."},
			stepReturning:   {"transit", "The shipment is on its way back to the sender."},
			stepReturned:    {"delivered", "The shipment was handed back to the sender."},
			stepCancelled:   {"unknown", "The order was cancelled by the sender."},
		},
		ups: {
			stepLabel:       {"003", "Shipper created a label, UPS has not received the package yet."},
			stepPickedUp:    {"038", "Pickup Scan"},
			stepHub:         {"005", "Departed from Facility"},
			stepCustoms:     {"058", "Held in Customs, documents are missing."},
			stepDepot:       {"005", "Arrived at Facility"},
			stepDelay:       {"048", "The package is delayed on its way."},
			stepDamaged:     {"057", "The package was damaged and is under inspection."},
			stepLost:        {"046", "The package cannot be found, an investigation is under way."},
			stepOut:         {"021", "Out For Delivery Today"},
			stepAttempt:     {"022", "The receiver was not available."},
			stepRefused:     {"024", "The receiver did not want the product and refused it."},
			stepPickupPoint: {"040", "Delivered to a UPS Access Point for collection."},
			stepDelivered:   {"011", "DELIVERED"},
			stepReturning:   {"035", "Returning to Sender"},
			stepReturned:    {"034", "Returned to Sender"},
			stepCancelled:   {"007", "Shipment Voided"},
		},
		fedex: {
			stepLabel:       {"OC", "Shipment information sent to FedEx"},
			stepPickedUp:    {"PU", "Picked up"},
			stepHub:         {"DP", "Departed FedEx location"},
			stepCustoms:     {"SE", "Clearance delay"},
			stepDepot:       {"AR", "At local FedEx facility"},
			stepDelay:       {"DY", "Delay"},
			stepDamaged:     {"SE", "Damaged, handling per shipper instructions"},
			stepLost:        {"SE", "Unable to locate, trace initiated"},
			stepOut:         {"OD", "On FedEx vehicle for delivery"},
			stepAttempt:     {"DE", "Customer not available or business closed"},
			stepRefused:     {"DE", "Refused by recipient"},
			stepPickupPoint: {"HL", "Ready for recipient pickup"},
			stepDelivered:   {"DL", "Delivered"},
			stepReturning:   {"RS", "Returning package to shipper"},
			stepReturned:    {"DL", "Delivered to shipper"},
			stepCancelled:   {"CA", "Shipment cancelled by sender"},
		},
		laposte: {
			stepLabel:       {"DR1", "Votre colis est annoncé par l'expéditeur."},
			stepPickedUp:    {"PC1", "Votre colis a été pris en charge."},
			stepHub:         {"ET1", "Votre colis est en cours d'acheminement."},
			stepCustoms:     {"DO3", "Votre colis est retenu par la douane."},
			stepDepot:       {"ET2", "Votre colis est arrivé sur son site de distribution."},
			stepDelay:       {"ET3", "L'acheminement de votre colis prend du retard."},
			stepDamaged:     {"PB1", "Votre colis a été endommagé et fait l'objet d'un contrôle."},
			stepLost:        {"PB1", "Votre colis est introuvable, une enquête est ouverte."},
			stepOut:         {"MD2", "Votre colis est en cours de livraison."},
			stepAttempt:     {"ND1", "Le destinataire était absent lors de la livraison."},
			stepRefused:     {"ND1", "Le destinataire a refusé le colis."},
			stepPickupPoint: {"AG1", "Votre colis vous attend dans votre point de retrait."},
			stepDelivered:   {"DI1", "Votre colis a été livré."},
			stepReturning:   {"RE1", "Votre colis est retourné à l'expéditeur."},
			stepReturned:    {"DI2", "Votre colis a été distribué à l'expéditeur."},
			stepCancelled:   {"DR1", "L'envoi a été annulé par l'expéditeur."},
		},
	}
}
