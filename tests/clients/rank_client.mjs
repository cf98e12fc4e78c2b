// Ranks for a posting by each stock client of Node, through TLS and by an API key: a line a client, its name and what
// it got as JSON, scores as proto JSON has them.
//
//   API_KEY=... CA=edge.pem node rank_client.mjs localhost:443 regions/13/postings/x PROTO_FOLDER
import { readFileSync } from "node:fs";
import { toJson } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";
import { MatchService, ScoresSchema } from "./gen/leye/v1/match_pb.js";

const [address, posting, protos] = process.argv.slice(2);
const ca = readFileSync(process.env.CA);
const key = { "x-api-key": process.env.API_KEY };
const web = { baseUrl: `https://${address}`, httpVersion: "1.1", nodeOptions: { ca } };

async function byConnect(transport) {
  const answer = await createClient(MatchService, transport).rankCandidates({ posting }, { headers: key });
  return answer.matches.map(({ candidate, scores }) => [candidate.name, toJson(ScoresSchema, scores)]);
}

async function byGrpcJs() {
  const definition = protoLoader.loadSync("leye/v1/match.proto", { includeDirs: [protos] });
  const { leye } = grpc.loadPackageDefinition(definition);
  const match = new leye.v1.MatchService(address, grpc.credentials.createSsl(ca));
  const metadata = new grpc.Metadata();
  metadata.set("x-api-key", process.env.API_KEY);
  const answer = await new Promise((resolve, reject) => {
    match.rankCandidates({ posting }, metadata, (error, got) => (error ? reject(error) : resolve(got)));
  });
  return answer.matches.map(({ candidate, scores }) => [candidate.name, scores]);
}

const clients = {
  "connect-node Connect": () => byConnect(createConnectTransport(web)),
  "connect-node gRPC-Web": () => byConnect(createGrpcWebTransport(web)),
  "connect-node gRPC": () => byConnect(createGrpcTransport({ ...web, httpVersion: "2" })),
  "grpc-js": byGrpcJs,
};
for (const [name, rank] of Object.entries(clients)) {
  console.log(`${name}\t${JSON.stringify(await rank())}`);
}
process.exit(0); // Connections are kept alive.
