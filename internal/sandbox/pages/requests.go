package pages

import "time"

// RequestsPage is the history of calls, newest first.
type RequestsPage struct {
	Text     string // what the reader looks for
	Only     []Option
	Requests []Request
	Matching int // of the filter
	Total    int
	Newer    string // links, or empty
	Older    string
}

// Option is one of a choice in a form.
type Option struct {
	Value  string
	Chosen bool
}

// Request is a call and its answer, without secrets.
type Request struct {
	ID         int
	At         time.Time // in Korea
	Method     string
	Host       string // Kakao's, or the caller's where no route was found
	Path       string
	Status     int // 0: the connection ended without one
	Code       string
	Credential string // its kind
	Fault      string // the effect of a scripted fault, or empty
	Failed     bool

	Query, Form, Headers []Pair
	Body                 string // JSON, indented
	Bytes                int    // of the body
	AnswerHeaders        []Pair
	Answer               string
	AnswerNote           string // key of why there is no answer to show, or empty
}

func (RequestsPage) template() string { return "requests" }
