// Package browsertest drives a real headless Chromium through the project's
// pages, for tests. Open starts one for a test; what the pages then do wrong
// without anybody looking - a console error, an exception, a request that fails
// or that leaves this machine - fails the test at its end.
//
// Where there is no Chromium a test is skipped, except under CI=true, where it
// fails: there the browser has to be installed.
//
// Only tests import it. It knows no page of the project and must not import
// anything of it.
package browsertest
