// Package site owns what a person sees in a browser at the facade's port: the
// page at /, with health, endpoints and errors, and Swagger UI. Its files are in
// assets, served as they are written: there is no build step, nothing comes from
// elsewhere, and the pages run under a Content-Security-Policy without inline
// code.
//
// It is told everything it shows (Options). It must not import the server, which
// serves it, nor the services, the sandbox or the configuration.
package site
