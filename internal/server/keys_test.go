package server

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/metadata"

	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
)

// knownKeys is a Kakao that knows some admin keys.
type knownKeys struct {
	mutex sync.Mutex
	keys  map[string]bool
	used  map[string]int
}

func (k *knownKeys) know(keys ...string) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.keys, k.used = map[string]bool{}, map[string]int{}
	for _, key := range keys {
		k.keys[key] = true
	}
}

func (k *knownKeys) uses(key string) int {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return k.used[key]
}

// ServeHTTP answers ListUserIds and Unlink, or as Kakao does to a key that it
// does not know.
func (k *knownKeys) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	key := strings.TrimPrefix(r.Header.Get("Authorization"), "KakaoAK ")
	k.used[key]++
	w.Header().Set("Content-Type", "application/json")
	switch {
	case !k.keys[key]:
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"msg":"wrong appKey(` + key + `) format","code":-401}`))
	case strings.HasSuffix(r.URL.Path, "/ids"):
		_, _ = w.Write([]byte(`{"elements":[3177000099],"total_count":1}`))
	default:
		_, _ = w.Write([]byte(`{"id":3177000099}`))
	}
}

// keyTest is a server whose app "b" has its admin keys in files.
type keyTest struct {
	*running
	*knownKeys
	folder string
}

func startKeys(t *testing.T, known string, flags ...string) *keyTest {
	t.Helper()
	k := &keyTest{knownKeys: &knownKeys{}, folder: t.TempDir()}
	k.know(known)
	k.write(t, "admin", "7e577e57dddd0001")
	k.running = start(t, k.ServeHTTP, append(flags, "--apps.b.admin_key_file="+filepath.Join(k.folder, "admin"))...)
	t.Cleanup(func() {
		_, _, metrics := k.do(http.MethodGet, k.ops+"/metrics", "", nil)
		if strings.Contains(k.log.String()+metrics, "7e577e57dddd") {
			t.Errorf("a key shows:\n%s", k.log.String())
		}
	})
	return k
}

func (k *keyTest) write(t *testing.T, name, key string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(k.folder, name), []byte(key+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (k *keyTest) ctx() context.Context {
	return metadata.AppendToOutgoingContext(k.t.Context(), "x-kakao-app", "b")
}

// read and write calls with the admin key.
func (k *keyTest) read() error {
	_, err := userv1.NewUserAdminServiceClient(k.conn).ListUserIds(k.ctx(), &userv1.ListUserIdsRequest{})
	return err
}

func (k *keyTest) change() error {
	id := int64(3177000099)
	_, err := userv1.NewUserServiceClient(k.conn).Unlink(k.ctx(), &userv1.UnlinkRequest{TargetId: &id})
	return err
}

// TestAChangedKeyIsPickedUpInTime replaces a key file under calls, with the
// interval that is the default, while Kakao knows both keys.
func TestAChangedKeyIsPickedUpInTime(t *testing.T) {
	const old, renewed = "7e577e57dddd0001", "7e577e57dddd0002"
	k := startKeys(t, old, "--reload.interval=2s")
	k.know(old, renewed)
	if err := errors.Join(k.read(), k.change()); err != nil {
		t.Fatal(err)
	}
	k.write(t, "admin", renewed)
	begin := time.Now()
	calls := 0
	for ; k.uses(renewed) == 0 && time.Since(begin) < 15*time.Second; time.Sleep(20 * time.Millisecond) {
		calls++
		if err := errors.Join(k.read(), k.change()); err != nil {
			t.Fatalf("call %d: %v", calls, err)
		}
	}
	took := time.Since(begin)
	if took > 10*time.Second {
		t.Errorf("the key was picked up after %v", took)
	}
	t.Logf("app key: in use %.1f s after its file changed, no failure in %d calls before", took.Seconds(), 2*calls)
}

// TestOldAndNewKeyServeWhileKakaoKnowsOnlyOne replaces a key before Kakao knows
// it, and has Kakao forget the old one later: no read fails.
func TestOldAndNewKeyServeWhileKakaoKnowsOnlyOne(t *testing.T) {
	const old, renewed = "7e577e57dddd0001", "7e577e57dddd0002"
	k := startKeys(t, old)
	k.write(t, "admin", renewed)
	for deadline := time.Now().Add(10 * time.Second); k.uses(renewed) == 0 && time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if err := k.read(); err != nil {
			t.Fatalf("a read while the new key is tried: %v", err)
		}
	}
	if tried := k.uses(renewed); tried != 1 {
		t.Errorf("the key that Kakao does not know was tried %d times", tried)
	}
	if err := errors.Join(k.read(), k.change()); err != nil {
		t.Errorf("with the old key: %v", err)
	}
	k.know(renewed)
	if err := k.change(); grpcReason(err) != "KAKAO_APP_KEY_INVALID" || k.uses(renewed) != 0 {
		t.Errorf("a write is not repeated: %v", err)
	}
	if err := errors.Join(k.change(), k.read()); err != nil {
		t.Errorf("with the new key, after the write that failed: %v", err)
	}
}

// TestTwoAdminKeysOfOneApp: the second serves when Kakao does not know the
// first; where it knows neither, a read costs two requests and no more.
func TestTwoAdminKeysOfOneApp(t *testing.T) {
	const first, second = "7e577e57dddd0001", "7e577e57dddd0003"
	folder := t.TempDir()
	path := filepath.Join(folder, "second")
	if err := os.WriteFile(path, []byte(second), 0o600); err != nil {
		t.Fatal(err)
	}
	k := startKeys(t, second, "--apps.b.admin_key_2_file="+path)
	for range 3 {
		if err := k.read(); err != nil {
			t.Errorf("a read with the second key: %v", err)
		}
	}
	if k.uses(first) != 1 || k.uses(second) != 3 {
		t.Errorf("the first key was tried %d times, the second %d", k.uses(first), k.uses(second))
	}
	k.know()
	if err := k.read(); grpcReason(err) != "KAKAO_APP_KEY_INVALID" {
		t.Errorf("with no key that Kakao knows: %v", err)
	}
	if k.uses(first) != 1 || k.uses(second) != 1 {
		t.Errorf("the first key was tried %d times, the second %d; want each once", k.uses(first), k.uses(second))
	}
	if lines := k.log.lines(t, "Kakao does not know a key of an app"); len(lines) != 2 || lines[0]["app"] != "b" || lines[0]["key"] != "admin_key" {
		t.Errorf("log: %v", lines)
	}
}
