package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// examples are the recorded exchanges, by the full name of the rpc.
type examples struct {
	none     bool // nothing has been recorded yet
	of       map[string]*exchanges
	byReason map[string]any // the first answer with the reason
}

// exchanges of one rpc.
type exchanges struct {
	parameters map[string][]string // of the successful call, by name
	body       any                 // of the successful call; nil: none
	answer     any                 // to the successful call
	failures   map[string]failed   // failed answers, by HTTP status
}

// failed is a failed answer.
type failed struct {
	answer any
	kakaos bool // whether Kakao answered
}

// readExamples reads what TestOpenAPIExamplesAreTrue recorded. The failure of an
// rpc with a status is the first that came of an answer of Kakao's, else the
// first. Without a file there are none: the server that the test plays with embeds the documents,
// so that a new rpc has to stand in them before anything can be recorded of it.
func readExamples(path string) (*examples, error) {
	text, err := os.ReadFile(path) //nolint:gosec // the Makefile names it
	if errors.Is(err, fs.ErrNotExist) {
		return &examples{none: true}, nil
	}
	if err != nil {
		return nil, err
	}
	recorded, err := parseObject(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	e := &examples{of: map[string]*exchanges{}, byReason: map[string]any{}}
	for _, x := range recorded.objects("exchanges") {
		rpc, known := e.of[x.text("rpc")]
		if !known {
			rpc = &exchanges{parameters: map[string][]string{}, failures: map[string]failed{}}
			e.of[x.text("rpc")] = rpc
		}
		rpc.add(x)
		if reason := x.text("reason"); reason != "" && e.byReason[reason] == nil {
			e.byReason[reason] = x.values["answer"]
		}
	}
	return e, nil
}

func (x *exchanges) add(recorded *object) {
	status, kakaos := fmt.Sprint(recorded.values["status"]), recorded.values["kakaos"] == true
	switch {
	case status == "200" && x.answer == nil:
		x.answer, x.body = recorded.values["answer"], recorded.values["body"]
		for name, values := range recorded.object("parameters").values {
			for _, value := range values.([]any) {
				x.parameters[name] = append(x.parameters[name], value.(string))
			}
		}
	case status != "200" && (x.failures[status].answer == nil || kakaos && !x.failures[status].kakaos):
		x.failures[status] = failed{recorded.values["answer"], kakaos}
	}
}
