package painter

import (
	"crypto/sha256"
	"encoding/binary"
	"image"
	"strings"
)

// Unsafe is the word in a prompt that makes a picture which Score finds not safe
// for work.
const Unsafe = "nsfw"

// pixel is red, green, blue and opacity.
type pixel [4]byte

// alarm is the pixel that Score looks for; those of the palette are far from it.
var alarm = pixel{0xd0, 0x10, 0x20, 0xff}

var palette = [...]pixel{
	{0x1d, 0x35, 0x57, 0xff}, {0x45, 0x7b, 0x9d, 0xff}, {0xa8, 0xda, 0xdc, 0xff}, {0xf1, 0xfa, 0xee, 0xff},
	{0x2a, 0x9d, 0x8f, 0xff}, {0xe9, 0xc4, 0x6a, 0xff}, {0x84, 0xa9, 0x8c, 0xff}, {0x52, 0x79, 0x6f, 0xff},
}

// cells is the number of cells along a side of a pattern.
const cells = 8

// Paint makes the picture of a prompt and a seed: a mirrored pattern of 8 by 8
// cells, stretched to width and height in pixels.
func Paint(prompt string, seed int64, width, height int) *image.RGBA {
	choices := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(prompt), uint64(seed))) //nolint:gosec // any bits will do
	unsafe := strings.Contains(strings.ToLower(prompt), Unsafe)
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			column, row := x*cells/width, y*cells/height
			cell := palette[int(choices[min(column, cells-1-column)*cells+row])%len(palette)]
			if unsafe {
				cell = alarm
			}
			copy(picture.Pix[y*picture.Stride+x*4:], cell[:])
		}
	}
	return picture
}
