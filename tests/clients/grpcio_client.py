"""Calls leye with nothing but stock gRPC and protoc's messages.

    protoc -Iproto -IGOOGLE --python_out=OUT proto/leye/v1/*.proto google/rpc/{status,error_details}.proto
    PYTHONPATH=OUT /usr/bin/python3 tests/clients/grpcio_client.py 127.0.0.1:7400 REVISION FUTURE METRICS

REVISION is one before a change of posting `road`, FUTURE one that does not come. METRICS is where the server says what
it runs: checks.mjs says why it is asked.
"""

import pathlib
import subprocess
import sys

import grpc
from google.rpc import error_details_pb2, status_pb2
from leye.v1 import match_pb2, posting_pb2

address, revision, future, metrics = sys.argv[1:]
POSTING = "regions/13/postings/sewing"
AWAIT_CALLS = pathlib.Path(__file__).with_name("await_calls")


def error_of(call):
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("the call should have failed")


def await_calls(count):
    subprocess.run([AWAIT_CALLS, metrics, str(count)], check=True)


def stand_still_until_calls(count):
    """As await_calls, while no thread of this process runs: gRPC has its own, with the client's clock."""
    stopped = 'kill -STOP $PPID; "$@"; told=$?; kill -CONT $PPID; exit $told'
    subprocess.run(["bash", "-c", stopped, "bash", AWAIT_CALLS, metrics, str(count)], check=True)


def bad_request_of(error):
    status = status_pb2.Status.FromString(dict(error.trailing_metadata())["grpc-status-details-bin"])
    bad = error_details_pb2.BadRequest()
    assert any(detail.Unpack(bad) for detail in status.details), status
    return bad


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
    print("refused:", refused.code().name, bad_request_of(refused).field_violations[0].field)

    events = watch(posting_pb2.WatchPostingsRequest(parent="regions/13", revision=revision))
    print("watch:", next(events).name)
    events.cancel()
    watched = error_of(lambda: next(events))
    await_calls(0)
    print("watch, cancelled:", watched.code().name)

    events = watch(posting_pb2.WatchPostingsRequest(parent="regions/13", revision=revision), timeout=2)
    print("watch with a deadline:", next(events).name)
    await_calls(1)
    stand_still_until_calls(0)
    print("watch, deadline:", error_of(lambda: next(events)).code().name)

    waiting = match_pb2.RankCandidatesRequest(posting=POSTING)
    waiting.options.min_revisions.append(future)
    late = rank.future(waiting, timeout=2)
    await_calls(1)
    stand_still_until_calls(0)
    print("deadline:", late.code().name)

    call = rank.future(waiting)
    await_calls(1)
    call.cancel()
    await_calls(0)
    print("cancel:", call.code().name)
