package painter

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"slices"
)

// Formats of image files.
const (
	PNG  = "png"
	JPEG = "jpeg"
	WebP = "webp"
	HEIC = "heic"
)

// Largest is the longest side, in pixels, of a picture that Read takes: a small
// file can be made to fill any memory.
const Largest = 4096

var (
	// ErrFormat says that a file is no picture of a known format.
	ErrFormat = errors.New("no image file of a known format")
	// ErrLarge says that a picture has a side longer than Largest.
	ErrLarge = errors.New("the image is too large")
)

// Read reads a file and tells its format. A WebP file gives a pattern of its
// size, a HEIC file one of 512 by 512 pixels: the standard library cannot read
// them.
func Read(file []byte) (picture image.Image, format string, err error) {
	size := image.Pt(512, 512)
	switch format = formatOf(file); format {
	case PNG, JPEG:
		config, _, err := image.DecodeConfig(bytes.NewReader(file))
		if err != nil {
			return nil, "", ErrFormat
		}
		size = image.Pt(config.Width, config.Height)
	case WebP:
		size = webpSize(file)
	case HEIC:
	default:
		return nil, "", ErrFormat
	}
	switch {
	case size.X < 1 || size.Y < 1:
		return nil, "", ErrFormat
	case size.X > Largest || size.Y > Largest:
		return nil, "", ErrLarge
	case format == WebP || format == HEIC:
		return Paint(hex.EncodeToString(file[:12]), int64(len(file)), size.X, size.Y), format, nil
	}
	if picture, _, err = image.Decode(bytes.NewReader(file)); err != nil {
		return nil, "", ErrFormat
	}
	return picture, format, nil
}

// heicBrands are the brands of files that phones call HEIC.
var heicBrands = []string{"heic", "heix", "heim", "heis", "hevc", "mif1", "msf1"}

// formatOf goes by the first bytes, as everybody does.
func formatOf(file []byte) string {
	switch {
	case bytes.HasPrefix(file, []byte("\x89PNG\r\n\x1a\n")):
		return PNG
	case bytes.HasPrefix(file, []byte("\xff\xd8\xff")):
		return JPEG
	case len(file) >= 16 && string(file[:4]) == "RIFF" && string(file[8:12]) == "WEBP":
		return WebP
	case len(file) >= 12 && string(file[4:8]) == "ftyp" && slices.Contains(heicBrands, string(file[8:12])):
		return HEIC
	}
	return ""
}

// webpSize reads the size out of the first chunk of a WebP file; zero when there
// is none. https://developers.google.com/speed/webp/docs/riff_container
func webpSize(file []byte) image.Point {
	chunk := make([]byte, 14) // what is missing of a cut file is zero
	if len(file) > 16 {
		copy(chunk, file[16:])
	}
	switch data := chunk[4:]; string(file[12:16]) {
	case "VP8X": // flags, then width-1 and height-1 in 24 bits each
		return image.Pt(1+int(data[4])+int(data[5])<<8+int(data[6])<<16, 1+int(data[7])+int(data[8])<<8+int(data[9])<<16)
	case "VP8L": // a signature, then width-1 and height-1 in 14 bits each
		if bits := binary.LittleEndian.Uint32(data[1:5]); data[0] == 0x2f {
			return image.Pt(1+int(bits&0x3fff), 1+int(bits>>14&0x3fff))
		}
	case "VP8 ": // a frame tag, a start code, then width and height in 14 bits each
		if string(data[3:6]) == "\x9d\x01\x2a" {
			return image.Pt(int(binary.LittleEndian.Uint16(data[6:])&0x3fff), int(binary.LittleEndian.Uint16(data[8:])&0x3fff))
		}
	}
	return image.Point{}
}

// File is a picture as a file.
type File struct {
	Data []byte
	// Format is PNG or JPEG; it is also how the name of the file ends.
	Format string
}

// MediaType is the Content-Type of the file.
func (f File) MediaType() string { return "image/" + f.Format }

// Write makes a file of the picture: a JPEG of the given quality (1 to 100) if
// that is the format, and a PNG for every other one. So who asks for WebP gets a
// PNG, since the standard library cannot write WebP.
func Write(picture image.Image, format string, quality int) (File, error) {
	var out bytes.Buffer
	if format == JPEG {
		err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: quality})
		return File{out.Bytes(), JPEG}, err
	}
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	err := encoder.Encode(&out, picture)
	return File{out.Bytes(), PNG}, err
}
