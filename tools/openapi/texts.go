package main

import (
	"bytes"
	_ "embed" // document.yaml
	"fmt"

	"go.yaml.in/yaml/v3"
)

//go:embed document.yaml
var documentYAML []byte

// texts is document.yaml.
type texts struct {
	Info struct {
		Title       string `yaml:"title"`
		Version     string `yaml:"version"`
		Description string `yaml:"description"`
	} `yaml:"info"`
	Security struct {
		User              string `yaml:"user"`
		UserDescription   string `yaml:"user_description"`
		UserDescriptionV2 string `yaml:"user_description_v2"`
		Caller            string `yaml:"caller"`
		CallerDescription string `yaml:"caller_description"`
	} `yaml:"security"`
	Auth    map[string]credential `yaml:"auth"`
	Headers []header              `yaml:"headers"`
	Errors  []failure             `yaml:"errors"`
	// Borrowed says of a shared failure whose example it shows.
	Borrowed string `yaml:"borrowed_example"`
	Other    string `yaml:"other_error"`
	Status   struct {
		Description string `yaml:"description"`
		Code        string `yaml:"code"`
		Message     string `yaml:"message"`
		Details     string `yaml:"details"`
		Detail      string `yaml:"detail"`
		Type        string `yaml:"type"`
	} `yaml:"status"`
	Details map[string]string `yaml:"details"`
}

// credential is what the caller of an operation sends, or picks.
type credential struct {
	Token string `yaml:"token"` // of a user: none, optional or required
	App   bool   `yaml:"app"`   // whether the app makes a difference
}

// header is a request header of all operations, or of those that use an app.
type header struct {
	Name        string `yaml:"name"`
	Key         string `yaml:"key"`
	App         bool   `yaml:"app"`
	Description string `yaml:"description"`
	Pattern     string `yaml:"pattern"`
}

// failure is an HTTP status of failures.
type failure struct {
	Status      string   `yaml:"status"`
	Key         string   `yaml:"key"`
	Codes       []string `yaml:"codes"`  // of gRPC
	Reason      string   `yaml:"reason"` // of the shared example
	Every       bool     `yaml:"every"`  // operation may fail so
	Token       bool     `yaml:"token"`  // operations that take a user's token may
	Wait        bool     `yaml:"wait"`   // Retry-After may come with it
	Description string   `yaml:"description"`
}

func readTexts() (*texts, error) {
	t := &texts{}
	decoder := yaml.NewDecoder(bytes.NewReader(documentYAML))
	decoder.KnownFields(true)
	if err := decoder.Decode(t); err != nil {
		return nil, fmt.Errorf("document.yaml: %w", err)
	}
	return t, nil
}
