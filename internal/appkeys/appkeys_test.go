package appkeys_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/appkeys"
	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/secret"
)

// key makes a test key that is recognised by its last character.
func key(name string) secret.Value {
	if name == "" {
		return secret.Value{}
	}
	return secret.New("7e577e57ffff000" + name)
}

// use says which keys sign calls now.
func use(t *testing.T, r *appkeys.Ring, app string) string {
	t.Helper()
	a, ok := r.App(app)
	if !ok {
		return "(none)"
	}
	var names []string
	for _, k := range []secret.Value{a.AdminKey, a.RESTAPIKey, a.ClientSecret} {
		names = append(names, strings.TrimPrefix(k.Reveal(), "7e577e57ffff000"))
	}
	return strings.Join(names, " ")
}

func TestTheNextKeyIsUsedWhenKakaoDoesNotKnowOne(t *testing.T) {
	var log bytes.Buffer
	now := time.Now()
	r := appkeys.New(map[string]config.App{
		"default": {AdminKey: key("a"), AdminKey2: key("b"), RESTAPIKey: key("r"), ClientSecret: key("s")},
		"single":  {AdminKey: key("c")},
	}, slog.New(slog.NewTextHandler(&log, nil)), func() time.Time { return now })

	step := func(title, app, want string) {
		t.Helper()
		if got := use(t, r, app); got != want {
			t.Errorf("%s: keys in use %q, want %q", title, got, want)
		}
	}
	refused := func(title, app, name string, want bool) {
		t.Helper()
		if got := r.Refused(app, key(name)); got != want {
			t.Errorf("%s: another key: %t, want %t", title, got, want)
		}
	}
	step("at first", "", "a r s")
	refused("the first", "default", "a", true)
	step("then the second", "default", "b r s")
	refused("a late word on the first", "default", "a", true)
	step("which changes nothing", "default", "b r s")
	refused("the second as well", "default", "b", true)
	step("then the first again", "default", "a r s")
	refused("the only REST key", "default", "r", false)
	refused("the only admin key", "single", "c", false)
	step("which is still used", "single", "c  ")
	step("an app that is not", "none", "(none)")
	refused("an app that is not", "none", "a", false)

	r.Replace(map[string]config.App{
		"default": {AdminKey: key("d"), RESTAPIKey: key("q"), ClientSecret: key("z")},
		"single":  {AdminKey: key("c")},
	})
	step("new files", "default", "d q z")
	refused("a key that is gone is known to be replaced", "default", "x", true)
	refused("the new REST key is not known yet", "default", "q", true)
	step("the old one with its secret", "default", "d r s")
	refused("the new admin key is not known yet", "default", "d", true)
	step("the old one", "default", "a r s")
	now = now.Add(appkeys.Overlap)
	step("after the overlap", "default", "d q z")
	refused("and nothing else is at hand", "default", "d", false)

	if strings.Contains(log.String(), "7e577e57") || !strings.Contains(log.String(), "key=admin_key") {
		t.Errorf("log: %s", log.String())
	}
}

// TestFilesThatChangeOneByOneKeepTheirOverlap: a file that changes does not
// take the overlap of another, and each key has its own.
func TestFilesThatChangeOneByOneKeepTheirOverlap(t *testing.T) {
	now := time.Now()
	keys := config.App{AdminKey: key("a"), RESTAPIKey: key("r"), ClientSecret: key("s")}
	r := appkeys.New(map[string]config.App{"default": keys}, slog.New(slog.DiscardHandler), func() time.Time { return now })
	change := func(edit func(*config.App)) {
		now = now.Add(time.Minute)
		edit(&keys)
		r.Replace(map[string]config.App{"default": keys})
	}
	change(func(k *config.App) { k.AdminKey = key("b") })
	change(func(k *config.App) { k.RESTAPIKey = key("q") })
	change(func(k *config.App) { k.ClientSecret = key("z") })
	if got := use(t, r, ""); got != "b q z" {
		t.Errorf("at first: keys in use %q", got)
	}
	if !r.Refused("default", key("b")) || !r.Refused("default", key("q")) {
		t.Error("no other key is at hand")
	}
	if got := use(t, r, ""); got != "a r s" {
		t.Errorf("Kakao does not know the new keys yet: keys in use %q", got)
	}
	now = now.Add(appkeys.Overlap - 2*time.Minute)
	if got := use(t, r, ""); got != "b r s" {
		t.Errorf("the overlap of the admin key has ended: keys in use %q", got)
	}
	now = now.Add(time.Minute)
	if got := use(t, r, ""); got != "b q z" {
		t.Errorf("all overlaps have ended: keys in use %q", got)
	}
}
