package kakao

import "sync"

// maxSavedRetries is how many retries a budget saves up at most. It bounds the
// burst that follows when a quiet host begins to fail.
const maxSavedRetries = 10

// A budget lets a share of reads be repeated. Every first attempt pays in, every
// repetition takes one out, and it starts empty: so over any time since the
// start no more than the share was repeated.
type budget struct {
	perCall int // thousandths of a repetition; UnlimitedRetries: no bound

	mutex sync.Mutex
	saved int // thousandths
}

// deposit counts a first attempt.
func (b *budget) deposit() { b.save(b.perCall) }

// refund gives back a repetition that was not made.
func (b *budget) refund() { b.save(1000) }

func (b *budget) save(thousandths int) {
	if b.perCall == UnlimitedRetries {
		return
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.saved = min(b.saved+thousandths, maxSavedRetries*1000)
}

// withdraw takes a repetition, if one is saved.
func (b *budget) withdraw() bool {
	if b.perCall == UnlimitedRetries {
		return true
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.saved < 1000 {
		return false
	}
	b.saved -= 1000
	return true
}
