package main

import (
	"log"

	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// detail returns an error's detail of one type, or nil where there is none;
// nil's getters answer with zero values.
func detail[T proto.Message](err error) (none T) {
	for _, any := range status.Convert(err).Details() {
		if found, ok := any.(T); ok {
			return found
		}
	}
	return none
}

// must ends the program where there is an error, so that the quickstart stays
// short; a service handles it.
func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err) //nolint:revive // see above
	}
	return value
}
