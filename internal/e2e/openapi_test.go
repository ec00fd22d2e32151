package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/kakaorpc/kakaorpc/gen/openapi"
	"github.com/kakaorpc/kakaorpc/internal/service"
)

// recordExchanges is for make generate: the file that tools/openapi takes the
// examples of the OpenAPI documents from.
var recordExchanges = flag.String("exchanges", "", "write what went over the JSON facade to this file, and compare it with nothing")

// exchange is one call as a client of the JSON facade sees it.
type exchange struct {
	RPC        string              `json:"rpc"`
	Parameters map[string][]string `json:"parameters"` // of path and query
	Body       json.RawMessage     `json:"body,omitempty"`
	Status     int                 `json:"status"`
	Answer     json.RawMessage     `json:"answer"`
	Reason     string              `json:"reason,omitempty"` // of a failure; empty: a success
	Kakaos     bool                `json:"kakaos"`           // Kakao was asked and answered
}

// TestOpenAPIExamplesAreTrue plays every case file over JSON. What the documents
// show as example is what went over the wire: a changed message, route or error
// that leaves an old example behind fails here.
func TestOpenAPIExamplesAreTrue(t *testing.T) {
	exchanges := playExchanges(t)
	if *recordExchanges != "" {
		text, err := json.Marshal(map[string]any{"exchanges": exchanges})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(*recordExchanges, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	for name, text := range map[string][]byte{"v2": openapi.V2, "v3.1": openapi.V3} {
		document := readExamples(t, text)
		for _, x := range exchanges {
			document.shown(asText(t, x.Answer))
			if x.Reason != "" {
				continue
			}
			operation := document.operations[x.RPC]
			if got, want := asText(t, operation.answer), asText(t, x.Answer); got != want {
				t.Errorf("%s, %s: the example answer is\n%s\nthe server says\n%s", name, x.RPC, got, want)
			}
			if got, want := asText(t, operation.body), asText(t, x.Body); got != want {
				t.Errorf("%s, %s: the example body is\n%s\nwhat was sent is\n%s", name, x.RPC, got, want)
			}
			for parameter, values := range x.Parameters {
				if name == "v2" && strings.Contains(parameter, "[") {
					continue // OpenAPI 2 has no parameter that is a map
				}
				if got, want := operation.parameters[parameter], fmt.Sprint(values); got != want {
					t.Errorf("%s, %s: the example of %s is %s; %s was sent", name, x.RPC, parameter, got, want)
				}
			}
		}
		for failure, where := range document.failures {
			t.Errorf("%s, %s: no server says\n%s", name, where, failure)
		}
	}
	t.Logf("examples: %d exchanges", len(exchanges))
}

// playExchanges runs the cases against the whole server: of each rpc the first
// success, and the first failure with each reason.
func playExchanges(t *testing.T) []exchange {
	t.Helper()
	kakao := startKakao(t)
	server := startServer(t, kakao.URL, nil)
	var exchanges []exchange
	for _, file := range loadCaseFiles(t) {
		played := map[string]bool{}
		for _, c := range file.Cases {
			if c.Answer != nil {
				kakao.answerWith(c.Answer.serve)
			}
			x, routed := server.exchange(t, kakao.URL, file, c)
			if routed && !played[x.Reason] {
				played[x.Reason] = true
				exchanges = append(exchanges, x)
			}
		}
		if !played[""] {
			t.Errorf("%s: no case succeeds", file.path)
		}
	}
	return exchanges
}

// exchange makes the call of a case; false if there is no route for it.
func (s *runningServer) exchange(t *testing.T, kakaoURL string, file *caseFile, c testCase) (exchange, bool) {
	t.Helper()
	request, response := message(t, file.method.Input(), c.Request, kakaoURL), message(t, file.method.Output(), c.Want, kakaoURL)
	s.watched(c.Caller, request, response)
	x := exchange{RPC: string(file.method.FullName()), Kakaos: c.Answer != nil, Parameters: map[string][]string{}}
	if c.Error != nil {
		x.Reason = c.Error.Reason
	}
	outgoing, routed := facadeRequest(t, s.facade, file.method, request)
	if !routed {
		return x, false
	}
	_, template, _ := facadeRoute(t, file.method)
	members := jsonMembers(t, request)
	for _, variable := range pathVariable.FindAllString(template, -1) {
		name := strings.Trim(variable, "{}")
		x.Parameters[name] = []string{fmt.Sprint(members[name])}
	}
	for name, values := range outgoing.URL.Query() {
		x.Parameters[name] = values
	}
	if outgoing.GetBody != nil {
		body, err := outgoing.GetBody()
		if err != nil {
			t.Fatal(err)
		}
		x.Body = readExchanged(t, body, kakaoURL)
	}
	ctx, cancel := context.WithTimeout(t.Context(), callTimeout)
	defer cancel()
	for name, value := range c.Caller.headers() {
		outgoing.Header.Set(name, value)
	}
	outgoing.Header.Set("X-Request-Id", "checkout-81") // one that is made up is another each time
	answer, err := s.client.Do(outgoing.WithContext(ctx))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	x.Status, x.Answer = answer.StatusCode, readExchanged(t, answer.Body, kakaoURL)
	return x, true
}

// readExchanged reads a body. Bodies name one host of Kakao, that of the login
// page, for which the tests' own address stands.
func readExchanged(t *testing.T, body io.Reader, kakaoURL string) json.RawMessage {
	t.Helper()
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.ReplaceAll(text, []byte(kakaoURL), []byte("https://kauth.kakao.com"))
}

// asText is a JSON value as text that is equal where the values are.
func asText(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	if text, err = json.Marshal(value); err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// shownExamples are the examples of a document.
type shownExamples struct {
	operations map[string]shownOperation // by rpc
	failures   map[string]string         // where the failure is shown
}

type shownOperation struct {
	answer, body any
	parameters   map[string]string
}

// parameter adds the example of a parameter, of a map entry by entry.
func (o shownOperation) parameter(name string, example any) {
	switch example := example.(type) {
	case nil:
	case map[string]any:
		for key, value := range example {
			o.parameter(name+"["+key+"]", value)
		}
	case []any:
		o.parameters[name] = fmt.Sprint(example)
	default:
		o.parameters[name] = fmt.Sprint([]any{example})
	}
}

// shown takes a failure off the list of those that nobody has seen.
func (e *shownExamples) shown(failure string) { delete(e.failures, failure) }

// node is a JSON value; what is not there is an empty one.
type node struct{ value any }

func (n node) at(names ...string) node {
	for _, name := range names {
		members, _ := n.value.(map[string]any)
		n = node{members[name]}
	}
	return n
}

// readExamples finds the examples of either version.
func readExamples(t *testing.T, text []byte) *shownExamples {
	t.Helper()
	var root node
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&root.value); err != nil {
		t.Fatal(err)
	}
	resolve := func(n node) node {
		if reference, refers := n.at("$ref").value.(string); refers {
			return root.at(strings.Split(strings.TrimPrefix(reference, "#/"), "/")...)
		}
		return n
	}
	example := func(response node) any {
		if v2 := response.at("examples", "application/json").value; v2 != nil {
			return v2
		}
		return response.at("content", "application/json", "example").value
	}
	examples := &shownExamples{operations: map[string]shownOperation{}, failures: map[string]string{}}
	services := servicesByName()
	paths, _ := root.at("paths").value.(map[string]any)
	for path, item := range paths {
		for verb, value := range item.(map[string]any) {
			operation := node{value}
			name, method, _ := strings.Cut(operation.at("operationId").value.(string), "_")
			shown := shownOperation{parameters: map[string]string{}}
			shown.body = operation.at("requestBody", "content", "application/json", "example").value
			parameters, _ := operation.at("parameters").value.([]any)
			for _, value := range parameters {
				parameter := resolve(node{value})
				if parameter.at("in").value == "body" {
					shown.body = resolve(parameter.at("schema")).at("example").value
				}
				for _, key := range []string{"example", "x-example"} {
					shown.parameter(parameter.at("name").value.(string), parameter.at(key).value)
				}
			}
			responses, _ := operation.at("responses").value.(map[string]any)
			for status, value := range responses {
				switch failure := example(resolve(node{value})); {
				case status == "200":
					shown.answer = failure
				case failure != nil:
					examples.failures[asText(t, failure)] = verb + " " + path + " " + status
				}
			}
			examples.operations[services[name]+"."+method] = shown
		}
	}
	return examples
}

// servicesByName are the full names of the services by their short ones.
func servicesByName() map[string]string {
	names := map[string]string{}
	for _, descriptor := range service.Descriptors() {
		names[string(descriptor.Name())] = string(descriptor.FullName())
	}
	return names
}
