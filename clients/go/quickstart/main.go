// Command quickstart signs in through the sandbox, calls three services, and reads an error's details.
package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"github.com/kakaorpc/kakaorpc/clients" // round_robin over the name's addresses, retries of reads
	errorv1 "github.com/kakaorpc/kakaorpc/gen/kakao/error/v1"
	localv1 "github.com/kakaorpc/kakaorpc/gen/kakao/local/v1"
	talkv1 "github.com/kakaorpc/kakaorpc/gen/kakao/talk/v1"
	userv1 "github.com/kakaorpc/kakaorpc/gen/kakao/user/v1"
)

func main() {
	target, plaintext := cmp.Or(os.Getenv("KAKAORPC_TARGET"), "dns:///localhost:9090"), insecure.NewCredentials()
	conn := must(grpc.NewClient(target, grpc.WithTransportCredentials(plaintext), grpc.WithDefaultServiceConfig(clients.ServiceConfig)))
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+must(signIn(ctx, conn, "haru")))
	users := userv1.NewUserServiceClient(conn)
	me := must(users.GetMe(ctx, &userv1.GetMeRequest{})).GetUser()
	fmt.Println(me.GetKakaoAccount().GetProfile().GetNickname(), "is user", me.GetId())
	near := must(localv1.NewLocalServiceClient(conn).SearchKeyword(ctx, &localv1.SearchKeywordRequest{Query: "광화문 커피"}))
	fmt.Println("coffee at", near.GetDocuments()[0].GetPlaceName())
	text := &talkv1.TextTemplate{Text: "Hello from Go", Link: &talkv1.Link{WebUrl: new("https://a.example")}}
	hello := &talkv1.TemplateObject{Template: &talkv1.TemplateObject_Text{Text: text}}
	must(talkv1.NewMessageServiceClient(conn).SendToMe(ctx, &talkv1.SendToMeRequest{TemplateObject: hello}))
	_, err := users.GetMe(ctx, &userv1.GetMeRequest{PropertyKeys: []string{"kakao_account.shoe_size"}})
	info, kakao, bad := detail[*errdetails.ErrorInfo](err), detail[*errorv1.KakaoError](err), detail[*errdetails.BadRequest](err)
	fmt.Println(info.GetReason(), kakao.GetKakaoCode(), bad.GetFieldViolations()[0].GetField())
}
