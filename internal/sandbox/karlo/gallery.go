package karlo

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"image"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/karlo/painter"
	"github.com/kakaorpc/kakaorpc/internal/sandbox/platform"
)

// Quotas of Karlo, counted by image.
// https://developers.kakao.com/docs/latest/en/getting-started/quota
const (
	usualPerDay = 30_000
	maxPerMonth = 600_000
)

const (
	pictureLife = 10 * time.Minute // of a URL
	maxGallery  = 256 << 20        // bytes of pictures kept for their URLs
	maxJobs     = 1000             // remembered calls
)

// State is what the image generation remembers.
type State struct {
	perDay  int            // images a Korean day
	total   int            // images since the start
	counted map[string]int // images by Korean day and month
	jobs    []*Job         // oldest first
	gallery []picture      // those that URLs lead to, oldest first
}

func newState(perDay int) *State {
	return &State{perDay: cmp.Or(perDay, usualPerDay), counted: map[string]int{}}
}

// Job is a call, as GET /__sandbox__/karlo shows it.
type Job struct {
	ID        string   `json:"id"`
	Operation string   `json:"operation"` // t2i, variations, …
	Prompt    string   `json:"prompt,omitempty"`
	At        string   `json:"at"`
	Images    []string `json:"images"` // their IDs
}

// picture is a file behind a URL.
type picture struct {
	path, signature string
	expires         time.Time
	file            painter.File
}

// count takes n images off the quotas of the Korean day and month.
func (k *State) count(r *platform.Request, n int) *platform.Failure {
	now := r.Now.In(platform.KoreaZone)
	day, month := now.Format(time.DateOnly), now.Format("2006-01")
	if k.counted[day]+n > k.perDay || k.counted[month]+n > maxPerMonth {
		return r.Route.Family.Throttled()
	}
	maps.DeleteFunc(k.counted, func(of string, _ int) bool { return of != day && of != month })
	k.counted[day] += n
	k.counted[month] += n
	k.total += n
	return nil
}

// begin remembers a call.
func (k *State) begin(r *platform.Request) *Job {
	operation := path.Base(r.Route.Path)
	job := &Job{ID: platform.NewRequestID(), Operation: operation, Prompt: r.Text("prompt"), At: platform.WireTime(r.Now), Images: []string{}}
	if len(k.jobs) == maxJobs {
		k.jobs = slices.Delete(k.jobs, 0, 1)
	}
	k.jobs = append(k.jobs, job)
	return job
}

// handOut gives a picture out in the form that the call asks for: its file in
// base64, or a URL.
func handOut(r *platform.Request, job *Job, id string, made image.Image) (string, *platform.Failure) {
	file, err := painter.Write(made, r.Text("image_format"), int(r.Int64("image_quality", 70)))
	if err != nil {
		return "", platform.NewFailure("-830", "the sandbox cannot write the image: "+err.Error())
	}
	job.Images = append(job.Images, id)
	if r.Text("return_type") == "base64_string" {
		return base64.StdEncoding.EncodeToString(file.Data), nil
	}
	return "http://" + r.HTTP.Host + Of(r.State).hang(r.Now, id, file), nil
}

// hang keeps a picture for the life of its URL, and returns the path and query
// of that.
func (k *State) hang(now time.Time, id string, file painter.File) string {
	size := len(file.Data)
	for i := len(k.gallery) - 1; i >= 0; i-- {
		// Those that are over, and the oldest when there is no more room.
		if size += len(k.gallery[i].file.Data); size > maxGallery || !now.Before(k.gallery[i].expires) {
			k.gallery = slices.Delete(k.gallery, 0, i+1)
			break
		}
	}
	at := now.In(platform.KoreaZone)
	p := picture{
		path:    "/dna/karlo/image/" + at.Format("2006-01-02/15/") + id + "." + file.Format,
		expires: now.Add(pictureLife), file: file,
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", p.path, p.expires.Unix()))
	p.signature = base64.StdEncoding.EncodeToString(sum[:])
	k.gallery = append(k.gallery, p)
	return p.path + "?" + url.Values{
		"credential": {"SANDBOX"}, "expires": {strconv.FormatInt(p.expires.Unix(), 10)}, "signature": {p.signature},
	}.Encode()
}

// pictureRoute is where the URLs lead: Kakao's content network, which anybody
// with a whole and fresh URL may read.
func pictureRoute() platform.Route {
	return platform.Route{
		Methods: []string{http.MethodGet}, Host: platform.ContentHost, Path: "/dna/karlo/image/{date}/{hour}/{file}", Internal: true,
		Handle: getPicture,
	}
}

func getPicture(r *platform.Request) (any, *platform.Failure) {
	query := r.HTTP.URL.Query()
	for _, p := range Of(r.State).gallery {
		if p.path == r.HTTP.URL.Path && p.signature == query.Get("signature") && strconv.FormatInt(p.expires.Unix(), 10) == query.Get("expires") && r.Now.Before(p.expires) {
			return platform.NewReply(http.StatusOK, p.file.MediaType(), p.file.Data), nil
		}
	}
	return platform.NewReply(http.StatusForbidden, "text/plain;charset=UTF-8", []byte("the URL is over, or not whole\n")), nil
}

// showJobs is GET /__sandbox__/karlo.
func showJobs(st *platform.State, _ []byte) (any, *platform.ControlError) {
	now := st.Now().In(platform.KoreaZone)
	return map[string]any{
		"images_today":      Of(st).counted[now.Format(time.DateOnly)],
		"images_this_month": Of(st).counted[now.Format("2006-01")],
		"jobs":              append([]*Job{}, Of(st).jobs...),
	}, nil
}
