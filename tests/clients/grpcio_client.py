"""Calls leye with nothing but stock gRPC and protoc's messages.

    protoc -Iproto --python_out=OUT proto/leye/v1/*.proto
    PYTHONPATH=OUT /usr/bin/python3 tests/clients/grpcio_client.py 127.0.0.1:7400 REVISION FUTURE

REVISION is one before a change of posting `road`, FUTURE one that does not come.
"""

import sys

import grpc
from leye.v1 import match_pb2, posting_pb2

address, revision, future = sys.argv[1:]
POSTING = "regions/13/postings/sewing"


def error_of(call):
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("the call should have failed")


with grpc.insecure_channel(address) as channel:
    rank = channel.unary_unary(
        "/leye.v1.MatchService/RankCandidates",
        request_serializer=match_pb2.RankCandidatesRequest.SerializeToString,
        response_deserializer=match_pb2.RankCandidatesResponse.FromString,
    )
    watch = channel.unary_stream(
        "/leye.v1.PostingService/WatchPostings",
        request_serializer=posting_pb2.WatchPostingsRequest.SerializeToString,
        response_deserializer=posting_pb2.WatchPostingsResponse.FromString,
    )

    for found in rank(match_pb2.RankCandidatesRequest(posting=POSTING), timeout=60).matches:
        print("rank:", found.candidate.name, found.scores.forward_micros / 1e6)

    refused = error_of(lambda: rank(match_pb2.RankCandidatesRequest(posting="x"), timeout=60))
    details = dict(refused.trailing_metadata())["grpc-status-details-bin"]
    print(f"refused: {refused.code().name}, with {str(b'INVALID_FIELDS' in details).lower()}")

    events = watch(posting_pb2.WatchPostingsRequest(parent="regions/13", revision=revision))
    print("watch:", next(events).name)
    events.cancel()
    print("watch, cancelled:", error_of(lambda: next(events)).code().name)

    waiting = match_pb2.RankCandidatesRequest(posting=POSTING)
    waiting.options.min_revisions.append(future)
    print("deadline:", error_of(lambda: rank(waiting, timeout=0.2)).code().name)

    call = rank.future(waiting)
    call.cancel()
    print("cancel:", "CANCELLED" if call.cancelled() else call.code().name)
