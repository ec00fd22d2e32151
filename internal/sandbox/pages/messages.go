package pages

import "time"

// MessagesPage shows the Kakao Talk messages sent, newest first.
type MessagesPage struct {
	People    []Choice
	Days      []MessageDay
	Templates []Template
	Domains   []string
}

// MessageDay are the messages of a day in Korea.
type MessageDay struct {
	Day      time.Time
	Messages []Message
}

// Message is a message in a chat room.
type Message struct {
	ID         int
	At         time.Time // in Korea
	From, To   Face
	ToSelf     bool
	Route      string // of Kakao
	Bubble     Bubble
	Facts      []Pair // template ID, arguments, scraped page
	ObjectJSON string // template_object, indented
}

// Bubble is what the receiver sees.
// https://developers.kakao.com/docs/latest/en/message-template/default
type Bubble struct {
	// Kind is feed, list, location, commerce, text, calendar, scrap or custom.
	Kind     string
	Heading  string // header of a list
	Text     string
	Contents []Content
	Place    *Place
	Items    *Items
	Price    *Price
	Social   []Count
	Buttons  []Button
}

// Content is a picture with a title and what it says.
type Content struct{ Image, Title, About, Link string }

// Place is the address of a location message.
type Place struct{ Title, Address string }

// Items is the list of amounts in a feed.
type Items struct {
	Profile, Title, Category string
	Rows                     []Pair
	Sum                      Pair // an empty name: none
}

// Price is that of a commerce message.
type Price struct {
	Product  string
	Regular  int64
	Final    int64 // equal to Regular without a discount
	Rate     int64 // per cent; 0: none or not told
	Unit     string
	UnitLeft bool // the unit stands before the number
}

// Count is a number of likes and the like.
type Count struct {
	Kind string // of its text: social.<kind>
	N    int64
}

// Button is a button below a message. Title is empty for the usual one.
type Button struct{ Title, Link string }

// Template is a custom template of the app.
type Template struct {
	ID                  int64
	Kind, Purpose, Text string
}

func (MessagesPage) template() string { return "messages" }
