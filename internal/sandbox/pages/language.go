package pages

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"
)

// Language is a language of the pages, as its tag.
type Language string

// The languages.
const (
	English Language = "en"
	Korean  Language = "ko"
)

// table is everything that differs between languages.
type table struct {
	// texts are the texts of the templates by key. Every language has the
	// same keys.
	texts map[string]string
	// phrases are the sandbox's own data that come in one language, such as the
	// names of consent items, by the text as it comes.
	phrases map[string]string
	day     func(time.Time) string // with weekday
	month   func(time.Time) string
}

// tables are the languages that there are.
var tables = map[Language]*table{
	English: {englishTexts, englishPhrases, englishDay, englishMonth},
	Korean:  {koreanTexts, koreanPhrases, koreanDay, koreanMonth},
}

// LanguageOf chooses a language: what the reader has chosen, else the first of
// Accept-Language that there is, else English.
func LanguageOf(chosen, accepted string) Language {
	if tables[Language(chosen)] != nil {
		return Language(chosen)
	}
	for _, wanted := range strings.Split(accepted, ",") {
		tag, _, _ := strings.Cut(wanted, ";")
		primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		if tables[Language(primary)] != nil {
			return Language(primary)
		}
	}
	return English
}

// Text is a text of a language by its key, for labels that a view carries; empty
// if there is none.
func Text(language Language, key string) string { return tables[language].texts[key] }

// Translates says whether a text of the sandbox's data has a translation into
// the language.
func Translates(language Language, phrase string) bool {
	_, ok := tables[language].phrases[phrase]
	return ok
}

// functions are those of the templates.
func (t *table) functions() template.FuncMap {
	return template.FuncMap{
		"t": t.text, "phrase": t.phrase, "asset": assetURL, "day": t.day, "month": t.month,
		"clock":   func(at time.Time) string { return at.Format("15:04:05") },
		"minute":  func(at time.Time) string { return at.Format("15:04") },
		"date":    func(at time.Time) string { return at.Format("2006-01-02") },
		"stamp":   func(at time.Time) string { return at.Format(time.RFC3339) },
		"initial": initial, "hue": hue, "thousands": thousands, "path": breakable,
	}
}

// text is the text of a key, with values where it has verbs.
func (t *table) text(key string, values ...any) (string, error) {
	text, ok := t.texts[key]
	if !ok {
		return "", fmt.Errorf("no text %q", key)
	}
	if len(values) == 0 {
		return text, nil
	}
	return fmt.Sprintf(text, values...), nil
}

// phrase is a text of the sandbox's data in the language, if it has one.
func (t *table) phrase(text string) string {
	if translated, ok := t.phrases[text]; ok {
		return translated
	}
	return text
}

func englishDay(at time.Time) string   { return at.Format("Monday, 2 January 2006") }
func englishMonth(at time.Time) string { return at.Format("January 2006") }

func koreanDay(at time.Time) string {
	weekdays := []string{"일", "월", "화", "수", "목", "금", "토"}
	return at.Format("2006년 1월 2일 ") + weekdays[at.Weekday()] + "요일"
}

func koreanMonth(at time.Time) string { return at.Format("2006년 1월") }

// breakable is a path that may break before its parts, and not within one.
func breakable(path string) template.HTML {
	return template.HTML(strings.ReplaceAll(template.HTMLEscapeString(path), "/", "<wbr>/")) // #nosec G203 -- escaped
}

// initial is the first letter of a name.
func initial(name string) string {
	for _, letter := range name {
		return string(letter)
	}
	return ""
}

// hue spreads names over six colours.
func hue(name string) int {
	sum := 0
	for _, letter := range []byte(name) {
		sum += int(letter)
	}
	return sum % 6
}

// thousands writes a whole number with commas.
func thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for at := len(digits) - 3; at > 0 && digits[at-1] != '-'; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}
