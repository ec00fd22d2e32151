package preflight

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/config"
	"github.com/kakaorpc/kakaorpc/internal/tlsfiles"
	"github.com/kakaorpc/kakaorpc/internal/tlsfiles/tlstest"
)

// looked is what Look says of flags at a time.
func looked(t *testing.T, now time.Time, flags ...string) (faults, warnings []string) {
	t.Helper()
	r, err := config.Read(config.Input{Args: flags})
	if err != nil {
		t.Fatal(err)
	}
	Look(t.Context(), r, now)
	for _, fault := range r.Faults {
		faults = append(faults, fault.String())
	}
	for _, warning := range r.Config.Warnings {
		warnings = append(warnings, warning.String())
	}
	return faults, warnings
}

func TestWhatIsSaidOfFiles(t *testing.T) {
	folder := t.TempDir()
	authority := tlstest.NewAuthority(t, "callers") // a day to either side
	own := authority.Issue(t, tlstest.Leaf{}).Write(t, folder, "server")
	expired := authority.Issue(t, tlstest.Leaf{Expired: true}).Write(t, folder, "expired")
	ca := authority.WriteCA(t, folder, "ca.pem")
	policy := filepath.Join(folder, "policy.yaml")
	if err := os.WriteFile(policy, []byte("callers:\n  a.example: {rpcs: [kakao.user.v1.UserService/*], apps: [none]}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	open := filepath.Join(folder, "open.pem")
	content, err := os.ReadFile(own.Key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(open, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(open, 0o644); err != nil {
		t.Fatal(err)
	}
	whole := []string{"--tls.cert_file=" + own.Cert, "--tls.key_file=" + own.Key, "--tls.client_ca_file=" + ca}
	now := time.Now()
	for _, row := range []struct {
		title    string
		at       time.Time
		flags    []string
		faults   []string
		warnings []string
	}{
		{title: "all is well", at: now, flags: whole},
		{title: "no files", at: now},
		{title: "ends soon", at: now.Add(10 * time.Hour), flags: whole[:2], warnings: []string{"--tls.cert_file: the certificate in " + own.Cert + " expires on "}},
		{title: "not good yet", at: now.Add(-3 * time.Hour), flags: whole[:2], warnings: []string{"is not good before"}},
		{title: "an authority has ended", at: now.Add(25 * time.Hour), flags: whole,
			warnings: []string{"has expired on", "--tls.client_ca_file: the authority CN=callers in " + ca + " has expired on "}},
		{title: "ended", at: now, flags: []string{"--tls.cert_file=" + expired.Cert, "--tls.key_file=" + expired.Key}, faults: []string{"--tls.cert_file: the certificate in " + expired.Cert + " has expired on"}},
		{title: "key of another", at: now, flags: []string{whole[0], "--tls.key_file=" + expired.Key}, faults: []string{"private key does not match"}},
		{title: "no such files", at: now, flags: []string{"--tls.cert_file=/nowhere/c", "--tls.key_file=/nowhere/k", "--tls.client_ca_file=/nowhere/a", "--authz.policy_file=/nowhere/p"},
			faults: []string{"--tls.cert_file: cannot read the certificate", "--tls.key_file: cannot read", "--tls.client_ca_file: cannot read", "--authz.policy_file: cannot read"}},
		{title: "authorities that are none", at: now, flags: []string{whole[0], whole[1], "--tls.client_ca_file=" + own.Key}, faults: []string{"holds no certificate of an authority"}},
		{title: "app that is none", at: now, flags: append(whole, "--authz.policy_file="+policy), faults: []string{"--authz.policy_file: " + policy + ": line 2: none: there is no such app"}},
		{title: "key for all to read", at: now, flags: []string{whole[0], "--tls.key_file=" + open}, warnings: []string{"--tls.key_file: " + open + " holds a key and can be read by everybody"}},
		{title: "Karlo", at: now, flags: []string{"--karlo.enabled"}, warnings: []string{"--shutdown.timeout: calls of Karlo may take 120s"}},
		{title: "Karlo with time", at: now, flags: []string{"--karlo.enabled", "--shutdown.timeout=2m"}},
		{title: "Karlo of the sandbox", at: now, flags: []string{"--sandbox"}},
	} {
		faults, warnings := looked(t, row.at, row.flags...)
		for what, pair := range map[string][2][]string{"faults": {faults, row.faults}, "warnings": {warnings, row.warnings}} {
			if len(pair[0]) != len(pair[1]) {
				t.Errorf("%s: %d %s, want %d: %q", row.title, len(pair[0]), what, len(pair[1]), pair[0])
				continue
			}
			for i, want := range pair[1] {
				if !strings.Contains(pair[0][i], want) {
					t.Errorf("%s: %q lacks %q", row.title, pair[0][i], want)
				}
			}
		}
	}
}

// TestWhenTheEndIsNear: not while whoever renews certificates still has time.
func TestWhenTheEndIsNear(t *testing.T) {
	now := time.Now()
	for _, row := range []struct {
		life, left time.Duration
		want       string
	}{
		{90 * 24 * time.Hour, 31 * 24 * time.Hour, ""}, {90 * 24 * time.Hour, 15 * 24 * time.Hour, ""}, {90 * 24 * time.Hour, 13 * 24 * time.Hour, "in 13 days"},
		{24 * time.Hour, 9 * time.Hour, ""}, {24 * time.Hour, 7*time.Hour + time.Minute, "in 7 hours"}, {time.Hour, 21 * time.Minute, ""}, {time.Hour, 0, "has expired"},
	} {
		got := concern(tlsfiles.Life{From: now.Add(row.left - row.life), Until: now.Add(row.left)}, now)
		if (got == "") != (row.want == "") || !strings.Contains(got, row.want) {
			t.Errorf("%v of %v left: %q, want %q", row.left, row.life, got, row.want)
		}
	}
}

func TestTargetsAreTheHostsInUse(t *testing.T) {
	for _, row := range []struct {
		flags []string
		want  string
	}{
		{nil, "https://api-status.kakao.com=[api-status.kakao.com] https://dapi.kakao.com=[dapi.kakao.com] https://kapi.kakao.com=[kapi.kakao.com] https://kauth.kakao.com=[kauth.kakao.com]"},
		{[]string{"--kakao.base_url=http://127.0.0.1:1/x"}, "http://127.0.0.1:1/x=[api-status.kakao.com dapi.kakao.com kapi.kakao.com kauth.kakao.com]"},
		{[]string{"--kakao.base_url=http://127.0.0.1:1", "--kakao.hosts.kapi=https://kapi.example", "--karlo.enabled"},
			"http://127.0.0.1:1=[api-status.kakao.com api.kakaobrain.com dapi.kakao.com kauth.kakao.com] https://kapi.example=[kapi.kakao.com]"},
		{[]string{"--sandbox"}, ""},
	} {
		r, err := config.Read(config.Input{Args: row.flags})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, target := range Targets(r.Config) {
			got = append(got, fmt.Sprintf("%s=%v", target.URL, target.Hosts))
		}
		if text := strings.Join(got, " "); text != row.want {
			t.Errorf("%q:\n got %s\nwant %s", row.flags, text, row.want)
		}
	}
}
