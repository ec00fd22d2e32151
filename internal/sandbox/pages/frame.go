package pages

// Theme is the choice of colours.
type Theme string

// The themes. With Automatic the browser decides.
const (
	Automatic Theme = ""
	Light     Theme = "light"
	Dark      Theme = "dark"
)

// ThemeOf reads a theme; what is none is Automatic.
func ThemeOf(text string) Theme {
	switch t := Theme(text); t {
	case Light, Dark:
		return t
	}
	return Automatic
}

// Face is a person as the pages draw one.
type Face struct{ Name, Nickname string }

// Choice is one of several links of which one is current: a person, a filter.
type Choice struct {
	Label   string // as it is shown
	Link    string
	Count   int
	Current bool
}

// Pair is a name and a value.
type Pair struct{ Name, Value string }
