package catalogue

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"

	"go.yaml.in/yaml/v3"
)

//go:embed words.yaml reasons/*.yaml
var files embed.FS

// texts are the YAML files as read.
type texts struct {
	words   words
	reasons map[string]text
}

// words are the words for values, by value and language.
type words struct {
	Mends    map[Mender]map[Language]string
	Retry    map[Retry]map[Language]string
	Families map[string]map[Language]string
}

// A text is what is written about one reason.
type text struct {
	group map[Language]string
	mends Mender
	retry Retry
	in    map[Language]sentences
}

// sentences are what is written about one reason in one language. In English, What
// is left out: errorsx has it.
type sentences struct{ What, Cause, Fix string }

// A page is one of the files in reasons.
type page struct {
	Group   map[Language]string
	Reasons map[string]struct {
		Mends  Mender
		Retry  Retry
		En, Ko sentences
	}
}

func read(from fs.FS) (*texts, error) {
	t := &texts{reasons: map[string]text{}}
	if err := decode(from, "words.yaml", &t.words); err != nil {
		return nil, err
	}
	names, err := fs.Glob(from, "reasons/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		var p page
		if err := decode(from, name, &p); err != nil {
			return nil, err
		}
		for reason, r := range p.Reasons {
			if _, twice := t.reasons[reason]; twice {
				return nil, fmt.Errorf("%s: %s stands in another file too", path.Base(name), reason)
			}
			t.reasons[reason] = text{p.Group, r.Mends, r.Retry, map[Language]sentences{English: r.En, Korean: r.Ko}}
		}
	}
	return t, nil
}

// decode takes no member that the type does not have.
func decode(from fs.FS, name string, into any) error {
	data, err := fs.ReadFile(from, name)
	if err != nil {
		return err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
