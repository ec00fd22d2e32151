package karlo_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/karlo/painter"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/sandboxtest"
)

// members is a JSON object.
type members map[string]any

// world is a sandbox with the calls that these tests make often.
type world struct{ *sandboxtest.World }

// karlo calls an operation of Karlo with the REST API key.
func (w *world) karlo(operation string, body members) sandboxtest.Answer {
	w.T.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		w.T.Fatal(err)
	}
	return w.karloRaw(operation, "KakaoAK "+w.Keys.RESTKey, "application/json", text)
}

func (w *world) karloRaw(operation, authorization, contentType string, body []byte) sandboxtest.Answer {
	w.T.Helper()
	r, err := http.NewRequestWithContext(w.T.Context(), http.MethodPost, w.URL+"/v2/inference/karlo/"+operation, bytes.NewReader(body))
	if err != nil {
		w.T.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	a, err := w.Do(r)
	if err != nil {
		w.T.Fatal(err)
	}
	return a
}

// karloResult is the answer of the operations that paint.
type karloResult struct {
	ID           string `json:"id"`
	ModelVersion string `json:"model_version"`
	Images       []struct {
		ID       string   `json:"id"`
		Seed     int64    `json:"seed"`
		Image    string   `json:"image"`
		Detected *bool    `json:"nsfw_content_detected"`
		Score    *float64 `json:"nsfw_score"`
	} `json:"images"`
}

// paint makes a call that has to give images.
func (w *world) paint(operation string, body members) karloResult {
	w.T.Helper()
	a := w.karlo(operation, body)
	w.OK(a)
	var result karloResult
	if err := json.Unmarshal(a.Body, &result); err != nil || result.ID == "" || len(result.Images) == 0 {
		w.T.Fatalf("%s: %v", a.Body, err)
	}
	return result
}

// encoded is a picture as a file in base64.
func encoded(t *testing.T, picture image.Image, format string) string {
	t.Helper()
	f, err := painter.Write(picture, format, 90)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(f.Data)
}

// decoded is the picture in a result of the form base64_string.
func decoded(t *testing.T, text string) (image.Image, string) {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	picture, format, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return picture, format
}

var _, _ = jpeg.Decode, png.Decode // image.Decode knows them by import

func TestKarloPaintsTheSameFromTheSameSeed(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	body := members{"prompt": "a paper boat", "samples": 2, "seed": []int64{11, 4294967295}, "return_type": "base64_string", "nsfw_checker": true}
	first, again := w.paint("t2i", body), w.paint("t2i", body)
	if len(first.Images) != 2 || first.Images[0].Seed != 11 || first.Images[1].Seed != 4294967295 || first.ModelVersion != "2.0.4.0" {
		t.Fatalf("result %+v", first)
	}
	for i, made := range first.Images {
		if made.Image != again.Images[i].Image || made.ID == again.Images[i].ID {
			t.Errorf("image %d: the same request gives another picture, or the same id", i)
		}
		if picture, format := decoded(t, made.Image); picture.Bounds().Size() != image.Pt(512, 512) || format != "png" {
			t.Errorf("image %d is a %s of %v", i, format, picture.Bounds().Size())
		}
		if made.Detected == nil || *made.Detected || made.Score == nil || *made.Score != 0 {
			t.Errorf("image %d: verdict %v, %v", i, made.Detected, made.Score)
		}
	}
	if first.Images[0].Image == first.Images[1].Image {
		t.Error("two seeds give one picture")
	}

	// Without seeds they are drawn, the same ones after a reset.
	w.Control("POST", "reset", "")
	drawn := w.paint("t2i", members{"prompt": "a lamp", "samples": 8, "seed": nil})
	w.Control("POST", "reset", "")
	if repeated := w.paint("t2i", members{"prompt": "a lamp", "samples": 8}); len(drawn.Images) != 8 || repeated.Images[7].Seed != drawn.Images[7].Seed {
		t.Errorf("drawn %v, after a reset %v", drawn.Images, repeated.Images)
	}
	if next := w.paint("t2i", members{"prompt": "a lamp"}); next.Images[0].Seed == drawn.Images[0].Seed {
		t.Error("the next call draws the seed of the first")
	}
}

func TestKarloPaintsWhatIsAsked(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	for name, c := range map[string]struct {
		body   members
		size   image.Point
		format string
		model  string
	}{
		"v2.1":        {members{"version": "v2.1", "width": 1280, "height": 8}, image.Pt(1280, 8), "png", "2.1.0"},
		"v2.1, usual": {members{"version": "v2.1"}, image.Pt(1024, 1024), "png", "2.1.0"},
		"v2.0":        {members{"version": "v2.0", "width": 384, "height": 640}, image.Pt(384, 640), "png", "2.0.4.0"},
		"upscaled":    {members{"width": 384, "height": 392, "upscale": true}, image.Pt(768, 784), "png", "2.0.4.0"},
		"by four":     {members{"width": 384, "height": 512, "upscale": true, "scale": 4}, image.Pt(1536, 2048), "png", "2.0.4.0"},
		"no upscale":  {members{"width": 384, "height": 384, "scale": 4}, image.Pt(384, 384), "png", "2.0.4.0"},
		"jpeg":        {members{"image_format": "jpeg", "image_quality": 1}, image.Pt(512, 512), "jpeg", "2.0.4.0"},
		// The standard library cannot write WebP.
		"webp": {members{"image_format": "webp"}, image.Pt(512, 512), "png", "2.0.4.0"},
		"all": {members{
			"negative_prompt": "text", "prior_num_inference_steps": 10, "prior_guidance_scale": 1, "num_inference_steps": 100,
			"guidance_scale": 20.0, "scheduler": "decoder_ddpm_v_prediction", "image_format": "png",
		}, image.Pt(512, 512), "png", "2.0.4.0"},
	} {
		c.body["prompt"], c.body["return_type"] = "a lamp", "base64_string"
		result := w.paint("t2i", c.body)
		if picture, format := decoded(t, result.Images[0].Image); picture.Bounds().Size() != c.size || format != c.format || result.ModelVersion != c.model {
			t.Errorf("%s: model %s made a %s of %v", name, result.ModelVersion, format, picture.Bounds().Size())
		}
	}
	if long := w.karlo("t2i", members{"prompt": strings.Repeat("a", 300), "version": "v2.1", "width": 8, "height": 8}); long.Status != 200 {
		t.Errorf("a long prompt with v2.1: %s", long.Body)
	}
}

func TestKarloURLsLiveTenMinutes(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	made := w.paint("t2i", members{"prompt": "a lamp", "image_format": "jpeg"})
	whole, err := url.Parse(made.Images[0].Image)
	if err != nil {
		t.Fatal(err)
	}
	if want := w.URL + "/dna/karlo/image/2026-03-02/10/" + made.Images[0].ID + ".jpeg"; !strings.HasPrefix(whole.String(), want+"?credential=") {
		t.Errorf("the URL is %s, want %s", whole, want)
	}
	fetch := func(address url.URL) sandboxtest.Answer {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address.String(), nil)
		if err != nil {
			t.Fatal(err)
		}
		a, err := w.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	a := fetch(*whole)
	if picture, format, err := image.Decode(bytes.NewReader(a.Body)); err != nil || format != "jpeg" || picture.Bounds().Dx() != 512 || a.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("behind the URL: %d %s, %v", a.Status, a.Header.Get("Content-Type"), err)
	}
	for name, change := range map[string]func(*url.URL, url.Values){
		"no signature":   func(_ *url.URL, q url.Values) { q.Del("signature") },
		"longer life":    func(_ *url.URL, q url.Values) { q.Set("expires", "9999999999") },
		"another file":   func(u *url.URL, _ url.Values) { u.Path = strings.Replace(u.Path, made.Images[0].ID, made.ID, 1) },
		"another format": func(u *url.URL, _ url.Values) { u.Path = strings.Replace(u.Path, ".jpeg", ".png", 1) },
	} {
		changed, query := *whole, whole.Query()
		change(&changed, query)
		changed.RawQuery = query.Encode()
		if a := fetch(changed); a.Status != http.StatusForbidden {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
	w.Advance(599 * time.Second)
	if a := fetch(*whole); a.Status != http.StatusOK {
		t.Errorf("after 599 s: %d", a.Status)
	}
	w.Advance(time.Second)
	if a := fetch(*whole); a.Status != http.StatusForbidden {
		t.Errorf("after 600 s: %d", a.Status)
	}
	calls := w.Control("GET", "calls", "")["calls"].([]any)
	if key := calls[len(calls)-1].(map[string]any)["route"]; len(calls) != 8 || key != "GET /dna/karlo/image/{date}/{hour}/{file}" {
		t.Errorf("%d calls, the last to %v", len(calls), key)
	}
}

func TestKarloChangesPictures(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	source, mask := painter.Paint("a source", 1, 64, 64), painter.Paint("a mask", 1, 64, 64)
	for i := range mask.Pix { // black at the top, white below
		mask.Pix[i] = 0xff
		if i < len(mask.Pix)/2 && i%4 != 3 {
			mask.Pix[i] = 0
		}
	}
	file := encoded(t, source, "png")
	varied := w.paint("variations", members{"image": file, "samples": 2, "seed": []int64{1, 2}, "return_type": "base64_string"})
	if varied.Images[0].Image == varied.Images[1].Image {
		t.Error("two seeds give one variation")
	}

	repainted := w.paint("inpainting", members{"image": file, "mask": encoded(t, mask, "png"), "prompt": "a red hat", "return_type": "base64_string"})
	picture, _ := decoded(t, repainted.Images[0].Image)
	kept, changed := painter.Enlarge(source, 8), 0
	for y := range 512 {
		for x := range 512 {
			if same := picture.At(x, y) == kept.At(x, y); !same && y >= 256 {
				t.Fatalf("at %d, %d the mask is white and the picture changed", x, y)
			} else if !same {
				changed++
			}
		}
	}
	if changed < 512*256/4 {
		t.Errorf("of what the mask has in black, %d pixels changed", changed)
	}

	a := w.karlo("upscale", members{"images": []string{file, encoded(t, source, "jpeg")}, "scale": 4, "return_type": "base64_string"})
	large := w.OK(a)["images"].([]any)
	if len(large) != 2 {
		t.Fatalf("%d results", len(large))
	}
	picture, _ = decoded(t, large[0].(string))
	for _, at := range []image.Point{{0, 0}, {255, 255}, {31, 200}} {
		if got, want := picture.At(at.X, at.Y), source.At(at.X/4, at.Y/4); picture.Bounds().Size() != image.Pt(256, 256) || got != want {
			t.Errorf("enlarged to %v, at %v %v, want %v", picture.Bounds().Size(), at, got, want)
		}
	}
	twice := w.OK(w.karlo("upscale", members{"images": []string{heic}}))
	if address := twice["images"].([]any)[0].(string); !strings.HasPrefix(address, w.URL+"/dna/karlo/image/") {
		t.Errorf("a HEIC file enlarged: %s", address)
	}
}

// heic is the head of a HEIC file.
var heic = base64.StdEncoding.EncodeToString([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"))

func TestKarloFindsWhatIsUnsafe(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	made := w.paint("t2i", members{"prompt": "something nsfw", "return_type": "base64_string", "nsfw_checker": true}).Images[0]
	if made.Detected == nil || !*made.Detected || *made.Score != 1 {
		t.Errorf("verdict %v, %v", made.Detected, made.Score)
	}
	verdicts := w.OK(w.karlo("nsfw_checker", members{"images": []string{encoded(t, painter.Paint("a lamp", 1, 32, 32), "jpeg"), made.Image}}))["results"].([]any)
	for i, want := range []bool{false, true} {
		verdict := verdicts[i].(map[string]any)
		if verdict["nsfw_content_detected"] != want || verdict["nsfw_score"] == nil {
			t.Errorf("image %d: %v", i, verdict)
		}
	}
}

func TestKarloRefuses(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{})}
	file, small := encoded(t, painter.Paint("a", 1, 64, 64), "png"), encoded(t, painter.Paint("a", 1, 32, 32), "png")
	large := encoded(t, painter.Paint("a", 1, 1032, 8), "png")
	text := base64.StdEncoding.EncodeToString([]byte("not an image at all"))
	nine := []string{file, file, file, file, file, file, file, file, file}
	heavy := base64.StdEncoding.EncodeToString(append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 2<<20)...))
	for name, c := range map[string]struct {
		operation string
		body      members
		code      string
	}{
		"no prompt":                     {"t2i", members{}, "-2"},
		"empty prompt":                  {"t2i", members{"prompt": ""}, "-2"},
		"long prompt":                   {"t2i", members{"prompt": strings.Repeat("a", 257)}, "-2"},
		"long prompt, v2.0":             {"t2i", members{"prompt": strings.Repeat("a", 257), "version": "v2.0"}, "-2"},
		"long prompt, variation":        {"variations", members{"image": file, "prompt": strings.Repeat("a", 257)}, "-2"},
		"long negative prompt":          {"t2i", members{"prompt": "a", "negative_prompt": strings.Repeat("ㄱ", 257)}, "-2"},
		"unknown version":               {"t2i", members{"prompt": "a", "version": "v3"}, "-2"},
		"width no multiple of 8":        {"t2i", members{"prompt": "a", "width": 510}, "-2"},
		"width under v2.0":              {"t2i", members{"prompt": "a", "width": 376}, "-2"},
		"height over v2.0":              {"t2i", members{"prompt": "a", "height": 648}, "-2"},
		"height over v2.1":              {"t2i", members{"prompt": "a", "version": "v2.1", "height": 1288}, "-2"},
		"scale of 3":                    {"t2i", members{"prompt": "a", "scale": 3}, "-2"},
		"upscaled too large":            {"t2i", members{"prompt": "a", "version": "v2.1", "width": 1280, "upscale": true}, "-2"},
		"usual size upscaled too large": {"t2i", members{"prompt": "a", "version": "v2.1", "upscale": true, "scale": 4}, "-2"},
		"format":                        {"t2i", members{"prompt": "a", "image_format": "gif"}, "-2"},
		"quality":                       {"t2i", members{"prompt": "a", "image_quality": 0}, "-2"},
		"no samples":                    {"t2i", members{"prompt": "a", "samples": 0}, "-2"},
		"nine samples":                  {"t2i", members{"prompt": "a", "samples": 9}, "-2"},
		"return type":                   {"t2i", members{"prompt": "a", "return_type": "bytes"}, "-2"},
		"prior steps":                   {"t2i", members{"prompt": "a", "prior_num_inference_steps": 9}, "-2"},
		"prior guidance":                {"t2i", members{"prompt": "a", "prior_guidance_scale": 20.1}, "-2"},
		"steps":                         {"t2i", members{"prompt": "a", "num_inference_steps": 101}, "-2"},
		"guidance":                      {"t2i", members{"prompt": "a", "guidance_scale": 0.9}, "-2"},
		"scheduler":                     {"t2i", members{"prompt": "a", "scheduler": "none"}, "-2"},
		"too few seeds":                 {"t2i", members{"prompt": "a", "samples": 2, "seed": []int{1}}, "-2"},
		"seed without samples":          {"t2i", members{"prompt": "a", "seed": []int{1, 2}}, "-2"},
		"no seeds":                      {"t2i", members{"prompt": "a", "seed": []int{}}, "-2"},
		"negative seed":                 {"t2i", members{"prompt": "a", "seed": []int{-1}}, "-2"},
		"seed of 33 bits":               {"t2i", members{"prompt": "a", "seed": []int{1 << 32}}, "-2"},
		"seed that is no list":          {"t2i", members{"prompt": "a", "seed": 1}, "-2"},
		"text for a boolean":            {"t2i", members{"prompt": "a", "upscale": "true"}, "-2"},
		"prior of a variation":          {"variations", members{"image": file, "prior_guidance_scale": 5}, "-2"},
		"image of t2i":                  {"t2i", members{"prompt": "a", "image": file}, "-2"},
		"version of inpainting":         {"inpainting", members{"image": file, "mask": file, "version": "v2.0"}, "-2"},
		"no image":                      {"variations", members{"prompt": "a"}, "-2"},
		"empty image":                   {"variations", members{"image": ""}, "-2"},
		"image not in base64":           {"variations", members{"image": "!" + file}, "-2"},
		"image in a data: URL":          {"variations", members{"image": "data:image/png;base64," + file}, "-2"},
		"image that is none":            {"variations", members{"image": text}, "-911"},
		"HEIC":                          {"variations", members{"image": heic}, "-911"},
		"heavy image":                   {"variations", members{"image": heavy}, "-2"},
		"no mask":                       {"inpainting", members{"image": file}, "-2"},
		"mask that is none":             {"inpainting", members{"image": file, "mask": text}, "-911"},
		"mask of another size":          {"inpainting", members{"image": file, "mask": small}, "-2"},
		"no images":                     {"upscale", members{"images": []string{}}, "-2"},
		"nine images":                   {"upscale", members{"images": nine}, "-2"},
		"images not in base64":          {"upscale", members{"images": []string{file, "?"}}, "-2"},
		"images that are none":          {"upscale", members{"images": []string{file, text}}, "-911"},
		"image over 1024 pixels":        {"upscale", members{"images": []string{large}}, "-2"},
		"result over 2048 pixels":       {"upscale", members{"images": []string{encoded(t, painter.Paint("a", 1, 520, 8), "png")}, "scale": 4}, "-2"},
		"nine to check":                 {"nsfw_checker", members{"images": nine}, "-2"},
		"HEIC to check":                 {"nsfw_checker", members{"images": []string{heic}}, "-911"},
	} {
		t.Run(name, func(t *testing.T) { sandboxtest.WantFailure(t, w.karlo(c.operation, c.body), 400, c.code) })
	}
	good := []byte(`{"prompt":"a"}`)
	sandboxtest.WantFailure(t, w.karloRaw("t2i", "KakaoAK "+w.Keys.RESTKey, "application/x-www-form-urlencoded", good), 400, "-8")
	sandboxtest.WantFailure(t, w.karloRaw("t2i", "", "application/json", good), 401, "-401")
	for _, authorization := range []string{w.Admin(), w.Bearer("mina"), "KakaoAK " + w.Keys.JavaScriptKey, "KakaoAK " + sandboxtest.ZeroKey} {
		sandboxtest.WantFailure(t, w.karloRaw("t2i", authorization, "application/json", good), 401, "-401")
	}
	if shown := w.Control("GET", "karlo", ""); shown["images_today"] != json.Number("0") {
		t.Errorf("what was refused is counted: %v", shown)
	}
	if a := w.karloRaw("upscale", "KakaoAK "+w.Keys.RESTKey, "application/json", make([]byte, 25<<20)); a.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("25 MiB: %d", a.Status)
	}
}

func TestKarloCountsImagesAndNotCalls(t *testing.T) {
	w := &world{sandboxtest.New(t, sandbox.Options{KarloImagesPerDay: 10})}
	file := encoded(t, painter.Paint("a", 1, 16, 16), "png")
	w.paint("t2i", members{"prompt": "a lamp", "samples": 4, "width": 384, "height": 384})
	w.OK(w.karlo("upscale", members{"images": []string{file, file, file}}))
	w.OK(w.karlo("nsfw_checker", members{"images": []string{file, file}}))
	sandboxtest.WantFailure(t, w.karlo("variations", members{"image": file, "samples": 2}), 400, "-10")
	w.paint("variations", members{"image": file, "width": 384, "height": 384})
	sandboxtest.WantFailure(t, w.karlo("nsfw_checker", members{"images": []string{file}}), 400, "-10")

	shown := w.Control("GET", "karlo", "")
	jobs := shown["jobs"].([]any)
	if shown["images_today"] != json.Number("10") || shown["images_this_month"] != json.Number("10") || len(jobs) != 4 {
		t.Fatalf("shown %v", shown)
	}
	if first := jobs[0].(map[string]any); first["operation"] != "t2i" || first["prompt"] != "a lamp" || len(first["images"].([]any)) != 4 {
		t.Errorf("the first job: %v", first)
	}

	// The day turns at midnight in Korea: from 10:02:03 it is 13:57:57 away.
	w.Advance(13*time.Hour + 57*time.Minute + 56*time.Second)
	sandboxtest.WantFailure(t, w.karlo("nsfw_checker", members{"images": []string{file}}), 400, "-10")
	w.Advance(time.Second)
	w.OK(w.karlo("nsfw_checker", members{"images": []string{file}}))
	if shown := w.Control("GET", "karlo", ""); shown["images_today"] != json.Number("1") || shown["images_this_month"] != json.Number("11") {
		t.Errorf("on the next day: %v", shown)
	}
}
