package browsertest

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// keys are those with a name.
var keys = map[string]string{"Tab": "\t", "Enter": "\r", "Escape": "\u001b", "Space": " ", "Backspace": "\b"}

// strike presses the keys of a text one after another. A key and the character
// that it types are one event, so that a page which takes the key for itself
// gets no character, as from a real keyboard. (chromedp's own KeyEvent sends
// two, and the second arrives in any case.)
func strike(text string, modifiers ...kb.Modifier) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for _, r := range text {
			for _, event := range together(kb.Encode(r)) {
				for _, modifier := range modifiers {
					event.Modifiers |= int64(modifier)
				}
				if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, event); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// together joins the press of a key and the character that follows it.
func together(events []*input.DispatchKeyEventParams) []input.DispatchKeyEventParams {
	down, up := *events[0], *events[len(events)-1]
	if len(events) > 2 {
		down.Text, down.UnmodifiedText = events[1].Text, events[1].UnmodifiedText
	}
	return []input.DispatchKeyEventParams{down, up}
}
