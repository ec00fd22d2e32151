// Package deployment tests what the project gives to operators - the Dockerfile,
// the compose file and the Helm chart - with the parsers of those who will read
// them: BuildKit's, Compose's, the collector's, Helm's and Kubernetes' own types.
// Where a machine without containers allows it, what they say is also run.
//
// It has no code of its own, and stands in the module of the tools because those
// parsers are heavy.
package deployment
