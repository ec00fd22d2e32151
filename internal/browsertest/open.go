package browsertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Options say what kind of browser a person has.
type Options struct {
	// Phone is a touch screen of 390 by 844 CSS pixels at twice the resolution;
	// otherwise the window has 1280 by 800.
	Phone bool
	// Dark is the system's wish for dark pages.
	Dark bool
	// Language is the preferred one, as in Accept-Language; empty: en-US.
	Language string
}

// Limits of time. A browser on a busy machine of two cores starts in seconds.
const (
	startTimeout = time.Minute
	// actionTimeout is how long an action waits for its element.
	actionTimeout = 20 * time.Second
	closeTimeout  = 10 * time.Second
)

// programs are the names under which Chromium is installed.
var programs = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}

// Open starts a browser with a profile of its own and returns its empty page.
// The browser ends with the test, which fails if one of the pages did something
// wrong meanwhile (Page.Expect names what may go wrong).
func Open(tb testing.TB, options Options) *Page {
	tb.Helper()
	program := find(tb)
	flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("accept-lang", options.language()),
		// Pixels that do not depend on the screen of whoever runs the test.
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("font-render-hinting", "none"),
		chromedp.Flag("disable-lcd-text", true),
		// Whatever a page asks for, nothing leaves this machine.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE [::1]"),
	)
	ctx, endAllocator := chromedp.NewExecAllocator(context.Background(), flags...)
	ctx, endBrowser := chromedp.NewContext(ctx)
	p := &Page{tb: tb, ctx: ctx, watch: newWatch()}
	tb.Cleanup(func() {
		closing, cancel := context.WithTimeout(ctx, closeTimeout)
		defer cancel()
		_ = chromedp.Cancel(closing) // what it leaves, the next two end
		endBrowser()
		endAllocator()
		for _, problem := range p.watch.verdict() {
			tb.Error(problem)
		}
	})
	// The first run starts the browser, and its context is the browser's: the
	// bound has to stand outside.
	late := time.AfterFunc(startTimeout, endBrowser)
	defer late.Stop()
	if err := chromedp.Listen(ctx, p.watch.see); err != nil {
		tb.Fatalf("start %s: %v", program, err)
	}
	if err := chromedp.Do(ctx, options.apply()); err != nil {
		tb.Fatalf("set %s up: %v", program, err)
	}
	return p
}

// find returns the browser's program.
func find(tb testing.TB) string {
	tb.Helper()
	for _, name := range programs {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	missing := fmt.Sprintf("there is no Chromium on this machine (looked for %v): install it, in Debian with apt-get install chromium fonts-noto-cjk", programs)
	if os.Getenv("CI") == "true" {
		tb.Fatal(missing)
	}
	tb.Skip(missing)
	return ""
}

func (o Options) language() string {
	if o.Language == "" {
		return "en-US"
	}
	return o.Language
}

// apply makes the page what the options say.
func (o Options) apply() chromedp.Action[chromedp.Void] {
	scheme := "light"
	if o.Dark {
		scheme = "dark"
	}
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme},
		// A picture in the middle of a movement is a different one each time.
		{Name: "prefers-reduced-motion", Value: "reduce"},
	}}
	viewport := chromedp.EmulateViewport(1280, 800)
	if o.Phone {
		viewport = chromedp.EmulateViewport(390, 844, chromedp.EmulateScale(2), chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulatePortrait)
	}
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := viewport(ctx, target); err != nil {
			return err
		}
		if _, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, media); err != nil {
			return err
		}
		if _, err := cdp.Call(ctx, target, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Asia/Seoul"}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, network.Enable, network.EnableParams{})
		return err
	})
}
