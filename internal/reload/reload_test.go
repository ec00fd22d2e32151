package reload_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/kakaorpc/kakaorpc/internal/reload"
)

// interval is how often these tests look; a version is in force after two.
const interval = 5 * time.Millisecond

// subject is a text made of two files; a text with "broken" in it is refused.
type subject struct {
	mutex sync.Mutex
	text  string
	loads int
}

func (s *subject) load(contents [][]byte) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.loads++
	text := string(bytes.Join(contents, []byte("+")))
	if strings.Contains(text, "broken") {
		return errors.New("it is broken")
	}
	s.text = text
	return nil
}

func (s *subject) state() (text string, loads int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.text, s.loads
}

// lockedBuffer is a log that can be read while it is written.
type lockedBuffer struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.String()
}

type fixture struct {
	*subject
	folder string
	log    *lockedBuffer
	reader *sdkmetric.ManualReader
}

func start(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{subject: &subject{}, folder: t.TempDir(), log: &lockedBuffer{}, reader: sdkmetric.NewManualReader()}
	f.write(t, "a", "one")
	f.write(t, "b", "two")
	meters := sdkmetric.NewMeterProvider(sdkmetric.WithReader(f.reader))
	watch, err := reload.New(reload.Subject{
		What: "texts", Paths: []string{filepath.Join(f.folder, "a"), filepath.Join(f.folder, "b")}, Load: f.load,
	}, slog.New(slog.NewTextHandler(f.log, nil)), meters)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); watch.Run(ctx, interval) }()
	t.Cleanup(func() { cancel(); <-ended })
	return f
}

func (f *fixture) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(f.folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// stale is the gauge of the subject.
func (f *fixture) stale(t *testing.T) int64 {
	t.Helper()
	var all metricdata.ResourceMetrics
	if err := f.reader.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	for _, m := range all.ScopeMetrics[0].Metrics {
		if m.Name == "kakaorpc.reload.stale" {
			return m.Data.(metricdata.Gauge[int64]).DataPoints[0].Value
		}
	}
	t.Fatal("no gauge")
	return 0
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("not within 10 s: %s", what)
}

func (f *fixture) becomes(t *testing.T, want string) {
	t.Helper()
	eventually(t, want, func() bool { text, _ := f.state(); return text == want })
}

func TestEveryWayToReplaceAFileIsSeen(t *testing.T) {
	f := start(t)
	f.becomes(t, "one+two")
	f.write(t, "a", "over") // written over
	f.becomes(t, "over+two")
	f.write(t, "c", "renamed") // renamed over
	if err := os.Rename(filepath.Join(f.folder, "c"), filepath.Join(f.folder, "b")); err != nil {
		t.Fatal(err)
	}
	f.becomes(t, "over+renamed")

	// Kubernetes: a -> ..data/a, ..data -> v1, and ..data is swapped.
	for version, text := range map[string]string{"v1": "first", "v2": "second"} {
		if err := os.Mkdir(filepath.Join(f.folder, version), 0o700); err != nil {
			t.Fatal(err)
		}
		f.write(t, version+"/a", text)
	}
	swap := func(version string) {
		for _, step := range []error{
			os.Symlink(version, filepath.Join(f.folder, "..data_tmp")),
			os.Rename(filepath.Join(f.folder, "..data_tmp"), filepath.Join(f.folder, "..data")),
		} {
			if step != nil {
				t.Fatal(step)
			}
		}
	}
	swap("v1")
	if err := errors.Join(os.Remove(filepath.Join(f.folder, "a")), os.Symlink("..data/a", filepath.Join(f.folder, "a"))); err != nil {
		t.Fatal(err)
	}
	f.becomes(t, "first+renamed")
	swap("v2")
	f.becomes(t, "second+renamed")
}

func TestABrokenVersionIsSaidOnceAndChangesNothing(t *testing.T) {
	f := start(t)
	f.write(t, "a", "broken")
	eventually(t, "the error line", func() bool { return strings.Contains(f.log.String(), "level=ERROR") })
	if stale := f.stale(t); stale != 1 {
		t.Errorf("stale = %d with a broken version", stale)
	}
	_, loads := f.state()
	time.Sleep(10 * interval)
	if text, again := f.state(); text != "one+two" || again != loads {
		t.Errorf("in force: %q; the broken version was loaded %d times more", text, again-loads)
	}
	if said := strings.Count(f.log.String(), "level=ERROR"); said != 1 {
		t.Errorf("said %d times", said)
	}
	if err := os.Remove(filepath.Join(f.folder, "b")); err != nil { // another fault is said as well
		t.Fatal(err)
	}
	eventually(t, "the second error line", func() bool { return strings.Count(f.log.String(), "level=ERROR") == 2 })
	f.write(t, "b", "two")
	f.write(t, "a", "one")
	eventually(t, "the way back", func() bool { return strings.Contains(f.log.String(), "as they were loaded") })
	if stale := f.stale(t); stale != 0 {
		t.Errorf("stale = %d after the way back", stale)
	}
	f.write(t, "a", "new")
	f.becomes(t, "new+two")
}

func TestAFileThatIsBeingWrittenIsNotTakenHalf(t *testing.T) {
	f := start(t)
	file, err := os.Create(filepath.Join(f.folder, "a"))
	if err != nil {
		t.Fatal(err)
	}
	for range 40 { // a writer that is never quiet for two looks
		if _, err := file.WriteString("x"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(interval / 4)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	f.becomes(t, strings.Repeat("x", 40)+"+two")
	if _, loads := f.state(); loads > 12 { // the first, the last, and what a stalled machine lets through
		t.Errorf("%d versions were loaded", loads)
	}
}

func TestTheFirstVersionMustBeRight(t *testing.T) {
	_, err := reload.New(reload.Subject{What: "texts", Paths: []string{filepath.Join(t.TempDir(), "none")}, Load: func([][]byte) error { return nil }},
		slog.New(slog.DiscardHandler), sdkmetric.NewMeterProvider())
	if err == nil || !strings.Contains(err.Error(), "texts") || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}
