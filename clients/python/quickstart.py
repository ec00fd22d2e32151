"""Signs in through the sandbox, calls three services, and reads an error's details."""
import json
import os
from urllib.request import urlopen

import grpc
from google.rpc import error_details_pb2, status_pb2
from kakao.auth.v1 import auth_service_pb2 as auth_pb, auth_service_pb2_grpc as auth_grpc
from kakao.error.v1 import error_pb2
from kakao.local.v1 import local_service_pb2 as local_pb, local_service_pb2_grpc as local_grpc
from kakao.talk.v1 import message_service_pb2 as message_pb, message_service_pb2_grpc as message_grpc
from kakao.user.v1 import user_service_pb2 as user_pb, user_service_pb2_grpc as user_grpc

# The service config sends calls to every address of the name in turn (round_robin), and repeats reads.
target = os.environ.get("KAKAORPC_TARGET", "dns:///localhost:9090")
channel = grpc.insecure_channel(target, [("grpc.service_config", open("clients/service-config.json").read())])

# A browser opens this URL and comes back with a code. In the sandbox, haru signs in without a browser.
auth, redirect_uri = auth_grpc.AuthServiceStub(channel), "http://127.0.0.1:8080/callback"
url = auth.GetAuthorizeUrl(auth_pb.GetAuthorizeUrlRequest(redirect_uri=redirect_uri), timeout=5).url
code = json.load(urlopen(url.split("/oauth/")[0] + "/__sandbox__/authorize", b'{"user": "haru"}'))["code"]
issued = auth.IssueToken(auth_pb.IssueTokenRequest(code=code, redirect_uri=redirect_uri), timeout=10)
as_haru = [("authorization", f"Bearer {issued.token.access_token}")]

users = user_grpc.UserServiceStub(channel)
me = users.GetMe(user_pb.GetMeRequest(), metadata=as_haru, timeout=5).user
print(me.kakao_account.profile.nickname, "is user", me.id)
near = local_grpc.LocalServiceStub(channel).SearchKeyword(local_pb.SearchKeywordRequest(query="광화문 커피"), timeout=5)
print("coffee at", near.documents[0].place_name)
text = {"text": "Hello from Python", "link": {"web_url": "https://a.example"}}
hello = message_pb.SendToMeRequest(template_object={"text": text})
message_grpc.MessageServiceStub(channel).SendToMe(hello, metadata=as_haru, timeout=10)

try:
    users.GetMe(user_pb.GetMeRequest(property_keys=["kakao_account.shoe_size"]), metadata=as_haru, timeout=5)
except grpc.RpcError as error:
    info, kakao, bad = error_details_pb2.ErrorInfo(), error_pb2.KakaoError(), error_details_pb2.BadRequest()
    for any in status_pb2.Status.FromString(dict(error.trailing_metadata())["grpc-status-details-bin"]).details:
        any.Unpack(info) or any.Unpack(kakao) or any.Unpack(bad)
    print(info.reason, kakao.kakao_code, bad.field_violations[0].field)
