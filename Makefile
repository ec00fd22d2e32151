# Every target works in a clean clone with only Go installed; tools are built
# into .bin from the versions pinned in tools/go.mod.

BIN := .bin
TOOLS := buf protoc-gen-go protoc-gen-go-grpc protoc-gen-grpc-gateway protoc-gen-openapiv2 grpcurl golangci-lint govulncheck
GENERATORS := $(addprefix $(BIN)/,buf protoc-gen-go protoc-gen-go-grpc protoc-gen-grpc-gateway protoc-gen-openapiv2)

.PHONY: generate
generate: $(GENERATORS) ## print imported protos, generate gen/
	rm -rf .protodeps
	go -C tools run ./protodeps $(CURDIR)/.protodeps
	$(BIN)/buf generate
	$(BIN)/buf generate --template buf.gen.enginetest.yaml
	cp tools/openapi.go.txt gen/openapi/openapi.go

$(addprefix $(BIN)/,$(TOOLS)): $(BIN)/%: tools/go.mod tools/go.sum
	@mkdir -p $(BIN)
	go -C tools build -o $(CURDIR)/$@ $$(cd tools && go list tool | grep '/$*$$')
