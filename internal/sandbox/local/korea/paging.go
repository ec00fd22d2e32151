package korea

// MaxReachable is how many results of a search paging can reach, whatever the total
// (https://developers.kakao.com/docs/latest/en/local/dev-guide).
const MaxReachable = 45

// Page picks a part of a result: the number of the page, from 1, and its size.
type Page struct {
	Number, Size int
}

// cut gives the page's share of all hits. A page past the end gives the last page
// once more, as Kakao does: only is_end tells a client to stop.
func cut[T any](all []T, page Page) ([]T, SearchMeta) {
	reachable := min(len(all), MaxReachable)
	meta := SearchMeta{TotalCount: len(all), PageableCount: reachable, IsEnd: page.Number*page.Size >= reachable}
	if reachable == 0 {
		return []T{}, meta
	}
	last := (reachable + page.Size - 1) / page.Size
	start := (min(page.Number, last) - 1) * page.Size
	return all[start:min(start+page.Size, reachable)], meta
}
