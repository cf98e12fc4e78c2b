// @grpc/grpc-js with messages read from the protos at run time.
//
//   node grpc_js_client.mjs 127.0.0.1:7400 PROTO_FOLDER REVISION FUTURE
import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";

const [address, protos, revision, future] = process.argv.slice(2);
const definition = protoLoader.loadSync(["leye/v1/match.proto", "leye/v1/posting.proto"], {
  includeDirs: [protos],
});
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
const [details] = refused.metadata.get("grpc-status-details-bin");
console.log(`refused: ${grpc.status[refused.code]}, with ${details.includes("INVALID_FIELDS")}`);

const watch = postings.watchPostings({ parent: "regions/13", revision });
const ended = new Promise((resolve) => watch.on("error", resolve));
watch.on("data", ({ name }) => {
  console.log(`watch: ${name}`);
  watch.cancel();
});
console.log(`watch, cancelled: ${grpc.status[(await ended).code]}`);

const waiting = { posting, options: { minRevisions: [future] } };
const late = await rank(waiting, { deadline: Date.now() + 200 });
console.log(`deadline: ${grpc.status[late.code]}`);

const cancelled = await new Promise((resolve) => {
  match.rankCandidates(waiting, resolve).cancel();
});
console.log(`cancel: ${grpc.status[cancelled.code]}`);

process.exit(); // Its connections would keep it running.
