package painter

import (
	"image"
	"image/draw"
)

// Vary makes a picture of the given size that resembles the source: its colours
// lean towards the pattern of prompt and seed.
func Vary(source image.Image, prompt string, seed int64, width, height int) *image.RGBA {
	picture, pattern := resize(source, width, height), Paint(prompt, seed, width, height)
	for i, p := range pattern.Pix {
		picture.Pix[i] = uint8((3*int(picture.Pix[i]) + int(p)) / 4) //nolint:gosec // the mean of two bytes
	}
	return picture
}

// Repaint makes a picture of the given size that is the source where the mask is
// light, and the pattern of prompt and seed where it is black.
func Repaint(source, mask image.Image, prompt string, seed int64, width, height int) *image.RGBA {
	picture, pattern, cover := resize(source, width, height), Paint(prompt, seed, width, height), resize(mask, width, height)
	for i := 0; i < len(picture.Pix); i += 4 {
		if c := cover.Pix[i : i+4]; c[0] < dark && c[1] < dark && c[2] < dark && c[3] > 0 {
			copy(picture.Pix[i:i+4], pattern.Pix[i:i+4])
		}
	}
	return picture
}

// dark is what counts as black: JPEG does not keep it exactly.
const dark = 0x20

// Enlarge makes a picture whose sides are factor times as long.
func Enlarge(source image.Image, factor int) *image.RGBA {
	size := source.Bounds().Size()
	return resize(source, size.X*factor, size.Y*factor)
}

// resize takes the nearest pixel of the source for each of the result.
func resize(source image.Image, width, height int) *image.RGBA {
	from, to := pixels(source), image.NewRGBA(image.Rect(0, 0, width, height))
	size := from.Rect.Size()
	for y := range height {
		line := from.Pix[y*size.Y/height*from.Stride:]
		for x := range width {
			at := x * size.X / width * 4
			copy(to.Pix[y*to.Stride+x*4:][:4], line[at:at+4])
		}
	}
	return to
}

// pixels copies a picture of any kind into one whose pixels can be indexed.
func pixels(picture image.Image) *image.RGBA {
	bounds := picture.Bounds()
	copied := image.NewRGBA(image.Rectangle{Max: bounds.Size()})
	draw.Draw(copied, copied.Rect, picture, bounds.Min, draw.Src)
	return copied
}

// samples is how many points along a side Score looks at.
const samples = 64

// Score is the part of the picture that is painted in the colour of Unsafe, from
// 0 to 1: a stand-in for how sure a model would be that a picture is not safe
// for work.
func Score(picture image.Image) float64 {
	bounds, red := picture.Bounds(), 0
	for row := range samples {
		for column := range samples {
			r, g, b, _ := picture.At(bounds.Min.X+column*bounds.Dx()/samples, bounds.Min.Y+row*bounds.Dy()/samples).RGBA()
			if r>>8 > 0x80 && g>>8 < 0x60 && b>>8 < 0x60 {
				red++
			}
		}
	}
	return float64(red) / (samples * samples)
}
