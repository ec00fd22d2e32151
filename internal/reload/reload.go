// Package reload picks up files that change while the process runs:
// certificates, the caller policy, app keys. It looks at their content on a
// timer, which works for every way in which files are replaced - written over,
// renamed, or by the symlink swap of Kubernetes - and on every file system,
// where notifications work for some. A version that cannot be used changes
// nothing but the log and a metric.
//
// It imports nothing of this project and knows nothing of what it loads.
package reload

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// maxFile bounds a file, in bytes: far above any bundle of certificates.
const maxFile = 4 << 20

// Subject is something that is made from files.
type Subject struct {
	// What names it in the log and in metrics: "certificates".
	What string
	// Paths are its files.
	Paths []string
	// Load makes it from the contents of the files, in the order of Paths, and
	// puts it into force. An error must leave in force what was, and must hold
	// nothing secret.
	Load func(contents [][]byte) error
}

// Watch keeps one subject up to date.
type Watch struct {
	subject  Subject
	inForce  digest
	seen     digest // the last look, in force or not
	reported digest // the last version that was refused
	reloads  metric.Int64Counter
	stale    metric.Int64Gauge
	logger   *slog.Logger
}

// digest stands for a version of the files, or for the fault of reading them;
// the contents are not kept: they may be keys.
type digest [sha256.Size]byte

// New loads a subject for the first time; an error here is one of the start.
func New(subject Subject, logger *slog.Logger, meters metric.MeterProvider) (*Watch, error) {
	w := &Watch{subject: subject, logger: logger}
	meter := meters.Meter("github.com/kakaorpc/kakaorpc/internal/reload")
	var counterFault, gaugeFault error
	w.reloads, counterFault = meter.Int64Counter("kakaorpc.reload.versions", metric.WithUnit("{version}"),
		metric.WithDescription("New versions of files that were taken or refused while the process runs."))
	w.stale, gaugeFault = meter.Int64Gauge("kakaorpc.reload.stale", metric.WithUnit("{state}"),
		metric.WithDescription("1 while the files on disk cannot be used and an older version is in force."))
	if err := errors.Join(counterFault, gaugeFault); err != nil {
		return nil, err
	}
	contents, version, err := w.read()
	if err == nil {
		err = subject.Load(contents)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", subject.What, err)
	}
	w.inForce, w.seen = version, version
	w.stale.Record(context.Background(), 0, w.attributes())
	return w, nil
}

// Run looks at the files every interval until ctx ends. A new version is taken
// when two looks in a row have found it, so that a file that is being written
// is not taken half: it is in force within two intervals and the time to read it.
func (w *Watch) Run(ctx context.Context, interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			w.look(ctx)
		}
	}
}

// look compares the files with what is in force.
func (w *Watch) look(ctx context.Context) {
	contents, version, err := w.read()
	settled := version == w.seen
	w.seen = version
	switch {
	case !settled:
		return
	case version == w.inForce:
		if w.reported != (digest{}) { // the broken version was taken back
			w.reported = digest{}
			w.stale.Record(ctx, 0, w.attributes())
			w.logger.InfoContext(ctx, "files are again as they were loaded", "what", w.subject.What)
		}
		return
	case version == w.reported:
		return // said already
	}
	if err == nil {
		err = w.subject.Load(contents)
	}
	if err != nil {
		w.reported = version
		w.reloads.Add(ctx, 1, w.attributes(attribute.String("outcome", "refused")))
		w.stale.Record(ctx, 1, w.attributes())
		w.logger.ErrorContext(ctx, "changed files cannot be used: the version before them stays in force until they are corrected",
			"what", w.subject.What, "files", w.subject.Paths, "error", err.Error())
		return
	}
	w.inForce, w.reported = version, digest{}
	w.reloads.Add(ctx, 1, w.attributes(attribute.String("outcome", "taken")))
	w.stale.Record(ctx, 0, w.attributes())
	w.logger.InfoContext(ctx, "changed files are in force", "what", w.subject.What, "files", w.subject.Paths)
}

func (w *Watch) attributes(more ...attribute.KeyValue) metric.MeasurementOption {
	return metric.WithAttributes(append(more, attribute.String("what", w.subject.What))...)
}

// read reads all files. What could not be read is a version as well: one that
// cannot be used.
func (w *Watch) read() (contents [][]byte, version digest, err error) {
	sum := sha256.New()
	for _, path := range w.subject.Paths {
		content, fault := readFile(path)
		text := content
		if fault != nil {
			text = []byte(fault.Error())
			err = errors.Join(err, fault)
		}
		_, _ = fmt.Fprintf(sum, "%t %d ", fault == nil, len(text)) // a hash takes everything
		_, _ = sum.Write(text)
		contents = append(contents, content)
	}
	return contents, digest(sum.Sum(nil)), err
}

func readFile(path string) ([]byte, error) {
	file, err := os.Open(path) //nolint:gosec // the operator names it
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read
	var content bytes.Buffer
	if _, err := content.ReadFrom(io.LimitReader(file, maxFile+1)); err != nil {
		return nil, err
	}
	if content.Len() > maxFile {
		return nil, fmt.Errorf("%s has more than %d bytes", path, maxFile)
	}
	return content.Bytes(), nil
}
