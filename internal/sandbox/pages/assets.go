package pages

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
)

//go:embed assets/*
var assetFiles embed.FS

// AssetsPath is where the style sheet, the script and the icon are.
const AssetsPath = "/sandbox/assets/"

// Asset is a file that pages load.
type Asset struct {
	ContentType string
	Body        []byte
	// Version changes with the body. Pages ask for a version, so that what a
	// browser keeps is never stale.
	Version string
}

// assets are the files by name.
var assets = func() map[string]Asset {
	all := map[string]Asset{}
	for name, contentType := range map[string]string{
		"style.css": "text/css; charset=utf-8", "live.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml",
	} {
		body, err := assetFiles.ReadFile("assets/" + name)
		if err != nil {
			panic("sandbox asset " + name + ": " + err.Error()) // embedded with the program
		}
		sum := sha256.Sum256(body)
		all[name] = Asset{contentType, body, hex.EncodeToString(sum[:6])}
	}
	return all
}()

// FindAsset returns the file of this name; false if there is none.
func FindAsset(name string) (Asset, bool) {
	a, ok := assets[name]
	return a, ok
}

// assetURL is the address of a file in its present version.
func assetURL(name string) string { return AssetsPath + name + "?v=" + assets[name].Version }
