package config

import "strings"

// Fault is one thing that is wrong with a configuration.
type Fault struct {
	// Where names the flag, variable or line that the fault is in.
	Where string `json:"where"`
	// What says what is wrong and what would be right.
	What string `json:"what"`

	// value is the key whose value is wrong; "": the fault is another, such as
	// a name that nothing is called.
	value name
}

// String is the fault as a line.
func (f Fault) String() string { return f.Where + ": " + f.What }

// Error is the configuration error: every fault that was found.
type Error struct {
	Faults []Fault
}

// Error lists the faults, one a line.
func (e *Error) Error() string {
	var text strings.Builder
	text.WriteString("the configuration is refused:")
	for _, fault := range e.Faults {
		text.WriteString("\n  " + fault.String())
	}
	return text.String()
}
