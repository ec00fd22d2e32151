// Signs in through the sandbox, calls three services, and reads an error's details.
import { readFileSync } from "node:fs";
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { BadRequest, ErrorInfo } from "./gen/google/rpc/error_details.js";
import { AuthServiceClientImpl, GetAuthorizeUrlRequest, IssueTokenRequest } from "./gen/kakao/auth/v1/auth_service.js";
import { KakaoError } from "./gen/kakao/error/v1/error.js";
import { LocalServiceClientImpl, SearchKeywordRequest } from "./gen/kakao/local/v1/local_service.js";
import { MessageServiceClientImpl, SendToMeRequest } from "./gen/kakao/talk/v1/message_service.js";
import { GetMeRequest, UserServiceClientImpl } from "./gen/kakao/user/v1/user_service.js";
import { detail, rpc } from "./rpc.js";

// The service config sends calls to every address of the name in turn (round_robin), and repeats reads.
const config = readFileSync("../service-config.json", "utf8");
const target = process.env.KAKAORPC_TARGET ?? "dns:///localhost:9090";
const client = new Client(target, credentials.createInsecure(), { "grpc.service_config": config });

// A browser opens this URL and comes back with a code. In the sandbox, haru signs in without a browser.
const auth = new AuthServiceClientImpl(rpc(client, { seconds: 10 }));
const redirectUri = "http://127.0.0.1:8080/callback";
const { url } = await auth.getAuthorizeUrl(GetAuthorizeUrlRequest.create({ redirectUri }));
const signIn = await fetch(new URL("/__sandbox__/authorize", url), { method: "POST", body: '{"user": "haru"}' });
const { code } = await signIn.json() as { code: string };
const { token } = await auth.issueToken(IssueTokenRequest.create({ code, redirectUri }));
const asHaru = rpc(client, { seconds: 5, authorization: `Bearer ${token?.accessToken}` });

const users = new UserServiceClientImpl(asHaru);
const { user } = await users.getMe(GetMeRequest.create());
console.log(`${user?.kakaoAccount?.profile?.nickname} is user ${user?.id}`);
const near = await new LocalServiceClientImpl(asHaru).searchKeyword(SearchKeywordRequest.create({ query: "광화문 커피" }));
console.log(`coffee at ${near.documents[0]?.placeName}`);
const text = { text: "Hello from TypeScript", link: { webUrl: "https://a.example" } };
await new MessageServiceClientImpl(asHaru).sendToMe(SendToMeRequest.create({ templateObject: { text } }));

await users.getMe(GetMeRequest.create({ propertyKeys: ["kakao_account.shoe_size"] })).catch((error: ServiceError) => {
  const [info, kakao, bad] = [detail(error, ErrorInfo), detail(error, KakaoError), detail(error, BadRequest)];
  console.log(info?.reason, kakao?.kakaoCode, bad?.fieldViolations[0]?.field);
});
