package site

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/gen/openapi"
	"github.com/kakaorpc/kakaorpc/internal/kakao"
	"github.com/kakaorpc/kakaorpc/internal/service"
)

// TestEveryTextIsThere in both languages, and none that no page says: a page
// with a gap looks finished to whoever reads the other language.
func TestEveryTextIsThere(t *testing.T) {
	used := map[string]bool{}
	pages, err := fs.Glob(files, "assets/*.html")
	if err != nil || len(pages) == 0 {
		t.Fatal(err)
	}
	for _, name := range pages {
		page, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(`\{\{t "(\w+)"\}\}`).FindAllStringSubmatch(string(page), -1) {
			used[match[1]] = true
			if _, known := texts[match[1]]; !known {
				t.Errorf("%s: there is no text %q", name, match[1])
			}
		}
	}
	for key, both := range texts {
		if !used[key] {
			t.Errorf("no page says %q", key)
		}
		for i, text := range both {
			if strings.TrimSpace(text) == "" {
				t.Errorf("%q says nothing in %s", key, languages[i])
			}
		}
	}
}

// TestEveryValueHasALabel: a new product or credential would stand on the page
// by its bare name.
func TestEveryValueHasALabel(t *testing.T) {
	client, err := kakao.New(kakao.Config{Overrides: service.Overrides()}, service.Descriptors()...)
	if err != nil {
		t.Fatal(err)
	}
	products, err := describe(client.Endpoints(), openapi.V2)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{"state": {
		string(kakao.StateUnknown), string(kakao.StateAnswering), string(kakao.StateFailing), string(kakao.StateLooking),
	}}
	for _, product := range products {
		want["product"] = append(want["product"], product.Name)
		for _, e := range product.Endpoints {
			want["auth"] = append(want["auth"], e.Auth)
		}
	}
	for kind, keys := range want {
		for _, key := range keys {
			if _, ok := labels[kind][key]; !ok {
				t.Errorf("no label for %s %q", kind, key)
			}
		}
	}
	if got := label("ko", "product", "new"); got != "new" {
		t.Errorf("an unknown product is called %q", got)
	}
}
