"""Makes 200 reads at all addresses of a name and says how each ended: what happens when one of them dies?"""
import os

import grpc
from kakao.local.v1 import local_service_pb2, local_service_pb2_grpc

config = open("clients/service-config.json").read()
channel = grpc.insecure_channel(os.environ["KAKAORPC_TARGET"], [("grpc.service_config", config)])
places = local_service_pb2_grpc.LocalServiceStub(channel)
for _ in range(200):
    try:
        places.SearchKeyword(local_service_pb2.SearchKeywordRequest(query="커피"), timeout=5)
        print("ok", flush=True)
    except grpc.RpcError as error:
        print(error.code().name, error.details(), flush=True)
