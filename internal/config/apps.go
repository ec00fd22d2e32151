package config

import (
	"regexp"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/secret"
)

// appPattern is what an app may be called: it must fit an environment
// variable, a header and a log line unchanged.
var appPattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// fileSuffix marks the key that names a file instead of holding the value.
const fileSuffix = "_file"

// appField is one key of an app.
type appField struct {
	name    string
	doc     string
	without string // what an app cannot do for want of it; "": nothing
	of      func(*App) (*secret.Value, *string)
}

var appFields = []appField{
	{
		name: "rest_api_key", doc: "REST API key",
		without: "sign-in, local and search are refused",
		of:      func(a *App) (*secret.Value, *string) { return &a.RESTAPIKey, &a.RESTAPIKeyFile },
	},
	{
		name: "admin_key", doc: "admin key",
		without: "calls without a user token are refused where Kakao wants the admin key",
		of:      func(a *App) (*secret.Value, *string) { return &a.AdminKey, &a.AdminKeyFile },
	},
	{
		name: "admin_key_2", doc: "second admin key",
		of: func(a *App) (*secret.Value, *string) { return &a.AdminKey2, &a.AdminKey2File },
	},
	{
		name: "client_secret", doc: "client secret",
		without: "token requests go without it",
		of:      func(a *App) (*secret.Value, *string) { return &a.ClientSecret, &a.ClientSecretFile },
	},
}

func appKey(app, field string) name { return name("apps." + app + "." + field) }

// keysOfApp are the keys of one app: each field, and the file for each.
func keysOfApp(app string) []key {
	var keys []key
	for _, field := range appFields {
		keys = append(keys,
			key{
				name: appKey(app, field.name), doc: field.doc + " of app " + app, want: secretKind.want, look: secretKind.look, secret: true,
				set: func(c *Config, text string) error {
					value, err := secretKind.parse(text)
					if err == nil {
						c.editApp(app, func(a *App) { v, _ := field.of(a); *v = value })
					}
					return err
				},
				show: func(c *Config) string { a := c.Apps[app]; v, _ := field.of(&a); return v.String() },
			},
			key{
				name: appKey(app, field.name+fileSuffix), doc: "file that holds the " + field.doc + " of app " + app, want: pathKind.want, look: pathKind.look, watched: true,
				set: func(c *Config, text string) error {
					path, err := pathKind.parse(text)
					if err == nil {
						c.editApp(app, func(a *App) { _, p := field.of(a); *p = path })
					}
					return err
				},
				show: func(c *Config) string { a := c.Apps[app]; _, p := field.of(&a); return *p },
			})
	}
	return keys
}

func (c *Config) editApp(app string, edit func(*App)) {
	a := c.Apps[app]
	edit(&a)
	c.Apps[app] = a
}

// appOfVariable splits what follows KAKAORPC_ in the name of a variable for an
// app: APPS_TEAM_A_ADMIN_KEY_FILE is admin_key_file of team-a.
func appOfVariable(rest string) (app string, ok bool) {
	middle, ok := strings.CutPrefix(rest, "APPS_")
	if !ok || middle != strings.ToUpper(middle) {
		return "", false
	}
	middle = strings.TrimSuffix(middle, strings.ToUpper(fileSuffix))
	for _, field := range appFields {
		if app, found := strings.CutSuffix(middle, "_"+strings.ToUpper(field.name)); found {
			app = strings.ReplaceAll(strings.ToLower(app), "_", "-")
			return app, appPattern.MatchString(app)
		}
	}
	return "", false
}

// appOfName splits apps.<app>.<field>.
func appOfName(n name) (app string, ok bool) {
	rest, ok := strings.CutPrefix(string(n), "apps.")
	if !ok {
		return "", false
	}
	app, _, ok = strings.Cut(rest, ".")
	return app, ok && appPattern.MatchString(app)
}
