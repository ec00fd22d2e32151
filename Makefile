# Every target works in a clean clone with only Go installed; tools are built
# into .bin from the versions pinned in tools/go.mod.

BIN := .bin
TOOLS := buf protoc-gen-go protoc-gen-go-grpc protoc-gen-grpc-gateway grpcurl golangci-lint govulncheck
GENERATORS := $(addprefix $(BIN)/,buf protoc-gen-go protoc-gen-go-grpc protoc-gen-grpc-gateway)

# What a release and an image say they are: the tag, or the tag before with what came
# since. The linker stamps it (internal/server/version.go).
VERSION ?= $(shell git describe --tags --always --dirty=+changes)
COMMIT ?= $(shell git rev-parse HEAD)
SERVER := github.com/kakaorpc/kakaorpc/internal/server
STAMP := -X $(SERVER).stampedVersion=$(VERSION) -X $(SERVER).stampedCommit=$(COMMIT)

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort

.PHONY: generate
generate: $(GENERATORS) ## print imported protos, generate gen/ and the documents that are made
	rm -rf .protodeps
	go -C tools run ./protodeps $(CURDIR)/.protodeps
	rm -rf gen/kakao
	$(BIN)/buf generate
	$(BIN)/buf generate --template buf.gen.enginetest.yaml
	@# The examples of the OpenAPI documents are what a server with this contract says. It embeds
	@# them, so a new rpc stands there without examples before there is a server that has it.
	rm -f $(BIN)/exchanges.json
	$(BIN)/buf generate --template buf.gen.openapi.yaml
	go test -count=1 -run '^TestOpenAPIExamplesAreTrue$$' ./internal/e2e -exchanges=$(CURDIR)/$(BIN)/exchanges.json
	$(BIN)/buf generate --template buf.gen.openapi.yaml
	go run ./cmd/server service-config > clients/service-config.json
	go run ./cmd/server errors --language en > docs/errors.md
	go run ./cmd/server errors --language ko > docs/errors.ko.md
	{ cat tools/migrating.md; go run ./cmd/server endpoints --format markdown; } > docs/migrating.md

.PHONY: lint
lint: $(BIN)/buf $(BIN)/golangci-lint .protodeps ## buf lint and format, golangci-lint
	$(BIN)/buf lint
	$(BIN)/buf format --diff --exit-code proto
	@# A cache of its own: a shared one remembers findings by the paths of other checkouts.
	GOLANGCI_LINT_CACHE=$(CURDIR)/$(BIN)/lint-cache $(BIN)/golangci-lint run --build-tags clients,drill ./...

.PHONY: lint-openapi
lint-openapi: ## the OpenAPI documents, where npm is installed
	@if command -v npm >/dev/null; then \
		cd tools/openapi-lint && npm ci --silent --no-audit --no-fund && npm run --silent lint; \
	else echo "lint-openapi: npm is not installed here; nothing was checked"; fi

.PHONY: test
test: ## all tests, with the race detector
	go test -race ./...

.PHONY: summary
summary: ## how many rpcs, case files, error rows and faults the tests went through
	@go test -count=1 -v -run 'TestCases$$|TestEveryErrorRow|TestErrorRows|TestErrorVariants|TestDoctrine|TestFailuresOfKakao$$|NameTheSame|TestCatalogue|SamplesLoseNothing' ./internal/e2e ./internal/errorsx \
		| sed -nE 's/^ +[a-z_]+_test.go:[0-9]+: ((case files|catalogue|error rows|error variants|endpoints|[A-Za-z0-9 ]+: [0-9]+ rpcs|[0-9]+ members).*)/\1/p'

.PHONY: check
check: generate lint lint-openapi ## what CI holds a change to, besides the tests
	git diff --exit-code -- gen internal/kakao/enginetest clients docs/errors.md docs/errors.ko.md docs/migrating.md
	@untracked=$$(git ls-files --others --exclude-standard -- gen internal/kakao/enginetest); \
		[ -z "$$untracked" ] || { echo "generated but not committed: $$untracked"; exit 1; }
	go mod tidy -diff
	go -C tools mod tidy -diff
	go -C tools test ./...
	@$(MAKE) --no-print-directory breaking vulnerabilities

.PHONY: breaking
breaking: $(BIN)/buf .protodeps ## the contract against the last release of main
	@if git rev-parse --verify --quiet origin/main >/dev/null && git cat-file -e origin/main:buf.yaml 2>/dev/null; then \
		BUF=$(CURDIR)/$(BIN)/buf tools/breaking origin/main; \
	else echo "breaking: there is no main to compare with"; fi

.PHONY: vulnerabilities
vulnerabilities: $(BIN)/govulncheck ## known vulnerabilities, where the database can be reached
	@out=$$($(BIN)/govulncheck ./... 2>&1); status=$$?; \
	case "$$out" in \
		*vuln.go.dev*) echo "govulncheck: its database cannot be reached from here; nothing was checked";; \
		*) echo "$$out"; exit $$status;; \
	esac

.PHONY: clients
clients: ## the quickstarts in Go, Python, TypeScript and curl, and their failover, against servers of their own
	go test -tags clients -count=1 -v -timeout 15m ./clients

.PHONY: pictures
pictures: ## the pictures of the documents anew, where pages changed; look at them
	KAKAORPC_UPDATE_PICTURES=true go test -count=1 -run 'InABrowser$$|TestSandbox' ./internal/e2e
	git status --short docs/pictures

.PHONY: bench
bench: ## encode, decode and whole calls, with what they are compared to
	go test -run '^$$' -bench . -benchmem ./internal/kakao

.PHONY: drill
drill: ## the long fault drills: kills under load, the image's build, and whatever else takes minutes
	go test -tags drill -run '^TestDrill' -count=1 -v -timeout 60m ./...

.PHONY: release
release: ## static binaries with their software bills of materials and checksums, in dist
	rm -rf dist && mkdir dist
	@for arch in amd64 arm64; do \
		name=kakaorpc-linux-$$arch; \
		GOOS=linux GOARCH=$$arch CGO_ENABLED=0 go build -trimpath -ldflags "-s -w $(STAMP)" -o dist/$$name ./cmd/server || exit 1; \
		go -C tools run ./sbom $(CURDIR)/dist/$$name $(VERSION) > dist/$$name.cdx.json || exit 1; \
	done
	cd dist && sha256sum kakaorpc-* > SHA256SUMS && ls -l

.PHONY: image
image: ## the container image kakaorpc:VERSION, with Docker
	docker build --build-arg VERSION=$(VERSION) --build-arg COMMIT=$(COMMIT) -t kakaorpc:$(subst +,-,$(VERSION)) .

.PHONY: deployment
deployment: ## Dockerfile, compose file and Helm chart: linted, rendered, decoded, and started as the chart would
	go -C tools test -count=1 ./deployment

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME (default 20s)
	@for package in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $${FUZZTIME:-20s} $$package || exit 1; \
		done; \
	done

.protodeps:
	go -C tools run ./protodeps $(CURDIR)/.protodeps

$(addprefix $(BIN)/,$(TOOLS)): $(BIN)/%: tools/go.mod tools/go.sum
	@mkdir -p $(BIN)
	go -C tools build -o $(CURDIR)/$@ $$(cd tools && go list tool | grep '/$*$$')
