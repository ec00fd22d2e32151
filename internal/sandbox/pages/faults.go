package pages

import "time"

// FaultsPage arms faults, moves the clock and resets the sandbox.
type FaultsPage struct {
	Address string    // of the sandbox, for the lines to paste
	Now     time.Time // in Korea
	UTC     string
	// Advanced is how far ahead of the true time the clock is; empty: not.
	Advanced string
	Hosts    []RouteGroup
	Armed    []Fault
	// Form holds what was sent, to be corrected; nil at first.
	Form  map[string]string
	Error string // why the last form was refused, or empty
	Done  string // key of what was done: done.<key>, or empty
}

// RouteGroup are the routes of a host, for a selection.
type RouteGroup struct {
	Host   string
	Routes []string
}

// Fault is an armed one.
type Fault struct {
	ID     int
	Route  string
	Effect string
	Fired  int
	Left   int // -1: until cleared
	JSON   string
}

// Value is what a field of the forms holds: what was sent, else a usual value.
func (p FaultsPage) Value(field, usual string) string {
	if sent, ok := p.Form[field]; ok {
		return sent
	}
	return usual
}

// Effects are the kinds of fault in the order of the form, with their fields.
func (FaultsPage) Effects() []Effect { return effects }

// Effect is a kind of fault.
type Effect struct {
	// Name is the member of the fault that asks for the effect; its text is
	// effect.<name>.
	Name   string
	Fields []Field
	// Performs says that the call may take effect before its answer is spoiled.
	Performs bool
}

// Field is a field of an effect.
type Field struct {
	// Name is the path of the member, such as kakao_error.code; its text is
	// field.<name>.
	Name  string
	Usual string
	Long  bool // of several lines
	// Number fields hold a number.
	Number bool
	// Own fields may stay empty: then the code has a value of its own.
	Own bool
}

var effects = []Effect{
	{Name: "kakao_error", Performs: true, Fields: []Field{
		{Name: "kakao_error.code", Usual: "-401"}, {Name: "kakao_error.http_status", Number: true, Own: true}, {Name: "kakao_error.message", Own: true},
	}},
	{Name: "throttle", Fields: []Field{{Name: "throttle.retry_after_seconds", Usual: "0", Number: true}}},
	{Name: "http", Performs: true, Fields: []Field{
		{Name: "http.status", Usual: "503", Number: true}, {Name: "http.body", Usual: "<html><h1>503</h1></html>", Long: true},
	}},
	{Name: "delay_before_headers_ms", Fields: []Field{{Name: "delay_before_headers_ms", Usual: "5000", Number: true}}},
	{Name: "delay_mid_body_ms", Fields: []Field{{Name: "delay_mid_body_ms", Usual: "5000", Number: true}}},
	{Name: "reset", Performs: true},
	{Name: "truncate"},
	{Name: "huge_body_bytes", Fields: []Field{{Name: "huge_body_bytes", Usual: "10000000", Number: true}}},
}

func (FaultsPage) template() string { return "faults" }
