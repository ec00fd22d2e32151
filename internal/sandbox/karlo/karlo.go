// Package karlo plays Karlo, the image generation. The package painter stands in
// for its model. https://developers.kakao.com/docs/latest/en/karlo/rest-api
package karlo

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"net/http"
	"slices"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/karlo/painter"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// Limits of Karlo. https://developers.kakao.com/docs/latest/en/karlo/rest-api
const (
	maxFile   = 2 << 20  // bytes of an input image
	maxImages = 8        // images in or out of one call
	maxSide   = 2048     // pixels of a result
	maxSource = 1024     // pixels of a side that can still be enlarged
	maxPrompt = 256      // characters, on model 2.0
	maxBody   = 24 << 20 // bytes: eight files in base64, and some more
	maxSeed   = 1<<32 - 1
)

// Product is Karlo, which takes and makes so many images in a Korean day; 0
// means as many as Kakao documents.
func Product(imagesPerDay int) platform.Product {
	return platform.Product{
		Routes:   routes(),
		Seed:     func(*platform.State) any { return newState(imagesPerDay) },
		Controls: []platform.ControlRoute{{Method: "GET", Name: "karlo", About: "the calls to Karlo and how many images they count", Serve: showJobs}},
	}
}

// Of is what the sandbox remembers of Karlo.
func Of(s *platform.State) *State { return platform.PartOf[State](s) }

// routes is Karlo, the image generation of api.kakaobrain.com: version 2 of
// it, where every parameter stands by itself. A painter stands in for the model.
func routes() []platform.Route {
	prompts := []platform.Param{{Name: "prompt", Kind: textUpTo(maxPrompt)}, {Name: "negative_prompt", Kind: textUpTo(maxPrompt)}}
	version := []platform.Param{{Name: "version", Kind: platform.Enum("v2.0", "v2.1")}}
	prior := []platform.Param{
		{Name: "prior_num_inference_steps", Kind: platform.Integer(10, 100)},
		{Name: "prior_guidance_scale", Kind: platform.Decimal(1, 20)},
	}
	form := []platform.Param{
		{Name: "scale", Kind: numberOf(2, 4)},
		{Name: "image_format", Kind: platform.Enum("webp", "jpeg", "png")},
		{Name: "image_quality", Kind: platform.Integer(1, 100)},
		{Name: "return_type", Kind: platform.Enum("url", "base64_string")},
	}
	result := slices.Concat(form, []platform.Param{
		{Name: "width", Kind: pictureSide()},
		{Name: "height", Kind: pictureSide()},
		{Name: "upscale", Kind: platform.Boolean()},
		{Name: "samples", Kind: platform.Integer(1, maxImages)},
		{Name: "num_inference_steps", Kind: platform.Integer(10, 100)},
		{Name: "guidance_scale", Kind: platform.Decimal(1, 20)},
		{Name: "scheduler", Kind: platform.Enum("decoder_ddim_v_prediction", "decoder_ddpm_v_prediction")},
		{Name: "seed", Kind: seedList()},
		{Name: "nsfw_checker", Kind: platform.Boolean()},
	})
	file := func(name string) platform.Param {
		return platform.Param{Name: name, Kind: base64File(), Required: true}
	}
	files := platform.Param{Name: "images", Kind: base64Files(maxImages), Required: true}
	return []platform.Route{
		// The length of the prompt depends on the model, so the handler looks.
		operationRoute("t2i", postGenerate, []platform.Param{{Name: "prompt", Kind: platform.Text(), Required: true}}, prompts[1:], version, prior, result),
		operationRoute("variations", postVariations, []platform.Param{file("image")}, prompts, version, result),
		operationRoute("inpainting", postInpainting, []platform.Param{file("image"), file("mask")}, prompts, prior, result),
		operationRoute("upscale", postUpscale, []platform.Param{files}, form),
		operationRoute("nsfw_checker", postNSFWChecker, []platform.Param{files}),
		pictureRoute(),
	}
}

func operationRoute(operation string, handle platform.Handler, params ...[]platform.Param) platform.Route {
	return platform.Route{
		Methods: []string{http.MethodPost}, Host: platform.KarloHost, Path: "/v2/inference/karlo/" + operation, Accepts: platform.RESTKey,
		Body: platform.JSONBody, MaxBody: maxBody, Params: slices.Concat(params...), Handle: handle,
	}
}

// modelTraits is what differs between the models: the sides that they paint, in
// pixels.
type modelTraits struct {
	version                  string
	shortest, usual, longest int64
}

// modelOf is the model that a call names. Which one Karlo takes by itself is not
// documented.
func modelOf(r *platform.Request) modelTraits {
	if r.Text("version") == "v2.1" {
		return modelTraits{"2.1.0", 8, 1024, 1280}
	}
	return modelTraits{"2.0.4.0", 384, 512, 640}
}

// paintOrder is what all calls that paint have in common.
type paintOrder struct {
	model         modelTraits
	width, height int // of the result, enlarged
	seeds         []int64
}

// readOrder holds the parameters against each other and against the model.
func readOrder(r *platform.Request) (paintOrder, *platform.Failure) {
	o := paintOrder{model: modelOf(r)}
	factor := int64(1)
	if r.Bool("upscale") {
		factor = r.Int64("scale", 2)
	}
	for _, side := range []struct {
		name   string
		length *int
	}{{"width", &o.width}, {"height", &o.height}} {
		asked := r.Int64(side.name, o.model.usual)
		switch {
		case asked < o.model.shortest || asked > o.model.longest:
			return o, badParameter(side.name, fmt.Sprintf("must be from %d to %d with model %s", o.model.shortest, o.model.longest, o.model.version))
		case asked*factor > maxSide:
			return o, badParameter("scale", fmt.Sprintf("a result has at most %d pixels a side", maxSide))
		}
		*side.length = int(asked * factor)
	}
	samples := int(r.Int64("samples", 1))
	if o.seeds = r.Int64s("seed"); o.seeds == nil {
		o.seeds = Of(r.State).draw(r.Text("prompt"), samples)
	}
	if len(o.seeds) != samples {
		return o, badParameter("seed", fmt.Sprintf("must hold %d numbers, one for each of samples", samples))
	}
	return o, nil
}

// badParameter is the failure of a parameter that only fits badly.
func badParameter(name, detail string) *platform.Failure {
	return platform.NewFailure("-2", platform.Unsatisfied(name, detail))
}

func postGenerate(r *platform.Request) (any, *platform.Failure) {
	prompt := r.Text("prompt")
	if len([]rune(prompt)) > maxPrompt && r.Text("version") != "v2.1" {
		return nil, badParameter("prompt", fmt.Sprintf("must be at most %d characters", maxPrompt))
	}
	return paintAll(r, func(seed int64, width, height int) image.Image {
		return painter.Paint(prompt, seed, width, height)
	})
}

func postVariations(r *platform.Request) (any, *platform.Failure) {
	source, e := readPicture("image", platform.Value[[]byte](r, "image"))
	if e != nil {
		return nil, e
	}
	return paintAll(r, func(seed int64, width, height int) image.Image {
		return painter.Vary(source, r.Text("prompt"), seed, width, height)
	})
}

func postInpainting(r *platform.Request) (any, *platform.Failure) {
	source, e := readPicture("image", platform.Value[[]byte](r, "image"))
	if e != nil {
		return nil, e
	}
	mask, e := readPicture("mask", platform.Value[[]byte](r, "mask"))
	if e != nil {
		return nil, e
	}
	if mask.Bounds().Size() != source.Bounds().Size() {
		return nil, badParameter("mask", "must have the size of image")
	}
	return paintAll(r, func(seed int64, width, height int) image.Image {
		return painter.Repaint(source, mask, r.Text("prompt"), seed, width, height)
	})
}

// paintedImage is one result of the calls that paint.
type paintedImage struct {
	ID    string `json:"id"`
	Seed  int64  `json:"seed"`
	Image string `json:"image"`
	// Only with nsfw_checker.
	Detected *bool    `json:"nsfw_content_detected,omitempty"`
	Score    *float64 `json:"nsfw_score,omitempty"`
}

// paintAll paints a picture for each seed.
func paintAll(r *platform.Request, paint func(seed int64, width, height int) image.Image) (any, *platform.Failure) {
	order, e := readOrder(r)
	if e != nil {
		return nil, e
	}
	if e := Of(r.State).count(r, len(order.seeds)); e != nil {
		return nil, e
	}
	images, job := []paintedImage{}, Of(r.State).begin(r)
	for _, seed := range order.seeds {
		picture := paint(seed, order.width, order.height)
		made := paintedImage{ID: platform.NewRequestID(), Seed: seed}
		if made.Image, e = handOut(r, job, made.ID, picture); e != nil {
			return nil, e
		}
		if r.Bool("nsfw_checker") {
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

func postUpscale(r *platform.Request) (any, *platform.Failure) {
	factor := int(r.Int64("scale", 2))
	var sources []image.Image
	for i, file := range platform.Value[[][]byte](r, "images") {
		name := fmt.Sprintf("images[%d]", i)
		source, e := readPicture(name, file, painter.HEIC)
		if e != nil {
			return nil, e
		}
		switch size := source.Bounds().Size(); {
		case size.X > maxSource || size.Y > maxSource:
			return nil, badParameter(name, fmt.Sprintf("must have at most %d pixels a side", maxSource))
		case size.X*factor > maxSide || size.Y*factor > maxSide:
			return nil, badParameter("scale", fmt.Sprintf("a result has at most %d pixels a side", maxSide))
		}
		sources = append(sources, source)
	}
	if e := Of(r.State).count(r, len(sources)); e != nil {
		return nil, e
	}
	results, job := []string{}, Of(r.State).begin(r)
	for _, source := range sources {
		result, e := handOut(r, job, platform.NewRequestID(), painter.Enlarge(source, factor))
		if e != nil {
			return nil, e
		}
		results = append(results, result)
	}
	return map[string]any{"id": job.ID, "model_version": "1.0.0", "images": results}, nil
}

func postNSFWChecker(r *platform.Request) (any, *platform.Failure) {
	type verdict struct {
		Detected bool    `json:"nsfw_content_detected"`
		Score    float64 `json:"nsfw_score"`
	}
	verdicts := []verdict{}
	for i, file := range platform.Value[[][]byte](r, "images") {
		picture, e := readPicture(fmt.Sprintf("images[%d]", i), file)
		if e != nil {
			return nil, e
		}
		score := painter.Score(picture)
		verdicts = append(verdicts, verdict{score >= nsfwThreshold, score})
	}
	if e := Of(r.State).count(r, len(verdicts)); e != nil {
		return nil, e
	}
	return map[string]any{"id": Of(r.State).begin(r).ID, "model_version": "1.0.0", "results": verdicts}, nil
}

// readPicture reads an input image: JPEG, PNG and WebP always, other formats
// where they are named.
func readPicture(name string, file []byte, others ...string) (image.Image, *platform.Failure) {
	if len(file) > maxFile {
		return nil, badParameter(name, "must be a file of at most 2 MB")
	}
	picture, format, err := painter.Read(file)
	switch {
	case errors.Is(err, painter.ErrLarge):
		return nil, badParameter(name, fmt.Sprintf("must have at most %d pixels a side", painter.Largest))
	case err != nil, format == painter.HEIC && !slices.Contains(others, format):
		return nil, platform.NewFailure("-911", "")
	}
	return picture, nil
}

// draw chooses seeds that follow from the prompt and from how much has been
// painted before: the same calls after a reset give the same pictures.
func (k *State) draw(prompt string, samples int) []int64 {
	drawn := []int64{}
	for i := range samples {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", prompt, k.total+i))
		drawn = append(drawn, int64(binary.BigEndian.Uint32(sum[:])))
	}
	return drawn
}
