# docker build --build-arg VERSION=v1.2.3 --build-arg COMMIT=$(git rev-parse HEAD) .
#
# "make image" gives both. It needs BuildKit, which every Docker since 23 has, and for
# several platforms "docker buildx build --platform linux/amd64,linux/arm64".

# The compiler runs on the machine that builds and writes for the one that is asked for:
# nothing is emulated.
FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
WORKDIR /src
# The modules first: this layer stays as long as they do.
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod \
    go mod download
# Generated code is checked in, so that the sources are all it takes (.dockerignore).
COPY . .
ARG TARGETOS TARGETARCH
# What /version and service.version say. Last, because a new one must not throw away
# the layers above.
ARG VERSION COMMIT
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath \
    -ldflags "-s -w -X github.com/kakaorpc/kakaorpc/internal/server.stampedVersion=$VERSION -X github.com/kakaorpc/kakaorpc/internal/server.stampedCommit=$COMMIT" \
    -o /server ./cmd/server

# Static, with CA certificates and time zones, without a shell. The server writes no
# file: run it with a read-only root file system (docker run --read-only,
# readOnlyRootFilesystem: true) and without capabilities. Certificates, policy and keys
# come as mounted files.
#
# Without TLS the listeners stay on the container's loopback. Give
# KAKAORPC_TLS_CERT_FILE and KAKAORPC_TLS_KEY_FILE, or KAKAORPC_INSECURE=true where a
# mesh in front speaks TLS.
FROM gcr.io/distroless/static-debian12:nonroot
ARG VERSION COMMIT
LABEL org.opencontainers.image.title="kakaorpc" \
      org.opencontainers.image.description="Kakao's REST platform as gRPC and JSON" \
      org.opencontainers.image.source="https://github.com/kakaorpc/kakaorpc" \
      org.opencontainers.image.documentation="https://github.com/kakaorpc/kakaorpc/blob/main/docs/deployment.md" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$COMMIT" \
      org.opencontainers.image.base.name="gcr.io/distroless/static-debian12:nonroot"
COPY --from=build /server /server
USER 65532:65532
EXPOSE 9090 8080 9091
# It asks the ops port for /readyz. An address for that port belongs into the
# environment (KAKAORPC_OPS_ADDR) or the file of KAKAORPC_CONFIG, where the check sees
# it, not into the flags. Kubernetes has probes of its own and does not run this.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 CMD ["/server", "healthcheck"]
ENTRYPOINT ["/server"]
