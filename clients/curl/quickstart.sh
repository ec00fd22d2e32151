#!/usr/bin/env bash
# Signs in through the sandbox, calls three services, and reads an error's details.
set -euo pipefail
kakaorpc=${KAKAORPC_URL:-http://localhost:8080}
redirect_uri=http://127.0.0.1:8080/callback

# Every call says how long it may take: 5S is five seconds. Reads are repeated, writes never.
get() { curl -sS --fail --retry 2 -H 'grpc-timeout: 5S' --get "$@"; }
post() { curl -sS --fail-with-body -H 'grpc-timeout: 5S' -H 'content-type: application/json' "$@"; }

# A browser opens this URL and comes back with a code. In the sandbox, haru signs in without a browser.
url=$(get "$kakaorpc/auth/v1/authorize_url" --data-urlencode "redirect_uri=$redirect_uri" | jq -r .url)
code=$(curl -sS "${url%/oauth/*}/__sandbox__/authorize" -d '{"user": "haru"}' | jq -r .code)
exchange=$(jq -n --arg code "$code" --arg redirect_uri "$redirect_uri" '$ARGS.named')
token=$(post "$kakaorpc/auth/v1/token:issue" -d "$exchange" | jq -r .token.access_token)
as_haru="authorization: Bearer $token"

get "$kakaorpc/user/v1/me" -H "$as_haru" |
  jq -r '.user | "\(.kakao_account.profile.nickname) is user \(.id)"'
get "$kakaorpc/local/v1/places:searchKeyword" --data-urlencode 'query=광화문 커피' |
  jq -r '"coffee at \(.documents[0].place_name)"'
hello='{"template_object": {"text": {"text": "Hello from curl", "link": {"web_url": "https://a.example"}}}}'
post "$kakaorpc/talk/v1/messages:sendToMe" -H "$as_haru" -d "$hello" > /dev/null

# Every failure is a google.rpc.Status with details, each of which says its type.
curl -sS -H "$as_haru" "$kakaorpc/user/v1/me?property_keys=kakao_account.shoe_size" | jq -r '
  def detail(type): .details[] | select(.["@type"] | endswith(type));
  [detail("ErrorInfo").reason, detail("KakaoError").kakao_code, detail("BadRequest").field_violations[0].field] | join(" ")'
