package sandbox

import (
	"cmp"
	"slices"
	"time"
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
func getShippingAddresses(r *request) (any, *kakaoError) {
	addresses := slices.Clone(r.user.addresses)
	slices.SortFunc(addresses, func(a, b address) int {
		if a.isDefault != b.isDefault {
			return cmp.Compare(rank(a), rank(b))
		}
		return b.updatedAt.Compare(a.updatedAt)
	})
	if id := r.int64("address_id", 0); id != 0 {
		addresses = slices.DeleteFunc(addresses, func(a address) bool { return a.id != id })
	}
	if from := r.int64("from_updated_at", 0); from > 0 {
		before := time.Unix(from, 0)
		addresses = slices.DeleteFunc(addresses, func(a address) bool { return a.isDefault || !a.updatedAt.Before(before) })
	}
	size := int(r.int64("page_size", defaultAddressPage))
	shown := []map[string]any{}
	for _, a := range addresses[:min(size, len(addresses))] {
		shown = append(shown, showAddress(a))
	}
	return map[string]any{
		"user_id": r.user.id, "shipping_addresses_needs_agreement": false, "shipping_addresses": shown,
	}, nil
}

// rank puts the default address first.
func rank(a address) int {
	if a.isDefault {
		return 0
	}
	return 1
}

// showAddress is an address on the wire. A second phone number that is not
// there is an empty text; other missing texts are left out.
func showAddress(a address) map[string]any {
	shown := map[string]any{
		"id": a.id, "is_default": a.isDefault, "updated_at": a.updatedAt.Unix(), "receiver_phone_number2": a.phone2,
	}
	for name, text := range map[string]string{
		"name": a.name, "type": a.kind, "base_address": a.base, "detail_address": a.detail, "receiver_name": a.receiver,
		"receiver_phone_number1": a.phone, "zone_number": a.zone, "zip_code": a.zip,
	} {
		if text != "" {
			shown[name] = text
		}
	}
	return shown
}
