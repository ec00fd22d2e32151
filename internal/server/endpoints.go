package server

import (
	"github.com/kakaorpc/kakaorpc/internal/kakao"
	"github.com/kakaorpc/kakaorpc/internal/service"
)

// Endpoints compiles the contract and returns the table: which rpc calls what
// of Kakao, and how.
func Endpoints() ([]kakao.Endpoint, error) {
	client, err := kakao.New(kakao.Config{Overrides: service.Overrides()}, service.Descriptors()...)
	if err != nil {
		return nil, err
	}
	return client.Endpoints(), nil
}
