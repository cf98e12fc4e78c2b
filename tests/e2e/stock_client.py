"""Ranks people for a posting with nothing but stock gRPC and protoc's messages.

    protoc -Iproto --python_out=OUT proto/leye/v1/*.proto
    PYTHONPATH=OUT /usr/bin/python3 tests/e2e/stock_client.py 127.0.0.1:7400
"""

import sys

import grpc
from leye.v1 import match_pb2

with grpc.insecure_channel(sys.argv[1]) as channel:
    rank = channel.unary_unary(
        "/leye.v1.MatchService/RankCandidates",
        request_serializer=match_pb2.RankCandidatesRequest.SerializeToString,
        response_deserializer=match_pb2.RankCandidatesResponse.FromString,
    )
    answer = rank(
        match_pb2.RankCandidatesRequest(posting="regions/13/postings/sewing"), timeout=60
    )
    for match in answer.matches:
        print(match.candidate.name, match.scores.forward_micros / 1e6)
    try:
        rank(match_pb2.RankCandidatesRequest(posting="regions/13/postings/nobody"), timeout=60)
    except grpc.RpcError as error:
        print("nobody:", error.code().name)
