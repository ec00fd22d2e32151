package pages

// CallbackPage stands in place of an app: it shows what a sign-in brings back.
type CallbackPage struct {
	Parameters []Pair // of the redirect
	// Exchange is the command that makes tokens of the code; empty if there is
	// none, because the person has refused.
	Exchange string
}

func (CallbackPage) template() string { return "callback" }
