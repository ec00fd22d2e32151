package preflight

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	apiv1 "github.com/kakaorpc/kakaorpc/gen/kakao/api/v1"
	"github.com/kakaorpc/kakaorpc/internal/authz"
	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/service"
	"github.com/kakaorpc/kakaorpc/internal/telemetry"
	"github.com/kakaorpc/kakaorpc/internal/tlsfiles"
)

// Keys of the configuration that name files.
const (
	certKey     = "tls.cert_file"
	keyKey      = "tls.key_file"
	clientCAKey = "tls.client_ca_file"
	policyKey   = "authz.policy_file"
	timeoutKey  = "shutdown.timeout"
)

// Look reads the files that a configuration names and adds to it what is wrong
// with them, and what should be known of them at the given time. It also adds
// what is wrong with OpenTelemetry's own variables.
func Look(ctx context.Context, r *config.Reading, now time.Time) {
	certificates(r, now)
	policy(r)
	readableByAll(r)
	cutOff(r)
	exporters(ctx, r)
}

// exporters looks at the variables by which traces and metrics are exported.
// They are none of ours, so the configuration does not know them.
func exporters(ctx context.Context, r *config.Reading) {
	for _, err := range telemetry.Check(ctx) {
		fault := config.Fault{Where: "environment", What: err.Error()}
		var variable *telemetry.VariableError
		if errors.As(err, &variable) {
			fault = config.Fault{Where: variable.Variable, What: variable.What}
		}
		r.Faults = append(r.Faults, fault)
	}
}

// read reads the file of a key; ok is false if that is a fault.
func read(r *config.Reading, key, path, what string) (content []byte, ok bool) {
	content, err := os.ReadFile(path) //nolint:gosec // the operator names it
	if err != nil {
		r.Refuse(key, "cannot read the "+what+": "+err.Error())
	}
	return content, err == nil
}

// certificates looks at the listeners' certificate, its key and the authorities
// of callers' certificates.
func certificates(r *config.Reading, now time.Time) {
	c := r.Config.TLS
	whole := c.CertFile != "" && c.KeyFile != ""
	var contents [][]byte
	for _, file := range []struct{ key, path, what string }{
		{certKey, c.CertFile, "certificate"}, {keyKey, c.KeyFile, "certificate's key"}, {clientCAKey, c.ClientCAFile, "authorities of callers' certificates"},
	} {
		if file.path == "" {
			continue
		}
		content, ok := read(r, file.key, file.path, file.what)
		contents, whole = append(contents, content), whole && ok
	}
	if !whole {
		return
	}
	store := tlsfiles.New(tlsfiles.Files{Cert: c.CertFile, Key: c.KeyFile, ClientCA: c.ClientCAFile})
	if err := store.Load(contents); err != nil {
		r.Refuse(certKey, err.Error())
		return
	}
	for i, life := range store.Lives() {
		key, whose := certKey, "the certificate in "+life.File
		if i > 0 {
			key, whose = clientCAKey, fmt.Sprintf("the authority %s in %s", life.Subject, life.File)
		}
		if what := concern(life, now); what != "" {
			r.Warn(key, whose+" "+what)
		}
	}
}

// soon is when the end of a certificate is near: in its last third, in which
// whoever renews certificates has done so, and in the last two weeks.
const soon = 14 * 24 * time.Hour

// concern says what is wrong with the life of a certificate; "": nothing.
func concern(life tlsfiles.Life, now time.Time) string {
	left := life.Until.Sub(now)
	day := life.Until.UTC().Format(time.RFC3339)
	switch {
	case now.Before(life.From):
		return "is not good before " + life.From.UTC().Format(time.RFC3339) + "; look at the clock of this machine"
	case left <= 0:
		return "has expired on " + day
	case left < soon && left < life.Until.Sub(life.From)/3:
		return fmt.Sprintf("expires on %s, in %s; a new version is taken without a restart", day, span(left))
	}
	return ""
}

// span is a duration in days or, where that says too little, hours.
func span(d time.Duration) string {
	if hours := int(d.Hours()); hours < 48 {
		return fmt.Sprintf("%d hours", hours)
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

// policy looks at who may call what.
func policy(r *config.Reading) {
	path := r.Config.Authz.PolicyFile
	if path == "" {
		return
	}
	content, ok := read(r, policyKey, path, "caller policy")
	if !ok {
		return
	}
	known := authz.Known{Apps: r.Config.AppNames(), DefaultApp: config.DefaultApp}
	for method := range rpcs {
		known.RPCs = append(known.RPCs, string(method.Parent().FullName())+"/"+string(method.Name()))
	}
	_, err := authz.Parse(content, known)
	for _, fault := range each(err) {
		r.Refuse(policyKey, path+": "+fault.Error())
	}
}

// each is the errors that were joined.
func each(err error) []error {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		return joined.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

// rpcs are those of the contract.
func rpcs(yield func(protoreflect.MethodDescriptor) bool) {
	for _, service := range service.Descriptors() {
		for i := range service.Methods().Len() {
			if !yield(service.Methods().Get(i)) {
				return
			}
		}
	}
}

// others is the right of those to read a file who are neither its owner nor of
// its group.
const others fs.FileMode = 0o004

// readableByAll warns of files with secrets that everybody on the machine may
// read.
func readableByAll(r *config.Reading) {
	const advice = "can be read by everybody on this machine; take the right away (chmod o-r; in Kubernetes defaultMode: 0440 with an fsGroup)"
	open := func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && info.Mode().Perm()&others != 0
	}
	for _, file := range r.KeyFiles() {
		if open(file.Path) {
			r.Warn(file.Key, file.Path+" holds a key and "+advice)
		}
	}
	if path := r.Config.TLS.KeyFile; path != "" && open(path) && holdsKey(path) {
		r.Warn(keyKey, path+" holds a key and "+advice)
	}
	if r.FileHoldsKeys && open(r.File) {
		r.Warn("config", r.File+" holds keys of apps and "+advice)
	}
}

// holdsKey reports whether a file holds the key of a certificate, which one may lack
// that is refused.
func holdsKey(path string) bool {
	content, err := os.ReadFile(path) //nolint:gosec // the operator names it
	return err == nil && bytes.Contains(content, []byte("PRIVATE KEY-----"))
}

// cutOff warns that the end of the process cuts off calls which the contract
// gives more time. The bound does not follow them by itself: what stops the
// process has a bound of its own (in Kubernetes terminationGracePeriodSeconds),
// and a process that is killed loses more than one that cuts off.
func cutOff(r *config.Reading) {
	if !r.Config.Karlo.Enabled || r.Config.Sandbox {
		return
	}
	var longest time.Duration
	for method := range rpcs {
		option, _ := proto.GetExtension(method.Options(), apiv1.E_Endpoint).(*apiv1.Endpoint)
		longest = max(longest, time.Duration(option.GetLimits().GetTimeoutSeconds())*time.Second)
	}
	if bound := r.Config.Shutdown.Timeout; bound < longest {
		r.Warn(timeoutKey, fmt.Sprintf("calls of Karlo may take %.0fs, and those that take longer than %v are cut off when the process ends; "+
			"set it to %.0fs, and give the process as much time and shutdown.grace (in Kubernetes: terminationGracePeriodSeconds)", longest.Seconds(), bound, longest.Seconds()))
	}
}
