// @grpc/grpc-js with messages read from the protos at run time.
//
//   node grpc_js_client.mjs 127.0.0.1:7400 PROTO_FOLDER GOOGLE_PROTO_FOLDER REVISION FUTURE METRICS
import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";
import { callsOf } from "./calls.mjs";

const [address, protos, googleProtos, revision, future, metrics] = process.argv.slice(2);
const calls = callsOf(metrics);
const definition = protoLoader.loadSync(
  [
    "leye/v1/match.proto",
    "leye/v1/posting.proto",
    "google/rpc/status.proto",
    "google/rpc/error_details.proto",
  ],
  { includeDirs: [protos, googleProtos] },
);
const { leye } = grpc.loadPackageDefinition(definition);
const open = (Service) => new Service(address, grpc.credentials.createInsecure());
const match = open(leye.v1.MatchService);
const postings = open(leye.v1.PostingService);
const posting = "regions/13/postings/sewing";

// The answer, or the error.
const rank = (request, options = {}) =>
  new Promise((resolve) => {
    match.rankCandidates(request, options, (error, answer) => resolve(error ?? answer));
  });

for (const { candidate, scores } of (await rank({ posting })).matches) {
  console.log(`rank: ${candidate.name} ${scores.forwardMicros / 1e6}`);
}

const refused = await rank({ posting: "x" });
const [bytes] = refused.metadata.get("grpc-status-details-bin");
const { details } = definition["google.rpc.Status"].deserialize(bytes);
const { value } = details.find(({ type_url }) => type_url.endsWith("/google.rpc.BadRequest"));
const bad = definition["google.rpc.BadRequest"].deserialize(value);
console.log(`refused: ${grpc.status[refused.code]} ${bad.fieldViolations[0].field}`);

const watch = postings.watchPostings({ parent: "regions/13", revision });
const ended = new Promise((resolve) => watch.on("error", resolve));
watch.on("data", ({ name }) => {
  console.log(`watch: ${name}`);
  watch.cancel();
});
const watched = await ended;
await calls.until(0);
console.log(`watch, cancelled: ${grpc.status[watched.code]}`);

// checks.mjs says why the server is asked.
const request = { parent: "regions/13", revision };
const lateWatch = postings.watchPostings(request, { deadline: Date.now() + 2000 });
const lateEnded = new Promise((resolve) => lateWatch.on("error", resolve));
lateWatch.on("data", ({ name }) => console.log(`watch with a deadline: ${name}`));
await calls.until(1);
calls.standStillUntil(0);
console.log(`watch, deadline: ${grpc.status[(await lateEnded).code]}`);

const waiting = { posting, options: { minRevisions: [future] } };
const late = rank(waiting, { deadline: Date.now() + 2000 });
await calls.until(1);
calls.standStillUntil(0);
console.log(`deadline: ${grpc.status[(await late).code]}`);

let call;
const cancelled = new Promise((resolve) => {
  call = match.rankCandidates(waiting, resolve);
});
await calls.until(1);
call.cancel();
await calls.until(0);
console.log(`cancel: ${grpc.status[(await cancelled).code]}`);

process.exit(); // Its connections would keep it running.
