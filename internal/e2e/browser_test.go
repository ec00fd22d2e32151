package e2e

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// browser is a person at the sandbox's login pages: it keeps cookies, reads
// forms and presses buttons, and stops where a redirect leaves the sandbox.
type browser struct {
	client *http.Client
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{&http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// page is what the browser shows: a document, or the address that it is sent
// to.
type page struct {
	address  *url.URL
	status   int
	document *html.Node
	location *url.URL
}

func (b *browser) open(t *testing.T, address string) page {
	t.Helper()
	return b.do(t, http.MethodGet, address, nil)
}

func (b *browser) do(t *testing.T, method, address string, form url.Values) page {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	request, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := b.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	shown := page{address: request.URL, status: response.StatusCode}
	if shown.document, err = html.Parse(response.Body); err != nil {
		t.Fatal(err)
	}
	if location := response.Header.Get("Location"); location != "" {
		if shown.location, err = request.URL.Parse(location); err != nil {
			t.Fatal(err)
		}
	}
	return shown
}

// press submits the form that holds a button, with the form's fields as they
// stand.
func (b *browser) press(t *testing.T, on page, name, value string) page {
	t.Helper()
	for form := range on.document.Descendants() {
		if form.Data != "form" {
			continue
		}
		fields, found := formFields(form, name, value)
		if !found {
			continue
		}
		action, err := on.address.Parse(attribute(form, "action"))
		if err != nil {
			t.Fatal(err)
		}
		return b.do(t, strings.ToUpper(attribute(form, "method")), action.String(), fields)
	}
	t.Fatalf("the page at %s (HTTP %d) has no button %s=%s", on.address.Path, on.status, name, value)
	return page{}
}

// formFields are the values that a browser sends: hidden fields, ticked boxes
// and the one button.
func formFields(form *html.Node, name, value string) (url.Values, bool) {
	fields, found := url.Values{}, false
	for node := range form.Descendants() {
		switch kind := attribute(node, "type"); {
		case node.Data == "button":
			if attribute(node, "name") == name && attribute(node, "value") == value {
				fields.Set(name, value)
				found = true
			}
		case node.Data == "input" && (kind != "checkbox" || has(node, "checked")) && !has(node, "disabled"):
			fields.Add(attribute(node, "name"), attribute(node, "value"))
		}
	}
	return fields, found
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(node *html.Node, name string) bool {
	for _, a := range node.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}
