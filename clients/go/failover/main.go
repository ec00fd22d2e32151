// Command failover makes 200 reads at all addresses of a name and says how each ended: what happens when one of them dies?
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/kakaorpc/kakaorpc/clients"
	localv1 "github.com/kakaorpc/kakaorpc/gen/kakao/local/v1"
)

func main() {
	conn, err := grpc.NewClient(os.Getenv("KAKAORPC_TARGET"),
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultServiceConfig(clients.ServiceConfig))
	if err != nil {
		log.Fatal(err)
	}
	places := localv1.NewLocalServiceClient(conn)
	for range 200 {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		_, err := places.SearchKeyword(ctx, &localv1.SearchKeywordRequest{Query: "커피"})
		cancel()
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println("ok")
	}
}
