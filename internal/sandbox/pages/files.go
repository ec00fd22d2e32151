package pages

import "time"

// FilesPage shows the customer files of channels.
type FilesPage struct{ Channels []Channel }

// Channel is a Kakao Talk Channel.
type Channel struct {
	PublicID, SearchID string
	Connected, Banned  bool
	Relations          []Relation
	Files              []File
	Slots              int // how many files there can be
}

// Relation is what a person has done about a channel.
type Relation struct {
	Face
	Status string // ADDED or BLOCKED
}

// File is a customer file.
type File struct {
	ID         int64
	Name       string
	Updated    time.Time // in Korea
	Attributes []Pair    // name and type
	Customers  []Customer
}

// Customer is a row of a file.
type Customer struct {
	Kind   string // app or phone
	ID     string
	Person Face     // empty if nobody has this ID
	Values []string // in the order of the attributes
}

func (FilesPage) template() string { return "files" }
