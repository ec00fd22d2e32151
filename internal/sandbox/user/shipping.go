package user

import (
	"cmp"
	"slices"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

const (
	defaultAddressPage = 10
	// maxAddressPage is the sandbox's own bound; Kakao documents none.
	maxAddressPage = 1000
)

// getShippingAddresses is GET /v1/user/shipping_address: the default address
// first, then the newest. Later pages ask for addresses updated before a time,
// and leave the default one out.
// https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#shipping-address
func getShippingAddresses(r *platform.Request) (any, *platform.Failure) {
	addresses := slices.Clone(r.User.Addresses)
	slices.SortFunc(addresses, func(a, b platform.Address) int {
		if a.IsDefault != b.IsDefault {
			return cmp.Compare(rank(a), rank(b))
		}
		return b.UpdatedAt.Compare(a.UpdatedAt)
	})
	if id := r.Int64("address_id", 0); id != 0 {
		addresses = slices.DeleteFunc(addresses, func(a platform.Address) bool { return a.ID != id })
	}
	if from := r.Int64("from_updated_at", 0); from > 0 {
		before := time.Unix(from, 0)
		addresses = slices.DeleteFunc(addresses, func(a platform.Address) bool { return a.IsDefault || !a.UpdatedAt.Before(before) })
	}
	size := int(r.Int64("page_size", defaultAddressPage))
	shown := []map[string]any{}
	for _, a := range addresses[:min(size, len(addresses))] {
		shown = append(shown, showAddress(a))
	}
	return map[string]any{
		"user_id": r.User.ID, "shipping_addresses_needs_agreement": false, "shipping_addresses": shown,
	}, nil
}

// rank puts the default address first.
func rank(a platform.Address) int {
	if a.IsDefault {
		return 0
	}
	return 1
}

// showAddress is an address on the wire. A second phone number that is not
// there is an empty text; other missing texts are left out.
func showAddress(a platform.Address) map[string]any {
	shown := map[string]any{
		"id": a.ID, "is_default": a.IsDefault, "updated_at": a.UpdatedAt.Unix(), "receiver_phone_number2": a.Phone2,
	}
	for name, text := range map[string]string{
		"name": a.Name, "type": a.Kind, "base_address": a.Base, "detail_address": a.Detail, "receiver_name": a.Receiver,
		"receiver_phone_number1": a.Phone, "zone_number": a.Zone, "zip_code": a.Zip,
	} {
		if text != "" {
			shown[name] = text
		}
	}
	return shown
}
