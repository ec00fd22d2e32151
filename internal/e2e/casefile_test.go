package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// caseFile is a file of testdata/cases: the cases of one rpc.
type caseFile struct {
	RPC   string     `yaml:"rpc"`
	Cases []testCase `yaml:"cases"`

	path   string
	method protoreflect.MethodDescriptor
}

// testCase is one call: what the caller sends, what Kakao must get and answers,
// and what the caller must get.
type testCase struct {
	Name    string         `yaml:"name"`
	Caller  caller         `yaml:"caller"`
	Request map[string]any `yaml:"request"`  // proto JSON, proto names
	Sent    *sent          `yaml:"sent"`     // nil: nothing may reach Kakao
	Answer  *answer        `yaml:"answer"`   // with sent
	Want    map[string]any `yaml:"response"` // proto JSON, exact; or
	Error   *wantedError   `yaml:"error"`
}

// caller is the credential that the caller sends.
type caller struct {
	Token string `yaml:"token"`
	App   string `yaml:"app"`

	timeout time.Duration // of the JSON facade, by header; zero: none
}

// sent is the exact request that Kakao gets.
type sent struct {
	Method        string            `yaml:"method"`
	Path          string            `yaml:"path"`
	Authorization string            `yaml:"authorization"`
	Query         map[string]string `yaml:"query"`
	Form          map[string]string `yaml:"form"`
	JSON          any               `yaml:"json"`
}

// answer is what Kakao answers.
type answer struct {
	Status  int               `yaml:"status"`
	Headers map[string]string `yaml:"headers"`
	Body    string            `yaml:"body"`
}

// wantedError is the status that the caller must get.
type wantedError struct {
	Code           string   `yaml:"code"`
	Reason         string   `yaml:"reason"`
	KakaoCode      string   `yaml:"kakao_code"`
	RequiredScopes []string `yaml:"required_scopes"`
	Field          string   `yaml:"field"`
	// FailedReceivers are by kakao_code of their cause; left out, they are not
	// looked at.
	FailedReceivers map[string][]string `yaml:"failed_receivers"`
}

// loadCaseFiles reads every case file; a member that the format does not know
// is a fault of the file.
func loadCaseFiles(t *testing.T) []*caseFile {
	t.Helper()
	paths, err := filepath.Glob("testdata/cases/*/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no case files: %v", err)
	}
	var files []*caseFile
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		file := &caseFile{path: path}
		decoder := yaml.NewDecoder(bytes.NewReader(content))
		decoder.KnownFields(true)
		if err := decoder.Decode(file); err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		descriptor, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(strings.Replace(file.RPC, "/", ".", 1)))
		if err != nil {
			t.Errorf("%s: rpc %q: %v", path, file.RPC, err)
			continue
		}
		file.method = descriptor.(protoreflect.MethodDescriptor)
		for i := range file.Cases {
			if err := file.Cases[i].check(); err != nil {
				t.Errorf("%s: case %q: %v", path, file.Cases[i].Name, err)
			}
		}
		files = append(files, file)
	}
	return files
}

// check finds the mistakes that would make a case pass for nothing.
func (c *testCase) check() error {
	switch {
	case c.Name == "":
		return errors.New("has no name")
	case (c.Want == nil) == (c.Error == nil):
		return errors.New("needs either response or error")
	case (c.Sent == nil) != (c.Answer == nil):
		return errors.New("sent and answer go together")
	}
	return nil
}

// message builds a message of the contract from the case's proto JSON.
func message(t *testing.T, descriptor protoreflect.MessageDescriptor, members map[string]any, base string) proto.Message {
	t.Helper()
	built := newMessage(t, descriptor)
	text, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	if members == nil {
		return built
	}
	text = bytes.ReplaceAll(text, []byte("{base}"), []byte(base))
	if err := protojson.Unmarshal(text, built); err != nil {
		t.Fatalf("the case's %s: %v", descriptor.Name(), err)
	}
	return built
}

func newMessage(t *testing.T, descriptor protoreflect.MessageDescriptor) proto.Message {
	t.Helper()
	messageType, err := protoregistry.GlobalTypes.FindMessageByName(descriptor.FullName())
	if err != nil {
		t.Fatal(err)
	}
	return messageType.New().Interface()
}
