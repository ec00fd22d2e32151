package errorsx

import (
	"encoding/base64"
	"net/url"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
)

// gRPC clients give up on large trailers: gRPC for Java at 8 KiB, and proxies at
// less. What Kakao documents stays far below; only what a body may hold besides
// comes near maxStatus. A detail that grew would show here first.
func TestTrailersAreSmall(t *testing.T) {
	const most = 2 << 10
	var sizes []int
	for _, row := range readTable(t, "rows.tsv") {
		c, r := inputs(t, row)
		s := FromResponse(c, r).GRPCStatus()
		size := base64.RawStdEncoding.EncodedLen(proto.Size(s.Proto())) + len(url.PathEscape(s.Message()))
		if size > most {
			t.Errorf("%s: the trailer has %d bytes, want at most %d", row["code"], size, most)
		}
		sizes = append(sizes, size)
	}
	slices.Sort(sizes)
	t.Logf("trailers of %d documented errors: median %d bytes, largest %d", len(sizes), sizes[len(sizes)/2], sizes[len(sizes)-1])
}
