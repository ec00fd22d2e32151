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

// maxFormer bounds the versions of an app's keys that are at hand beside the
// newest, whatever happens to the files.
const maxFormer = 8

// Ring holds the keys of all apps. It is safe for concurrent use.
type Ring struct {
	logger *slog.Logger
	now    func() time.Time

	mutex sync.RWMutex // guards the rest
	apps  map[string]*app
}

// app is one app and what was refused of it.
type app struct {
	keys config.App
	// former are the keys before the last changes, the newest first. There may
	// be several: the files of one app change one by one.
	former []former
	// refused are the keys that Kakao did not know, in this order; the last of
	// them is the worst to use.
	refused []secret.Value
}

// former is a version of the keys that was replaced.
type former struct {
	keys  config.App
	until time.Time // when it is forgotten
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
				next.former = append([]former{{a.keys, r.now().Add(Overlap)}}, a.former[:min(len(a.former), maxFormer-1)]...)
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
	chosen := kakao.App{AdminKey: a.best(a.adminKeys(r.now())), RESTAPIKey: a.best(a.restKeys(r.now()))}
	for _, keys := range a.versions(r.now()) {
		if keys.RESTAPIKey == chosen.RESTAPIKey { // the secret belongs to its key
			chosen.ClientSecret = keys.ClientSecret
			break
		}
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

// versions are the keys at hand, the newest first.
func (a *app) versions(now time.Time) []config.App {
	versions := []config.App{a.keys}
	for _, f := range a.former {
		if now.Before(f.until) {
			versions = append(versions, f.keys)
		}
	}
	return versions
}

// adminKeys are the admin keys at hand, the one to be used first before others.
func (a *app) adminKeys(now time.Time) []secret.Value {
	var keys []secret.Value
	for _, version := range a.versions(now) {
		keys = append(keys, version.AdminKey, version.AdminKey2)
	}
	return distinct(keys)
}

func (a *app) restKeys(now time.Time) []secret.Value {
	var keys []secret.Value
	for _, version := range a.versions(now) {
		keys = append(keys, version.RESTAPIKey)
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
