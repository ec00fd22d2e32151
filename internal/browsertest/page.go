package browsertest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Page is a tab of a browser. Its methods do what a person does, and fail the
// test if that cannot be done within 20 seconds. Selectors are CSS selectors and
// mean the first element that matches.
type Page struct {
	tb    testing.TB
	ctx   context.Context //nolint:containedctx // chromedp's browser is its context
	watch *watch
}

// Go opens an address and waits until it has loaded.
func (p *Page) Go(address string) {
	p.tb.Helper()
	p.do("open "+address, chromedp.Navigate(address))
}

// Reload loads the page again.
func (p *Page) Reload() {
	p.tb.Helper()
	p.do("reload", chromedp.Reload())
}

// Address is where the page is.
func (p *Page) Address() string {
	p.tb.Helper()
	return result(p, "address", chromedp.Location())
}

// Wait waits until an element is visible.
func (p *Page) Wait(selector string) {
	p.tb.Helper()
	p.do("wait for "+selector, chromedp.WaitVisible(chromedp.CSS(selector)))
}

// WaitGone waits until no such element is visible.
func (p *Page) WaitGone(selector string) {
	p.tb.Helper()
	p.until(selector+" to be gone", fmt.Sprintf(`![...document.querySelectorAll(%q)].some(e => e.checkVisibility())`, selector))
}

// WaitText waits until the visible text of an element has a part.
func (p *Page) WaitText(selector, part string) {
	p.tb.Helper()
	p.until(fmt.Sprintf("%q in %s", part, selector), fmt.Sprintf(`[...document.querySelectorAll(%q)].some(e => e.innerText.includes(%q))`, selector, part))
}

// WaitAddress waits until the page's address has a part.
func (p *Page) WaitAddress(part string) {
	p.tb.Helper()
	p.until(fmt.Sprintf("%q in the address", part), fmt.Sprintf(`location.href.includes(%q)`, part))
}

// Click clicks in the middle of an element, once it is visible.
func (p *Page) Click(selector string) {
	p.tb.Helper()
	p.do("click "+selector, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// Type types into a field where its caret is, which a page puts before what
// stands there.
func (p *Page) Type(selector, text string) {
	p.tb.Helper()
	p.do("type into "+selector, chromedp.WaitVisible(chromedp.CSS(selector)), chromedp.Focus(chromedp.CSS(selector)), strike(text))
}

// Fill puts a text into a field, as if pasted, in place of what stands there.
func (p *Page) Fill(selector, text string) {
	p.tb.Helper()
	p.Wait(selector)
	p.Eval(fmt.Sprintf(`(e => { e.focus(); e.select(); return true })(document.querySelector(%q))`, selector))
	p.do("fill "+selector, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
}

// Leaving waits until the page asks for an address beyond this machine, which
// then is no problem, and returns it. Nothing answers there: the page that
// follows is the browser's own.
func (p *Page) Leaving() string {
	p.tb.Helper()
	for deadline := time.Now().Add(actionTimeout); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if address := p.watch.left(); address != "" {
			return address
		}
	}
	p.fail("wait for a request that leaves this machine", context.DeadlineExceeded)
	return ""
}

// Choose picks the value of a select element, as a person does with its list.
func (p *Page) Choose(selector, value string) {
	p.tb.Helper()
	p.Wait(selector)
	p.Eval(fmt.Sprintf(`(e => { e.value = %q; e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true})); return true })(document.querySelector(%q))`, value, selector))
}

// Press presses keys where the focus is: characters, or one of Tab, Shift+Tab,
// Enter, Escape, Space and Backspace.
func (p *Page) Press(key string) {
	p.tb.Helper()
	name, shifted := strings.CutPrefix(key, "Shift+")
	typed, named := keys[name]
	if !named {
		typed = name
	}
	var modifiers []kb.Modifier
	if shifted {
		modifiers = append(modifiers, kb.ModifierShift)
	}
	p.do("press "+key, strike(typed, modifiers...))
}

// Text is the visible text of an element, once it is there.
func (p *Page) Text(selector string) string {
	p.tb.Helper()
	return result(p, "text of "+selector, chromedp.Text(chromedp.CSS(selector), chromedp.NodeReady))
}

// Attribute is an attribute of an element, once it is there; empty if it has
// none of that name.
func (p *Page) Attribute(selector, name string) string {
	p.tb.Helper()
	return result(p, name+" of "+selector, chromedp.AttributeValue(chromedp.CSS(selector), name, chromedp.NodeReady)).Value
}

// Count is how many elements are visible now.
func (p *Page) Count(selector string) int {
	p.tb.Helper()
	return result(p, "count "+selector, chromedp.Evaluate[int](fmt.Sprintf(`[...document.querySelectorAll(%q)].filter(e => e.checkVisibility()).length`, selector)))
}

// Focused describes the element that has the focus: its id, else its text, else
// its tag.
func (p *Page) Focused() string {
	p.tb.Helper()
	return p.EvalString(`(e => e.id ? "#" + e.id : (e.innerText || e.tagName.toLowerCase()).trim())(document.activeElement)`)
}

// ScrollsSideways reports whether the page is wider than the window.
func (p *Page) ScrollsSideways() bool {
	p.tb.Helper()
	return p.Eval(`document.documentElement.scrollWidth > document.documentElement.clientWidth`)
}

// Eval runs a JavaScript expression that is true or false.
func (p *Page) Eval(expression string) bool {
	p.tb.Helper()
	return result(p, "evaluate "+expression, chromedp.Evaluate[bool](expression))
}

// EvalString runs a JavaScript expression that is a text.
func (p *Page) EvalString(expression string) string {
	p.tb.Helper()
	return result(p, "evaluate "+expression, chromedp.Evaluate[string](expression))
}

// Expect names a part of the text of problems that the test wants: they do not
// fail it, and their absence does. The texts are those that a failed test
// prints, such as "request answered 403".
func (p *Page) Expect(part string) { p.watch.expect(part) }

// until waits until a JavaScript expression is true. The expression is asked
// again and again, and not once in the page, so that the page may change
// meanwhile.
func (p *Page) until(what, expression string) {
	p.tb.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, actionTimeout)
	defer cancel()
	for {
		met, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression))
		if met {
			return
		}
		select {
		case <-ctx.Done():
			p.fail("wait for "+what, err)
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (p *Page) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	p.tb.Helper()
	result(p, what, chromedp.Steps(actions...))
}

func result[T any](p *Page, what string, action chromedp.Action[T]) T {
	p.tb.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, actionTimeout)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		p.fail(what, err)
	}
	return value
}

// fail ends the test and says what the page shows instead.
func (p *Page) fail(what string, err error) {
	p.tb.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, actionTimeout)
	defer cancel()
	shown, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + (document.body ? document.body.innerText.slice(0, 1000) : "")`))
	p.tb.Fatalf("%s: %v\nthe page shows %s", what, err, shown)
}
