package painter

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"math"
	"strings"
	"testing"
)

// plain is a picture of one colour.
func plain(p pixel, width, height int) *image.RGBA {
	picture := image.NewRGBA(image.Rect(10, 20, 10+width, 20+height)) // a picture need not start at 0
	fill(picture, picture.Rect, p)
	return picture
}

func fill(picture *image.RGBA, area image.Rectangle, p pixel) {
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			copy(picture.Pix[picture.PixOffset(x, y):], p[:])
		}
	}
}

// at is the pixel of a picture at a place.
func at(picture *image.RGBA, x, y int) pixel { return pixel(picture.Pix[picture.PixOffset(x, y):][:4]) }

var (
	white = pixel{0xff, 0xff, 0xff, 0xff}
	grey  = pixel{0x77, 0x77, 0x77, 0xff}
)

// file writes a picture losslessly.
func file(t *testing.T, picture image.Image, format string) []byte {
	t.Helper()
	f, err := Write(picture, format, 90)
	if err != nil {
		t.Fatal(err)
	}
	return f.Data
}

func TestAPatternFollowsFromPromptAndSeedAlone(t *testing.T) {
	first := file(t, Paint("a lamp", 1, 64, 40), PNG)
	if !bytes.Equal(first, file(t, Paint("a lamp", 1, 64, 40), PNG)) {
		t.Error("the same prompt and seed give two pictures")
	}
	for name, other := range map[string]image.Image{"prompt": Paint("a boat", 1, 64, 40), "seed": Paint("a lamp", 2, 64, 40)} {
		if bytes.Equal(first, file(t, other, PNG)) {
			t.Errorf("another %s gives the same picture", name)
		}
	}
	if size := Paint("a lamp", math.MaxUint32, 3, 5).Bounds().Size(); size != image.Pt(3, 5) {
		t.Errorf("the size is %v", size)
	}
}

func TestOnlyUnsafePromptsScore(t *testing.T) {
	for prompt, want := range map[string]float64{"a lamp": 0, "": 0, "NSFW lamp": 1} {
		if got := Score(Paint(prompt, 7, 100, 100)); got != want {
			t.Errorf("%q scores %v, want %v", prompt, got, want)
		}
	}
	half := image.NewRGBA(image.Rect(0, 0, 64, 64))
	fill(half, image.Rect(0, 0, 64, 32), alarm)
	if got := Score(half); got != 0.5 {
		t.Errorf("half a picture scores %v", got)
	}
}

func TestARepaintedPictureStaysWhereTheMaskIsLight(t *testing.T) {
	mask := plain(white, 4, 4)
	fill(mask, image.Rect(10, 20, 12, 24), pixel{0, 0, 0, 0xff})
	picture, pattern := Repaint(plain(grey, 4, 4), mask, "a hat", 3, 80, 40), Paint("a hat", 3, 80, 40)
	for _, place := range []image.Point{{0, 0}, {39, 39}, {40, 0}, {79, 39}} {
		want := grey
		if place.X < 40 {
			want = at(pattern, place.X, place.Y)
		}
		if got := at(picture, place.X, place.Y); got != want {
			t.Errorf("at %v: %v, want %v", place, got, want)
		}
	}
	// What is cut out of the mask is not painted over.
	if through := Repaint(plain(grey, 4, 4), image.NewRGBA(image.Rect(0, 0, 4, 4)), "a hat", 3, 8, 8); at(through, 0, 0) != grey {
		t.Errorf("a transparent mask paints %v", at(through, 0, 0))
	}
}

func TestAVariationResemblesItsSource(t *testing.T) {
	source := plain(white, 16, 16)
	one, two := Vary(source, "", 1, 32, 32), Vary(source, "", 2, 32, 32)
	if bytes.Equal(file(t, one, PNG), file(t, two, PNG)) {
		t.Error("two seeds give one variation")
	}
	for y := range 32 {
		for x := range 32 {
			if p := at(one, x, y); p[0] < 0xbf || p[1] < 0xbf || p[2] < 0xbf {
				t.Fatalf("at %d, %d a variation of white is %v", x, y, p)
			}
		}
	}
}

func TestAnEnlargedPictureIsTheSameOne(t *testing.T) {
	source := Paint("a lamp", 5, 24, 16)
	large := Enlarge(source, 4)
	if large.Bounds().Size() != image.Pt(96, 64) {
		t.Fatalf("the size is %v", large.Bounds().Size())
	}
	for y := range 64 {
		for x := range 96 {
			if got, want := at(large, x, y), at(source, x/4, y/4); got != want {
				t.Fatalf("at %d, %d: %v, want %v", x, y, got, want)
			}
		}
	}
	if got := at(Enlarge(plain(alarm, 3, 3), 2), 5, 5); got != alarm {
		t.Errorf("a picture that does not start at 0: %v", got)
	}
}

func TestFilesAreReadBack(t *testing.T) {
	picture := Paint("a lamp", 5, 64, 48)
	for format, wrote := range map[string]string{PNG: PNG, JPEG: JPEG, WebP: PNG, "": PNG} {
		f, err := Write(picture, format, 80)
		if err != nil {
			t.Fatal(err)
		}
		back, read, err := Read(f.Data)
		if err != nil || f.Format != wrote || read != wrote || f.MediaType() != "image/"+wrote || back.Bounds().Size() != image.Pt(64, 48) {
			t.Errorf("asked for %q: wrote %s (%s), read %s %v, %v", format, f.Format, f.MediaType(), read, back, err)
		}
	}
	coarse, errCoarse := Write(picture, JPEG, 1)
	fine, errFine := Write(picture, JPEG, 100)
	if errCoarse != nil || errFine != nil || len(coarse.Data) >= len(fine.Data) {
		t.Errorf("quality 1 has %d bytes, quality 100 has %d; %v, %v", len(coarse.Data), len(fine.Data), errCoarse, errFine)
	}
}

// riff is the head of a WebP file around one chunk.
func riff(name, data string) []byte {
	chunk := name + string(binary.LittleEndian.AppendUint32(nil, uint32(len(data)))) + data
	return []byte("RIFF" + string(binary.LittleEndian.AppendUint32(nil, uint32(4+len(chunk)))) + "WEBP" + chunk)
}

func TestFormatsThatCannotBeReadHaveAStandIn(t *testing.T) {
	for name, row := range map[string]struct {
		file   []byte
		format string
		size   image.Point
	}{
		"VP8X": {riff("VP8X", "\x00\x00\x00\x00\x7f\x02\x00\xdf\x01\x00"), WebP, image.Pt(640, 480)},
		"VP8L": {riff("VP8L", "\x2f"+string(binary.LittleEndian.AppendUint32(nil, 639|479<<14))+"\x00"), WebP, image.Pt(640, 480)},
		"VP8":  {riff("VP8 ", "\x00\x00\x00\x9d\x01\x2a\x80\x02\xe0\x01"), WebP, image.Pt(640, 480)},
		"HEIC": {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), HEIC, image.Pt(512, 512)},
	} {
		picture, format, err := Read(row.file)
		if err != nil || format != row.format || picture.Bounds().Size() != row.size {
			t.Errorf("%s: %v %q, %v", name, picture, format, err)
		}
	}
}

func TestWhatIsNoPictureIsRefused(t *testing.T) {
	good := file(t, Paint("a lamp", 5, 8, 8), PNG)
	header := []byte("IHDR" + "\x00\x00\x10\x01\x00\x00\x00\x08\x08\x02\x00\x00\x00") // 4097 by 8
	wide := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), binary.BigEndian.AppendUint32(header, crc32.ChecksumIEEE(header))...)
	for name, row := range map[string]struct {
		file []byte
		want error
	}{
		"nothing":                    {nil, ErrFormat},
		"text":                       {[]byte("a red hat"), ErrFormat},
		"GIF":                        {[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), ErrFormat},
		"cut PNG":                    {good[:len(good)/2], ErrFormat},
		"cut JPEG":                   {[]byte("\xff\xd8\xff\xe0"), ErrFormat},
		"WebP without a size":        {riff("VP8L", "")[:16], ErrFormat},
		"WebP of another kind":       {riff("ABCD", strings.Repeat("x", 20)), ErrFormat},
		"VP8L without its signature": {riff("VP8L", strings.Repeat("\x00", 20)), ErrFormat},
		"too large PNG":              {wide, ErrLarge},
		"too large WebP":             {riff("VP8X", "\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff"), ErrLarge},
	} {
		if _, _, err := Read(row.file); !errors.Is(err, row.want) {
			t.Errorf("%s: %v, want %v", name, err, row.want)
		}
	}
}
