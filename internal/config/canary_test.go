package config

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/kakaorpc/kakaorpc/internal/secret"
)

// canary is a secret that strays into every field.
const canary = "7e577e57aaaacacacacacacacacaca01"

// TestNoFieldRepeatsASecretThatStrayedIntoIt puts a key where any other thing
// belongs, from every source; neither the refusal nor what is shown of a
// configuration that takes it holds it.
func TestNoFieldRepeatsASecretThatStrayedIntoIt(t *testing.T) {
	names := []name{configKey}
	for _, k := range append(staticKeys(), keysOfApp("shop")...) {
		names = append(names, k.name)
	}
	refused, taken := 0, 0
	for _, n := range names {
		file := "z.yaml"
		inFile := map[string]string{file: string(n) + ": " + canary + "\n"}
		for source, load := range map[string]func() (*Config, error){
			"flag":           func() (*Config, error) { return load(t, nil, nil, "--"+string(n)+"="+canary) },
			"flag and value": func() (*Config, error) { return load(t, nil, nil, "--"+string(n), canary) },
			"name of a flag": func() (*Config, error) { return load(t, nil, nil, "--"+string(n)+":"+canary) },
			"environment":    func() (*Config, error) { return load(t, nil, []string{n.variable() + "=" + canary}) },
			"file":           func() (*Config, error) { return load(t, inFile, nil, "--config="+file) },
			"list in a file": func() (*Config, error) {
				return load(t, map[string]string{file: string(n) + ": [" + canary + "]\n"}, nil, "--config="+file)
			},
			"broken file": func() (*Config, error) {
				return load(t, map[string]string{file: string(n) + ": '" + canary + "\n"}, nil, "--config="+file)
			},
		} {
			c, err := load()
			if err != nil {
				refused++
				mustNotHold(t, fmt.Sprintf("%v %+v %#v", err, err, err), canary)
				var asOurs *Error
				if !errors.As(err, &asOurs) {
					t.Errorf("%s from %s: %v", n, source, err)
				}
				continue
			}
			taken++
			mustNotHold(t, said(c), canary)
		}
	}
	t.Logf("strayed secrets: %d fields, %d refused, %d taken as the secrets they are, none repeated", len(names), refused, taken)
}

// said is a value in every notation that a log line or a message could use.
func said(value any) string {
	var text bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		fmt.Fprintf(&text, verb+"\n", value)
	}
	if encoded, err := json.Marshal(value); err == nil {
		text.Write(encoded)
	}
	if encoded, err := yaml.Marshal(value); err == nil {
		text.Write(encoded)
	}
	slog.New(slog.NewJSONHandler(&text, nil)).Info("json", "value", value)
	slog.New(slog.NewTextHandler(&text, nil)).Info("text", "value", value)
	all := text.String()
	return all + strings.ToLower(all)
}

// TestNoConfigTypePrintsASecret fills every secret of every type that Config is
// made of, and prints each type by itself, its address, and inside of others.
func TestNoConfigTypePrintsASecret(t *testing.T) {
	c := empty()
	c.Apps["shop"] = App{}
	secrets := 0
	values := map[string]any{}
	var fill func(path string, v reflect.Value)
	fill = func(path string, v reflect.Value) {
		switch {
		case v.Type() == reflect.TypeFor[secret.Value]():
			secrets++
			v.Set(reflect.ValueOf(secret.New(canary)))
		case v.Kind() == reflect.Struct && v.Type().PkgPath() == reflect.TypeFor[Config]().PkgPath():
			for i := range v.NumField() {
				fill(path+"."+v.Type().Field(i).Name, v.Field(i))
			}
		case v.Kind() == reflect.Map:
			for _, key := range v.MapKeys() {
				element := reflect.New(v.Type().Elem()).Elem()
				element.Set(v.MapIndex(key))
				fill(path+"."+fmt.Sprint(key), element)
				v.SetMapIndex(key, element)
			}
		}
		values[path] = v.Interface()
		if v.CanAddr() {
			values["&"+path] = v.Addr().Interface()
		}
	}
	fill("Config", reflect.ValueOf(c).Elem())
	if secrets != len(appFields) {
		t.Fatalf("%d secrets were filled in, want %d", secrets, len(appFields))
	}
	for path, value := range values {
		text := said(value)
		for _, form := range []string{canary, hex.EncodeToString([]byte(canary)), canary[8:24]} {
			if strings.Contains(text, form) {
				t.Errorf("%s shows a secret:\n%.300s", path, text)
			}
		}
	}
	if !strings.Contains(said(c.Apps["shop"]), secret.Redacted) {
		t.Error("nothing says that there is a secret")
	}
	t.Logf("config types: %d values in 8 verbs, JSON, YAML and slog: no secret of %d shows", len(values), secrets)
}
