package service

import (
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// QueryOf is the question about a shipment, with all that tells it apart from others under the same number. The ship date is that of the place
// it goes to, or of UTC where the place's zone is not known; tracking.Choose allows for the day's difference.
func QueryOf(followed *domain.Followed) Query {
	number := tracking.Number{
		Number: followed.TrackingNumber, UniqueID: text(followed.UniqueID), PostalCode: text(followed.PostalCode), Service: text(followed.Service),
	}
	if followed.ShippedAt != nil {
		day := domain.DateOf(followed.ShippedAt.In(zoneOf(followed.TimeZone)))
		number.ShipDate = &day
	}
	return Query{Carrier: followed.Carrier, Number: number, Shipment: followed.ID()}
}

// zoneOf is the zone of a name, UTC where there is none of it.
func zoneOf(name *string) *time.Location {
	zone, err := time.LoadLocation(text(name))
	if err != nil {
		return time.UTC
	}
	return zone
}

func text(optional *string) string {
	if optional == nil {
		return ""
	}
	return *optional
}
