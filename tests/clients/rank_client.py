"""Ranks for a posting by stock gRPC, through TLS and by an API key; prints as rank_client.mjs.

    API_KEY=... CA=edge.pem PYTHONPATH=OUT /usr/bin/python3 rank_client.py localhost:443 regions/13/postings/x

OUT has what protoc --python_out makes of proto/leye/v1.
"""

import json
import os
import pathlib
import sys

import grpc
from google.protobuf.json_format import MessageToDict
from leye.v1 import match_pb2

address, posting = sys.argv[1:]
secure = grpc.ssl_channel_credentials(pathlib.Path(os.environ['CA']).read_bytes())
with grpc.secure_channel(address, secure) as channel:
    rank = channel.unary_unary('/leye.v1.MatchService/RankCandidates',
                               request_serializer=match_pb2.RankCandidatesRequest.SerializeToString,
                               response_deserializer=match_pb2.RankCandidatesResponse.FromString)
    answer = rank(match_pb2.RankCandidatesRequest(posting=posting), timeout=30,
                  metadata=[('x-api-key', os.environ['API_KEY'])])
    found = [[match.candidate.name, MessageToDict(match.scores)] for match in answer.matches]
    print('grpcio', json.dumps(found), sep='\t')
