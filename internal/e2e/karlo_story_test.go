package e2e

import (
	"bytes"
	"context"
	"encoding/base64"
	"image"
	"image/draw"
	_ "image/jpeg" // so that image.Decode knows it
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	karlov1 "github.com/kakaorpc/kakaorpc/gen/kakao/karlo/v1"
)

const karloService = "kakao.karlo.v1.KarloService."

// TestKarloStory: a picture is made from words and fetched, varied, repainted in
// a part, enlarged and checked, and its URL ends.
func TestKarloStory(t *testing.T) {
	tell(t, func(s *story) {
		made := must(s, karloService+"GenerateImage", &karlov1.GenerateImageRequest{
			Version: proto.String("v2.0"), Prompt: "a paper boat on a quiet pond", NegativePrompt: proto.String("text"),
			Width: proto.Int32(384), Height: proto.Int32(392), Samples: proto.Int32(2), Seed: []int64{11, 4294967295},
			ImageFormat: karlov1.ImageFormat_IMAGE_FORMAT_PNG, NsfwChecker: proto.Bool(true),
		}, &karlov1.GenerateImageResponse{})
		if len(made.GetImages()) != 2 || made.GetImages()[1].GetSeed() != 4294967295 {
			s.t.Fatalf("made %v", made)
		}
		for _, made := range made.GetImages() {
			if made.NsfwContentDetected == nil || made.GetNsfwContentDetected() || made.NsfwScore == nil {
				s.t.Errorf("verdict %v %v", made.NsfwContentDetected, made.NsfwScore)
			}
		}
		address := made.GetImages()[0].GetImage()
		file, code := s.fetch(address)
		if size := s.picture(file).Bounds().Size(); code != http.StatusOK || size != image.Pt(384, 392) {
			s.t.Errorf("behind the URL: HTTP %d, %v", code, size)
		}

		// The same seed gives the same file, whichever way it comes.
		again := must(s, karloService+"GenerateImage", &karlov1.GenerateImageRequest{
			Version: proto.String("v2.0"), Prompt: "a paper boat on a quiet pond", Width: proto.Int32(384), Height: proto.Int32(392), Seed: []int64{11},
			ImageFormat: karlov1.ImageFormat_IMAGE_FORMAT_PNG, ReturnType: karlov1.ReturnType_RETURN_TYPE_BASE64_STRING,
		}, &karlov1.GenerateImageResponse{}).GetImages()
		if len(again) != 1 || !bytes.Equal(s.base64(again[0].GetImage()), file) || again[0].NsfwScore != nil {
			s.t.Error("the file in base64 is not the file behind the URL")
		}

		varied := must(s, karloService+"MakeVariation", &karlov1.MakeVariationRequest{
			Image: file, Prompt: proto.String("at night"), Samples: proto.Int32(2), ReturnType: karlov1.ReturnType_RETURN_TYPE_BASE64_STRING,
			ImageFormat: karlov1.ImageFormat_IMAGE_FORMAT_JPEG, ImageQuality: proto.Int32(50),
		}, &karlov1.MakeVariationResponse{}).GetImages()
		if len(varied) != 2 || varied[0].GetImage() == varied[1].GetImage() || varied[0].GetSeed() == varied[1].GetSeed() {
			s.t.Errorf("%d variations", len(varied))
		}

		mask := image.NewGray(image.Rect(0, 0, 384, 392))
		draw.Draw(mask, image.Rect(0, 196, 384, 392), image.White, image.Point{}, draw.Src)
		modify := &karlov1.ModifyImageRequest{
			Image: file, Mask: s.file(mask), Prompt: proto.String("a red hat"), Width: proto.Int32(384), Height: proto.Int32(392),
			ReturnType: karlov1.ReturnType_RETURN_TYPE_BASE64_STRING, ImageFormat: karlov1.ImageFormat_IMAGE_FORMAT_PNG,
		}
		modified := must(s, karloService+"ModifyImage", modify, &karlov1.ModifyImageResponse{}).GetImages()
		before, after := s.picture(file), s.picture(s.base64(modified[0].GetImage()))
		if same(before, after, image.Rect(0, 0, 384, 196)) || !same(before, after, image.Rect(0, 196, 384, 392)) {
			s.t.Error("what is black in the mask stayed, or what is white did not")
		}
		modify.Mask = s.file(image.NewGray(image.Rect(0, 0, 8, 8)))
		s.refused(karloService+"ModifyImage", modify, &karlov1.ModifyImageResponse{}, codes.InvalidArgument, "KAKAO_PARAMETER_INVALID")

		large := must(s, karloService+"EnlargeImage", &karlov1.EnlargeImageRequest{
			Images: [][]byte{file, s.base64(varied[0].GetImage())}, Scale: proto.Int32(2), ReturnType: karlov1.ReturnType_RETURN_TYPE_BASE64_STRING,
		}, &karlov1.EnlargeImageResponse{}).GetImages()
		if len(large) != 2 || s.picture(s.base64(large[0])).Bounds().Size() != image.Pt(768, 784) {
			s.t.Errorf("%d enlarged images", len(large))
		}

		unsafe := must(s, karloService+"GenerateImage", &karlov1.GenerateImageRequest{
			Prompt: "something nsfw", ReturnType: karlov1.ReturnType_RETURN_TYPE_BASE64_STRING,
		}, &karlov1.GenerateImageResponse{}).GetImages()[0]
		results := must(s, karloService+"CheckImages", &karlov1.CheckImagesRequest{
			Images: [][]byte{file, s.base64(unsafe.GetImage())},
		}, &karlov1.CheckImagesResponse{}).GetResults()
		if len(results) != 2 || results[0].GetNsfwContentDetected() || !results[1].GetNsfwContentDetected() || results[1].GetNsfwScore() <= results[0].GetNsfwScore() {
			s.t.Errorf("verdicts %v", results)
		}
		s.refused(karloService+"CheckImages", &karlov1.CheckImagesRequest{Images: [][]byte{file, []byte("no image at all")}},
			&karlov1.CheckImagesResponse{}, codes.InvalidArgument, "KAKAO_IMAGE_FORMAT_UNSUPPORTED")

		s.advance("600")
		if _, code := s.fetch(address); code != http.StatusForbidden {
			s.t.Errorf("after ten minutes the URL answers HTTP %d", code)
		}
	})
}

// TestKarloTakesLargeFiles: files of 2 MiB pass through every limit on the way,
// three of them far over what any other call may hold; a byte more is too much.
func TestKarloTakesLargeFiles(t *testing.T) {
	tell(t, func(s *story) {
		var small bytes.Buffer
		if err := png.Encode(&small, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
			s.t.Fatal(err)
		}
		const most = 2 << 20
		padded := func(size int) []byte { // what follows the last chunk of a PNG counts for nothing
			return append(bytes.Clone(small.Bytes()), make([]byte, size-small.Len())...)
		}
		var files [][]byte
		for range 3 {
			files = append(files, padded(most))
		}
		check := must(s, karloService+"CheckImages", &karlov1.CheckImagesRequest{Images: files}, &karlov1.CheckImagesResponse{})
		if len(check.GetResults()) != 3 {
			s.t.Errorf("%d verdicts", len(check.GetResults()))
		}
		must(s, karloService+"MakeVariation", &karlov1.MakeVariationRequest{Image: files[0]}, &karlov1.MakeVariationResponse{})
		must(s, karloService+"ModifyImage", &karlov1.ModifyImageRequest{Image: files[0], Mask: files[1]}, &karlov1.ModifyImageResponse{})

		before := len(s.calls())
		over := padded(most + 1)
		for _, row := range []struct {
			rpc               protoreflect.FullName
			request, response proto.Message
			field             string
		}{
			{"MakeVariation", &karlov1.MakeVariationRequest{Image: over}, &karlov1.MakeVariationResponse{}, "image"},
			{"ModifyImage", &karlov1.ModifyImageRequest{Image: over, Mask: small.Bytes()}, &karlov1.ModifyImageResponse{}, "image"},
			{"ModifyImage", &karlov1.ModifyImageRequest{Image: small.Bytes(), Mask: over}, &karlov1.ModifyImageResponse{}, "mask"},
			{"EnlargeImage", &karlov1.EnlargeImageRequest{Images: [][]byte{small.Bytes(), over}}, &karlov1.EnlargeImageResponse{}, "images[1]"},
			{"CheckImages", &karlov1.CheckImagesRequest{Images: [][]byte{over}}, &karlov1.CheckImagesResponse{}, "images[0]"},
		} {
			checkError(s.t, s.try(karloService+row.rpc, row.request, row.response), &wantedError{Code: "INVALID_ARGUMENT", Reason: "REQUEST_INVALID", Field: row.field})
		}
		if after := len(s.calls()); after != before {
			s.t.Errorf("%d of the refused calls reached Kakao", after-before)
		}
	})
}

// TestKarloGivesLargeFiles: an answer in base64 may be larger than any other of
// Kakao's, and than gRPC clients take unless they are told to.
func TestKarloGivesLargeFiles(t *testing.T) {
	kakao := startKakao(t)
	server := startServer(t, kakao.URL, nil)
	file := strings.Repeat("QUJD", (9<<20)/4) // the usual limit is 8 MiB
	kakao.answerJSON(http.StatusOK, `{"id":"a","model_version":"2.1.0","images":[{"id":"b","seed":1,"image":"`+file+`"}]}`)
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	request, response := &karlov1.GenerateImageRequest{Prompt: "a lamp"}, &karlov1.GenerateImageResponse{}
	if err := server.conn.Invoke(ctx, "/kakao.karlo.v1.KarloService/GenerateImage", request, response, grpc.MaxCallRecvMsgSize(130<<20)); err != nil {
		t.Fatal(err)
	}
	if response.GetImages()[0].GetImage() != file {
		t.Errorf("over gRPC %d bytes of %d", len(response.GetImages()[0].GetImage()), len(file))
	}
	s := &story{t: t, call: server.transports()["JSON"]}
	if got := must(s, karloService+"GenerateImage", request, &karlov1.GenerateImageResponse{}).GetImages()[0].GetImage(); got != file {
		t.Errorf("over JSON %d bytes of %d", len(got), len(file))
	}
	s.refused(karloService+"CheckImages", &karlov1.CheckImagesRequest{Images: [][]byte{{1}}}, &karlov1.CheckImagesResponse{},
		codes.Unknown, "KAKAO_RESPONSE_TOO_LARGE")
}

// TestKarloIsOffByDefault: the API has ended, until the configuration says
// otherwise; nothing reaches Kakao.
func TestKarloIsOffByDefault(t *testing.T) {
	kakao := startKakao(t)
	server := startServer(t, kakao.URL, map[string]string{"KAKAORPC_KARLO_ENABLED": ""})
	for name, call := range server.transports() {
		s := &story{t: t, call: call}
		for rpc, messages := range map[protoreflect.FullName][2]proto.Message{
			"GenerateImage": {&karlov1.GenerateImageRequest{Prompt: "a lamp"}, &karlov1.GenerateImageResponse{}},
			"MakeVariation": {&karlov1.MakeVariationRequest{Image: []byte{1}}, &karlov1.MakeVariationResponse{}},
			"ModifyImage":   {&karlov1.ModifyImageRequest{Image: []byte{1}, Mask: []byte{1}}, &karlov1.ModifyImageResponse{}},
			"EnlargeImage":  {&karlov1.EnlargeImageRequest{Images: [][]byte{{1}}}, &karlov1.EnlargeImageResponse{}},
			"CheckImages":   {&karlov1.CheckImagesRequest{Images: [][]byte{{1}}}, &karlov1.CheckImagesResponse{}},
		} {
			s.refused(karloService+rpc, messages[0], messages[1], codes.Unimplemented, "KAKAO_API_TERMINATED")
		}
		if got := kakao.takeReceived(); len(got) != 0 {
			t.Errorf("over %s %d calls reached Kakao", name, len(got))
		}
	}
}

// fetch reads what is behind a URL of the sandbox.
func (s *story) fetch(address string) (file []byte, status int) {
	s.t.Helper()
	if !strings.HasPrefix(address, s.url+"/") {
		s.t.Fatalf("the URL %q does not lead to the sandbox", address)
	}
	response, err := http.Get(address)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if file, err = io.ReadAll(response.Body); err != nil {
		s.t.Fatal(err)
	}
	return file, response.StatusCode
}

// base64 reads a result of that form.
func (s *story) base64(text string) []byte {
	s.t.Helper()
	file, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		s.t.Fatal(err)
	}
	return file
}

func (s *story) picture(file []byte) image.Image {
	s.t.Helper()
	picture, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		s.t.Fatal(err)
	}
	return picture
}

func (s *story) file(picture image.Image) []byte {
	s.t.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, picture); err != nil {
		s.t.Fatal(err)
	}
	return file.Bytes()
}

// same reports that two pictures are alike in an area.
func same(a, b image.Image, area image.Rectangle) bool {
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			if a.At(x, y) != b.At(x, y) {
				return false
			}
		}
	}
	return true
}
