package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"image"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"time"

	"github.com/kakaorpc/kakaorpc/internal/sandbox/painter"
)

// Quotas of Karlo, counted by image.
// https://developers.kakao.com/docs/latest/en/getting-started/quota
const (
	karloImagesPerDay   = 30_000
	karloImagesPerMonth = 600_000
)

const (
	pictureLife  = 10 * time.Minute // of a URL
	maxGallery   = 256 << 20        // bytes of pictures kept for their URLs
	maxKarloJobs = 1000             // remembered calls
)

// karlo is what the image generation remembers.
type karlo struct {
	total   int            // images since the start
	counted map[string]int // images by Korean day and month
	jobs    []*karloJob    // oldest first
	gallery []picture      // those that URLs lead to, oldest first
}

func newKarlo() *karlo { return &karlo{counted: map[string]int{}} }

// karloJob is a call, as GET /__sandbox__/karlo shows it.
type karloJob struct {
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
func (k *karlo) count(r *request, n int) *kakaoError {
	daily := r.state.options.KarloImagesPerDay
	if daily == 0 {
		daily = karloImagesPerDay
	}
	now := r.now.In(koreaZone)
	day, month := now.Format(time.DateOnly), now.Format("2006-01")
	if k.counted[day]+n > daily || k.counted[month]+n > karloImagesPerMonth {
		return r.route.family.throttled()
	}
	k.counted[day] += n
	k.counted[month] += n
	k.total += n
	return nil
}

// begin remembers a call.
func (k *karlo) begin(r *request) *karloJob {
	operation := path.Base(r.route.path)
	job := &karloJob{ID: newRequestID(), Operation: operation, Prompt: r.text("prompt"), At: wireTime(r.now), Images: []string{}}
	if len(k.jobs) == maxKarloJobs {
		k.jobs = slices.Delete(k.jobs, 0, 1)
	}
	k.jobs = append(k.jobs, job)
	return job
}

// handOut gives a picture out in the form that the call asks for: its file in
// base64, or a URL.
func handOut(r *request, job *karloJob, id string, made image.Image) (string, *kakaoError) {
	file, err := painter.Write(made, r.text("image_format"), int(r.int64("image_quality", 70)))
	if err != nil {
		return "", newFailure("-830", "the sandbox cannot write the image: "+err.Error())
	}
	job.Images = append(job.Images, id)
	if r.text("return_type") == "base64_string" {
		return base64.StdEncoding.EncodeToString(file.Data), nil
	}
	return "http://" + r.http.Host + r.state.karlo.hang(r.now, id, file), nil
}

// hang keeps a picture for the life of its URL, and returns the path and query
// of that.
func (k *karlo) hang(now time.Time, id string, file painter.File) string {
	size := len(file.Data)
	for i := len(k.gallery) - 1; i >= 0; i-- {
		// Those that are over, and the oldest when there is no more room.
		if size += len(k.gallery[i].file.Data); size > maxGallery || !now.Before(k.gallery[i].expires) {
			k.gallery = slices.Delete(k.gallery, 0, i+1)
			break
		}
	}
	at := now.In(koreaZone)
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
func pictureRoute() route {
	return route{
		methods: []string{http.MethodGet}, host: contentHost, path: "/dna/karlo/image/{date}/{hour}/{file}", internal: true,
		handle: getPicture,
	}
}

func getPicture(r *request) (any, *kakaoError) {
	query := r.http.URL.Query()
	for _, p := range r.state.karlo.gallery {
		if p.path == r.http.URL.Path && p.signature == query.Get("signature") && strconv.FormatInt(p.expires.Unix(), 10) == query.Get("expires") && r.now.Before(p.expires) {
			return newReply(http.StatusOK, p.file.MediaType(), p.file.Data), nil
		}
	}
	return newReply(http.StatusForbidden, "text/plain;charset=UTF-8", []byte("the URL is over, or not whole\n")), nil
}

// showKarlo is GET /__sandbox__/karlo.
func showKarlo(st *state, _ []byte) (any, *controlError) {
	now := st.now().In(koreaZone)
	return map[string]any{
		"images_today":      st.karlo.counted[now.Format(time.DateOnly)],
		"images_this_month": st.karlo.counted[now.Format("2006-01")],
		"jobs":              append([]*karloJob{}, st.karlo.jobs...),
	}, nil
}
