// Makes 200 reads at all addresses of a name and says how each ended: what happens when one of them dies?
import { readFileSync } from "node:fs";
import { Client, credentials } from "@grpc/grpc-js";
import { LocalServiceClientImpl, SearchKeywordRequest } from "./gen/kakao/local/v1/local_service.js";
import { rpc } from "./rpc.js";

const config = readFileSync("../service-config.json", "utf8");
const client = new Client(process.env.KAKAORPC_TARGET!, credentials.createInsecure(), { "grpc.service_config": config });
const places = new LocalServiceClientImpl(rpc(client, { seconds: 5 }));
for (let i = 0; i < 200; i++) {
  console.log(await places.searchKeyword(SearchKeywordRequest.create({ query: "커피" })).then(() => "ok", String));
}
