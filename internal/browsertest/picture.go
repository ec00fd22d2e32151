package browsertest

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// updateVariable makes Screenshot write the pictures anew.
const updateVariable = "KAKAORPC_UPDATE_PICTURES"

// maxPictureBytes keeps the repository small.
const maxPictureBytes = 200_000

// Screenshot takes a picture of what the window shows and compares it with
// docs/pictures/NAME.png of the repository, so that the pictures in the
// documents are what the pages look like. With KAKAORPC_UPDATE_PICTURES=true it
// writes the file instead: look at it before you commit it.
//
// What changes from run to run, such as ports, is too small to count; see
// differs.
func (p *Page) Screenshot(name string) {
	p.tb.Helper()
	p.until("the fonts and pictures", `document.fonts.status === "loaded" && [...document.images].every(i => i.complete)`)
	// The caret blinks.
	p.Eval(`(document.activeElement && document.activeElement.blur(), true)`)
	taken := result(p, "screenshot", chromedp.CaptureScreenshot())
	file := filepath.Join(root(p.tb), "docs", "pictures", name+".png")
	if os.Getenv(updateVariable) == "true" {
		write(p.tb, file, taken)
		return
	}
	kept, err := os.ReadFile(file) // #nosec G304 -- a name that a test gives
	if err != nil {
		p.tb.Fatalf("%v\nrun the test with %s=true to make the picture", err, updateVariable)
	}
	difference, err := compare(kept, taken)
	if err == nil && difference != "" {
		err = errors.New(difference)
	}
	if err != nil {
		p.tb.Errorf("docs/pictures/%s.png is not what the page looks like: %v\nrun the test with %s=true and look at the new picture", name, err, updateVariable)
	}
}

// write keeps a picture, as small as this format gets without loss.
func write(tb testing.TB, file string, taken []byte) {
	tb.Helper()
	picture, err := png.Decode(bytes.NewReader(taken))
	if err != nil {
		tb.Fatal(err)
	}
	var packed bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&packed, picture); err != nil {
		tb.Fatal(err)
	}
	if packed.Len() > maxPictureBytes {
		tb.Errorf("%s has %d bytes, want at most %d: show less", filepath.Base(file), packed.Len(), maxPictureBytes)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil { // #nosec G301 -- part of the checkout
		tb.Fatal(err)
	}
	if err := os.WriteFile(file, packed.Bytes(), 0o644); err != nil { // #nosec G306 -- part of the checkout
		tb.Fatal(err)
	}
}

// Pictures are compared in cells of so many pixels, by the mean brightness of
// each: a cell is about a word, so that other digits of a port number hardly
// change it and a line that is there or not does.
const cellPixels = 32

// Two pictures show the same page if at most so many of a thousand cells differ
// by more than so many of 255 levels of brightness.
const (
	maxCells  = 20
	maxLevels = 12
)

// compare says how two pictures differ, in a sentence; empty if they show the
// same.
func compare(kept, taken []byte) (string, error) {
	before, err := png.Decode(bytes.NewReader(kept))
	if err != nil {
		return "", fmt.Errorf("the committed picture: %w", err)
	}
	after, err := png.Decode(bytes.NewReader(taken))
	if err != nil {
		return "", fmt.Errorf("the new picture: %w", err)
	}
	if before.Bounds().Size() != after.Bounds().Size() {
		return fmt.Sprintf("the picture is %v pixels and the page %v", before.Bounds().Size(), after.Bounds().Size()), nil
	}
	return differs(before, after), nil
}

func differs(before, after image.Image) string {
	bounds := before.Bounds()
	var all, other int
	var worst image.Rectangle
	var most float64
	for y := bounds.Min.Y; y < bounds.Max.Y; y += cellPixels {
		for x := bounds.Min.X; x < bounds.Max.X; x += cellPixels {
			cell := image.Rect(x, y, x+cellPixels, y+cellPixels).Intersect(bounds)
			difference := brightness(before, cell) - brightness(after, cell.Add(after.Bounds().Min.Sub(bounds.Min)))
			difference = max(difference, -difference)
			all++
			if difference > maxLevels {
				other++
			}
			if difference > most {
				most, worst = difference, cell
			}
		}
	}
	if other*1000 <= all*maxCells {
		return ""
	}
	return fmt.Sprintf("%d of %d cells of %d pixels are darker or lighter by more than %d of 255, most (%.0f) at %v", other, all, cellPixels, maxLevels, most, worst)
}

// brightness is the mean of a cell, from 0 to 255.
func brightness(picture image.Image, cell image.Rectangle) float64 {
	var sum float64
	for y := cell.Min.Y; y < cell.Max.Y; y++ {
		for x := cell.Min.X; x < cell.Max.X; x++ {
			r, g, b, _ := picture.At(x, y).RGBA()
			sum += float64(299*r+587*g+114*b) / 1000 / 257
		}
	}
	return sum / float64(cell.Dx()*cell.Dy())
}

// root is the directory of the repository: the one with go.mod above the test.
func root(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		_, err := os.Stat(filepath.Join(dir, "go.mod"))
		if err == nil {
			return dir
		}
		above := filepath.Dir(dir)
		if !errors.Is(err, fs.ErrNotExist) || above == dir {
			tb.Fatalf("no go.mod above the test: %v", err)
		}
		dir = above
	}
}
