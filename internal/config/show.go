package config

import "log/slog"

// LogValue shows the configuration for the start-up line: every key that has a
// value, secrets masked.
func (c *Config) LogValue() slog.Value {
	keys := staticKeys()
	for _, app := range c.AppNames() {
		keys = append(keys, keysOfApp(app)...)
	}
	var attrs []slog.Attr
	for _, k := range keys {
		if text := k.show(c); text != "" {
			attrs = append(attrs, slog.String(string(k.name), text))
		}
	}
	return slog.GroupValue(attrs...)
}
