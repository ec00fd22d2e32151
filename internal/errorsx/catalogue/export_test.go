package catalogue

import (
	"io/fs"
	"testing"
)

// Read tries to read texts from other files than the embedded ones.
func Read(from fs.FS) error {
	_, err := read(from)
	return err
}

// Files are the embedded files of reasons.
func Files(t *testing.T) []string {
	t.Helper()
	names, err := fs.Glob(files, "reasons/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal("no files", err)
	}
	var all []string
	for _, name := range names {
		data, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(data))
	}
	return all
}
