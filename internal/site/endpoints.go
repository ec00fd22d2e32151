package site

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/kakaorpc/kakaorpc/internal/kakao"
)

// product is the endpoints of one product of Kakao's.
type product struct {
	Name      string // user
	Endpoints []endpoint
}

// endpoint is a row of the table.
type endpoint struct {
	kakao.Endpoint
	Service, RPC string // UserService, GetMe
	Verb, Route  string // of the facade
	Summary      string // one sentence
	// Documentation is Kakao's page.
	Documentation string
	// Operation is where Swagger UI has it.
	Operation string
}

// operation is what is read of an operation of the OpenAPI description.
type operation struct {
	Summary      string
	OperationID  string `json:"operationId"`
	Tags         []string
	ExternalDocs struct{ URL string }
}

// describe joins the compiled table, which knows what is called, with the
// description, which has the comments of the contract.
func describe(table []kakao.Endpoint, contract []byte) ([]product, error) {
	var description struct {
		Paths map[string]map[string]operation
	}
	if err := json.Unmarshal(contract, &description); err != nil {
		return nil, fmt.Errorf("the OpenAPI description: %w", err)
	}
	var products []product
	for _, row := range table {
		verb, route, _ := strings.Cut(row.Facade, " ")
		known, ok := description.Paths[route][strings.ToLower(verb)]
		if !ok || len(known.Tags) == 0 {
			return nil, fmt.Errorf("the OpenAPI description has no operation, or no tag of it, for %s (%s)", row.RPC, row.Facade)
		}
		full, name, _ := strings.Cut(row.RPC, "/")
		parts := strings.Split(full, ".") // kakao.user.v1.UserService
		e := endpoint{
			Endpoint: row, Service: parts[len(parts)-1], RPC: name, Verb: verb, Route: route,
			Summary: known.Summary, Documentation: known.ExternalDocs.URL,
			Operation: swaggerPath + "#/" + known.Tags[0] + "/" + known.OperationID,
		}
		of := parts[max(0, len(parts)-3)]
		if len(products) == 0 || products[len(products)-1].Name != of {
			products = append(products, product{Name: of})
		}
		last := &products[len(products)-1]
		last.Endpoints = append(last.Endpoints, e)
	}
	return products, nil
}
