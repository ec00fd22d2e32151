// Package platform is what the products of Kakao have in common in the sandbox:
// the app with its keys and switches, the people and their consents, codes and
// tokens, and the way of a call. A call has a Route, which is a row of a product's
// table; Perform lets the checks of the route's Family (its host) pass in their
// order, the Handler do the work, and encodes what comes of it. Faults are scripts
// that spoil answers, Calls the history, and ControlRoutes the paths by which
// tests steer all that.
package platform

import "reflect"

// Product is one product of Kakao as the sandbox plays it: what it answers,
// what it remembers, and how tests look into it.
type Product struct {
	Routes   []Route
	Controls []ControlRoute
	// Seed makes the product's part of a fresh state: a pointer to a type of the
	// product's own, by which PartOf finds it. The people are there already, and
	// the parts of the products before it. nil: nothing to remember.
	Seed func(*State) any
}

// PartOf is the part of the state that is a product's own, by its type; nil if no
// product of this sandbox has it.
func PartOf[T any](s *State) *T {
	found, _ := s.parts[reflect.TypeFor[T]()].(*T)
	return found
}
