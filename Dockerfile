# The build stage needs the module proxy only: generated code is checked in.
# The version that /version shows comes from .git, so the context includes it.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /server ./cmd/server

# Static, with CA certificates and time zones, without a shell. The server
# writes no file: run it with a read-only root file system
# (docker run --read-only, readOnlyRootFilesystem: true) and without
# capabilities. Certificates, policy and keys come as mounted files.
#
# Without TLS the listeners stay on the container's loopback. Give
# KAKAORPC_TLS_CERT_FILE and KAKAORPC_TLS_KEY_FILE, or KAKAORPC_INSECURE=true
# where a mesh in front speaks TLS.
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /server /server
USER 65532:65532
EXPOSE 9090 8080 9091
ENTRYPOINT ["/server"]
