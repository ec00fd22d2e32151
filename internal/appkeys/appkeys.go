// Package appkeys owns which of an app's keys signs a call. Kakao takes several
// keys of a kind for one app (https://developers.kakao.com/docs/latest/en/app-setting/app-key),
// so that keys can be replaced without a gap: an app may have a second admin
// key, and a key whose file was replaced stays at hand for a while. Every call
// is signed with the newest first key until Kakao refuses it as unknown; then
// the next one is used, until the keys change.
//
// It imports config, kakao and secret. No text of it holds a key.
package appkeys

import (
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
	"github.com/kakaorpc/kakaorpc/internal/secret"
)

// Overlap is how long a replaced key stays at hand. A key that was taken back
// at Kakao for a reason must not come up again for long.
const Overlap = 15 * time.Minute

// Ring holds the keys of all apps. It is safe for concurrent use.
type Ring struct {
	logger *slog.Logger
	now    func() time.Time

	mutex sync.RWMutex // guards the rest
	apps  map[string]*app
}

// app is one app and what was refused of it.
type app struct {
	keys     config.App
	previous config.App // the keys before the last change
	until    time.Time  // when previous is forgotten
	// refused are the keys that Kakao did not know, in this order; the last of
	// them is the worst to use.
	refused []secret.Value
}

// New makes a ring of the configured apps. now is the clock; nil: time.Now.
func New(apps map[string]config.App, logger *slog.Logger, now func() time.Time) *Ring {
	r := &Ring{logger: logger, now: now, apps: map[string]*app{}}
	if r.now == nil {
		r.now = time.Now
	}
	for name, keys := range apps {
		r.apps[name] = &app{keys: keys}
	}
	return r
}

// Replace takes the keys that the files hold now.
func (r *Ring) Replace(apps map[string]config.App) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for name, keys := range apps {
		if a := r.apps[name]; a == nil || a.keys != keys {
			next := &app{keys: keys}
			if a != nil {
				next.previous, next.until = a.keys, r.now().Add(Overlap)
			}
			r.apps[name] = next
		}
	}
}

// App returns the keys to use for an app; the empty name is the default app.
func (r *Ring) App(name string) (kakao.App, bool) {
	if name == "" {
		name = config.DefaultApp
	}
	r.mutex.RLock()
	defer r.mutex.RUnlock()
	a, ok := r.apps[name]
	if !ok {
		return kakao.App{}, false
	}
	chosen := kakao.App{AdminKey: a.best(a.adminKeys(r.now())), RESTAPIKey: a.best(a.restKeys(r.now())), ClientSecret: a.keys.ClientSecret}
	if chosen.RESTAPIKey != a.keys.RESTAPIKey {
		// The secret belongs to its key.
		chosen.ClientSecret = a.previous.ClientSecret
	}
	return chosen, true
}

// Refused is told that Kakao does not know a key of an app. It reports whether
// another is to be used from now on.
func (r *Ring) Refused(name string, key secret.Value) bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	a, ok := r.apps[name]
	if !ok {
		return false
	}
	for kind, keys := range map[string][]secret.Value{"admin_key": a.adminKeys(r.now()), "rest_api_key": a.restKeys(r.now())} {
		if !slices.Contains(keys, key) {
			continue
		}
		if a.best(keys) == key { // else another call has said so already
			a.refused = append(slices.DeleteFunc(a.refused, func(known secret.Value) bool { return known == key }), key)
			r.logger.Warn("Kakao does not know a key of an app", "app", name, "key", kind, "others", len(keys)-1)
		}
		return a.best(keys) != key
	}
	// It is gone from the ring, replaced while the call was under way.
	return true
}

// adminKeys are the admin keys at hand, the one to be used first before others.
func (a *app) adminKeys(now time.Time) []secret.Value {
	keys := []secret.Value{a.keys.AdminKey, a.keys.AdminKey2}
	if now.Before(a.until) {
		keys = append(keys, a.previous.AdminKey, a.previous.AdminKey2)
	}
	return distinct(keys)
}

func (a *app) restKeys(now time.Time) []secret.Value {
	keys := []secret.Value{a.keys.RESTAPIKey}
	if now.Before(a.until) {
		keys = append(keys, a.previous.RESTAPIKey)
	}
	return distinct(keys)
}

// distinct drops what is empty or there twice.
func distinct(keys []secret.Value) []secret.Value {
	var kept []secret.Value
	for _, key := range keys {
		if !key.IsZero() && !slices.Contains(kept, key) {
			kept = append(kept, key)
		}
	}
	return kept
}

// best is the first key that was not refused, or, where all were, the one whose
// refusal is the longest ago.
func (a *app) best(keys []secret.Value) secret.Value {
	var best secret.Value
	least := len(a.refused) + 1
	for _, key := range keys {
		if at := slices.Index(a.refused, key) + 1; at < least {
			best, least = key, at
		}
	}
	return best
}
