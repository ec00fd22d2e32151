# The build stage needs the module proxy only: generated code is checked in.
# The version that /version shows comes from .git, so the context includes it.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /server ./cmd/server

# Static, with CA certificates and time zones, without a shell; runs as uid 65532.
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /server /server
EXPOSE 9090 8080 9091
ENTRYPOINT ["/server"]
