package pages

import "time"

// PushPage shows push notifications and the devices that get them.
type PushPage struct {
	Notifications []Notification // newest first
	Devices       []Device
}

// Notification is one that reached a device.
type Notification struct {
	ID       int
	At       time.Time // in Korea
	Provider string    // apns or fcm
	Bypass   bool      // sent to a token, not to a registered device
	Person   Face      // empty if the user number is nobody's here
	User     string    // the service's own number of the user
	Device   string
	Title    string
	Text     string
	JSON     string // all of it, indented
}

// Device is a registered device, without its token.
type Device struct {
	Person             Face
	User, ID, Provider string
	Updated            time.Time // in Korea
}

func (PushPage) template() string { return "push" }
