// Package inspector lets people and tests look into the sandbox and steer it: the
// pages of its own, drawn by the package pages, and the control paths below
// /__sandbox__/. Forms of pages go through the control paths, so that both refuse
// the same.
package inspector

import "github.com/kakaorpc/kakaorpc/internal/sandbox/platform"

// Inspector shows people and tests what the sandbox remembers, and lets them
// change it: by the control paths, and by pages of its own. It is safe for
// concurrent use.
type Inspector struct {
	Controls []platform.ControlRoute // the sandbox's own, then those of the products
	locked   func(func(*platform.State))
}

// New makes the inspector of the state that locked hands out, to one call at
// a time.
func New(products []platform.Product, locked func(func(*platform.State))) *Inspector {
	return &Inspector{Controls: controlsOf(products), locked: locked}
}
