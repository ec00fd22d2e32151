package sandbox

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"net/http"
	"slices"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/painter"
)

// Limits of Karlo. https://developers.kakao.com/docs/latest/en/karlo/rest-api
const (
	maxKarloFile   = 2 << 20  // bytes of an input image
	maxKarloImages = 8        // images in or out of one call
	maxKarloSide   = 2048     // pixels of a result
	maxKarloSource = 1024     // pixels of a side that can still be enlarged
	maxKarloPrompt = 256      // characters, on model 2.0
	maxKarloBody   = 24 << 20 // bytes: eight files in base64, and some more
	maxKarloSeed   = 1<<32 - 1
)

// karloRoutes is Karlo, the image generation of api.kakaobrain.com: version 2 of
// it, where every parameter stands by itself. A painter stands in for the model.
func karloRoutes() []route {
	prompts := []param{{name: "prompt", kind: textUpTo(maxKarloPrompt)}, {name: "negative_prompt", kind: textUpTo(maxKarloPrompt)}}
	version := []param{{name: "version", kind: enum("v2.0", "v2.1")}}
	prior := []param{
		{name: "prior_num_inference_steps", kind: integer(10, 100)},
		{name: "prior_guidance_scale", kind: decimal(1, 20)},
	}
	form := []param{
		{name: "scale", kind: numberOf(2, 4)},
		{name: "image_format", kind: enum("webp", "jpeg", "png")},
		{name: "image_quality", kind: integer(1, 100)},
		{name: "return_type", kind: enum("url", "base64_string")},
	}
	result := slices.Concat(form, []param{
		{name: "width", kind: pictureSide()},
		{name: "height", kind: pictureSide()},
		{name: "upscale", kind: boolean()},
		{name: "samples", kind: integer(1, maxKarloImages)},
		{name: "num_inference_steps", kind: integer(10, 100)},
		{name: "guidance_scale", kind: decimal(1, 20)},
		{name: "scheduler", kind: enum("decoder_ddim_v_prediction", "decoder_ddpm_v_prediction")},
		{name: "seed", kind: seedList()},
		{name: "nsfw_checker", kind: boolean()},
	})
	file := func(name string) param { return param{name: name, kind: base64File(), required: true} }
	files := param{name: "images", kind: base64Files(maxKarloImages), required: true}
	return []route{
		// The length of the prompt depends on the model, so the handler looks.
		karloRoute("t2i", postGenerate, []param{{name: "prompt", kind: text(), required: true}}, prompts[1:], version, prior, result),
		karloRoute("variations", postVariations, []param{file("image")}, prompts, version, result),
		karloRoute("inpainting", postInpainting, []param{file("image"), file("mask")}, prompts, prior, result),
		karloRoute("upscale", postUpscale, []param{files}, form),
		karloRoute("nsfw_checker", postNSFWChecker, []param{files}),
		pictureRoute(),
	}
}

func karloRoute(operation string, handle handler, params ...[]param) route {
	return route{
		methods: []string{http.MethodPost}, host: karloHost, path: "/v2/inference/karlo/" + operation, accepts: restKey,
		body: jsonBody, maxBody: maxKarloBody, params: slices.Concat(params...), handle: handle,
	}
}

// karloModel is what differs between the models: the sides that they paint, in
// pixels.
type karloModel struct {
	version                  string
	shortest, usual, longest int64
}

// modelOf is the model that a call names. Which one Karlo takes by itself is not
// documented.
func modelOf(r *request) karloModel {
	if r.text("version") == "v2.1" {
		return karloModel{"2.1.0", 8, 1024, 1280}
	}
	return karloModel{"2.0.4.0", 384, 512, 640}
}

// karloOrder is what all calls that paint have in common.
type karloOrder struct {
	model         karloModel
	width, height int // of the result, enlarged
	seeds         []int64
}

// readKarloOrder holds the parameters against each other and against the model.
func readKarloOrder(r *request) (karloOrder, *kakaoError) {
	o := karloOrder{model: modelOf(r)}
	factor := int64(1)
	if r.bool("upscale") {
		factor = r.int64("scale", 2)
	}
	for _, side := range []struct {
		name   string
		length *int
	}{{"width", &o.width}, {"height", &o.height}} {
		asked := r.int64(side.name, o.model.usual)
		switch {
		case asked < o.model.shortest || asked > o.model.longest:
			return o, badKarlo(side.name, fmt.Sprintf("must be from %d to %d with model %s", o.model.shortest, o.model.longest, o.model.version))
		case asked*factor > maxKarloSide:
			return o, badKarlo("scale", fmt.Sprintf("a result has at most %d pixels a side", maxKarloSide))
		}
		*side.length = int(asked * factor)
	}
	samples := int(r.int64("samples", 1))
	if o.seeds = r.int64s("seed"); o.seeds == nil {
		o.seeds = r.state.karlo.draw(r.text("prompt"), samples)
	}
	if len(o.seeds) != samples {
		return o, badKarlo("seed", fmt.Sprintf("must hold %d numbers, one for each of samples", samples))
	}
	return o, nil
}

// badKarlo is the failure of a parameter that only fits badly.
func badKarlo(name, detail string) *kakaoError { return newFailure("-2", unsatisfied(name, detail)) }

func postGenerate(r *request) (any, *kakaoError) {
	prompt := r.text("prompt")
	if len([]rune(prompt)) > maxKarloPrompt && r.text("version") != "v2.1" {
		return nil, badKarlo("prompt", fmt.Sprintf("must be at most %d characters", maxKarloPrompt))
	}
	return paintAll(r, func(seed int64, width, height int) image.Image {
		return painter.Paint(prompt, seed, width, height)
	})
}

func postVariations(r *request) (any, *kakaoError) {
	source, e := readPicture("image", value[[]byte](r, "image"))
	if e != nil {
		return nil, e
	}
	return paintAll(r, func(seed int64, width, height int) image.Image {
		return painter.Vary(source, r.text("prompt"), seed, width, height)
	})
}

func postInpainting(r *request) (any, *kakaoError) {
	source, e := readPicture("image", value[[]byte](r, "image"))
	if e != nil {
		return nil, e
	}
	mask, e := readPicture("mask", value[[]byte](r, "mask"))
	if e != nil {
		return nil, e
	}
	if mask.Bounds().Size() != source.Bounds().Size() {
		return nil, badKarlo("mask", "must have the size of image")
	}
	return paintAll(r, func(seed int64, width, height int) image.Image {
		return painter.Repaint(source, mask, r.text("prompt"), seed, width, height)
	})
}

// karloImage is one result of the calls that paint.
type karloImage struct {
	ID    string `json:"id"`
	Seed  int64  `json:"seed"`
	Image string `json:"image"`
	// Only with nsfw_checker.
	Detected *bool    `json:"nsfw_content_detected,omitempty"`
	Score    *float64 `json:"nsfw_score,omitempty"`
}

// paintAll paints a picture for each seed.
func paintAll(r *request, paint func(seed int64, width, height int) image.Image) (any, *kakaoError) {
	order, e := readKarloOrder(r)
	if e != nil {
		return nil, e
	}
	if e := r.state.karlo.count(r, len(order.seeds)); e != nil {
		return nil, e
	}
	images, job := []karloImage{}, r.state.karlo.begin(r)
	for _, seed := range order.seeds {
		picture := paint(seed, order.width, order.height)
		made := karloImage{ID: newRequestID(), Seed: seed}
		if made.Image, e = handOut(r, job, made.ID, picture); e != nil {
			return nil, e
		}
		if r.bool("nsfw_checker") {
			score := painter.Score(picture)
			detected := score >= nsfwThreshold
			made.Detected, made.Score = &detected, &score
		}
		images = append(images, made)
	}
	return map[string]any{"id": job.ID, "model_version": order.model.version, "images": images}, nil
}

// nsfwThreshold is the score from which an image is called not safe for work.
const nsfwThreshold = 0.5

func postUpscale(r *request) (any, *kakaoError) {
	factor := int(r.int64("scale", 2))
	var sources []image.Image
	for i, file := range value[[][]byte](r, "images") {
		name := fmt.Sprintf("images[%d]", i)
		source, e := readPicture(name, file, painter.HEIC)
		if e != nil {
			return nil, e
		}
		switch size := source.Bounds().Size(); {
		case size.X > maxKarloSource || size.Y > maxKarloSource:
			return nil, badKarlo(name, fmt.Sprintf("must have at most %d pixels a side", maxKarloSource))
		case size.X*factor > maxKarloSide || size.Y*factor > maxKarloSide:
			return nil, badKarlo("scale", fmt.Sprintf("a result has at most %d pixels a side", maxKarloSide))
		}
		sources = append(sources, source)
	}
	if e := r.state.karlo.count(r, len(sources)); e != nil {
		return nil, e
	}
	results, job := []string{}, r.state.karlo.begin(r)
	for _, source := range sources {
		result, e := handOut(r, job, newRequestID(), painter.Enlarge(source, factor))
		if e != nil {
			return nil, e
		}
		results = append(results, result)
	}
	return map[string]any{"id": job.ID, "model_version": "1.0.0", "images": results}, nil
}

func postNSFWChecker(r *request) (any, *kakaoError) {
	type verdict struct {
		Detected bool    `json:"nsfw_content_detected"`
		Score    float64 `json:"nsfw_score"`
	}
	verdicts := []verdict{}
	for i, file := range value[[][]byte](r, "images") {
		picture, e := readPicture(fmt.Sprintf("images[%d]", i), file)
		if e != nil {
			return nil, e
		}
		score := painter.Score(picture)
		verdicts = append(verdicts, verdict{score >= nsfwThreshold, score})
	}
	if e := r.state.karlo.count(r, len(verdicts)); e != nil {
		return nil, e
	}
	return map[string]any{"id": r.state.karlo.begin(r).ID, "model_version": "1.0.0", "results": verdicts}, nil
}

// readPicture reads an input image: JPEG, PNG and WebP always, other formats
// where they are named.
func readPicture(name string, file []byte, others ...string) (image.Image, *kakaoError) {
	if len(file) > maxKarloFile {
		return nil, badKarlo(name, "must be a file of at most 2 MB")
	}
	picture, format, err := painter.Read(file)
	switch {
	case errors.Is(err, painter.ErrLarge):
		return nil, badKarlo(name, fmt.Sprintf("must have at most %d pixels a side", painter.Largest))
	case err != nil, format == painter.HEIC && !slices.Contains(others, format):
		return nil, newFailure("-911", "")
	}
	return picture, nil
}

// draw chooses seeds that follow from the prompt and from how much has been
// painted before: the same calls after a reset give the same pictures.
func (k *karlo) draw(prompt string, samples int) []int64 {
	drawn := []int64{}
	for i := range samples {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", prompt, k.total+i))
		drawn = append(drawn, int64(binary.BigEndian.Uint32(sum[:])))
	}
	return drawn
}
