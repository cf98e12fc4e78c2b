// What every client of the Connect family must see, said as lines. The same in Node and in a browser.
//
//   await check(transport, {revision, future}, callsOf(metrics), line => console.log(line));
//
// `revision` is one before a change of posting `road`, `future` one that does not come. Every client says "cancelled" and
// "deadline exceeded" by itself, even when nothing was sent: so the server is asked, by `calls` (see calls.mjs), whether
// it had the call and has ended it.

import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { MatchChange, MatchService } from "./gen/leye/v1/match_pb.js";
import { PostingService } from "./gen/leye/v1/posting_pb.js";
import { ReferralService } from "./gen/leye/v1/referral_pb.js";
import { BadRequestSchema } from "./gen/google/rpc/error_details_pb.js";

async function errorOf(call) {
  try {
    await call();
  } catch (error) {
    return ConnectError.from(error);
  }
  throw new Error("the call should have failed");
}

// The reason in google.rpc.ErrorInfo, its first field; the protos of Debian do not have that message.
function reasonOf(error) {
  const { value } = error.details.find(({ type }) => type === "google.rpc.ErrorInfo");
  return new TextDecoder().decode(value.subarray(2, 2 + value[1]));
}

async function checkWatch(postings, revision, calls, print) {
  const watch = new AbortController();
  const error = await errorOf(async () => {
    const request = { parent: "regions/13", revision };
    for await (const event of postings.watchPostings(request, { signal: watch.signal })) {
      print(`watch: ${event.name}`);
      watch.abort();
    }
  });
  await calls.until(0);
  print(`watch, aborted: ${Code[error.code]}`);
}

// Of a stream that has told what there is and waits for more.
async function checkWatchDeadline(postings, revision, calls, print) {
  const late = errorOf(async () => {
    const request = { parent: "regions/13", revision };
    for await (const event of postings.watchPostings(request, { timeoutMs: 2000 })) {
      print(`watch with a deadline: ${event.name}`);
    }
  });
  await calls.until(1);
  calls.standStillUntil(0); // As in checkEnds.
  print(`watch, deadline: ${Code[(await late).code]}`);
}

// Whoever is referred fits no more, which two watches tell.
async function checkReferral(match, referrals, revision, calls, print) {
  const watch = new AbortController();
  const subject = { case: "posting", value: "regions/13/postings/sewing" };
  const referral = { candidate: "regions/13/candidates/sewer-far", posting: subject.value };
  const matches = await errorOf(async () => {
    for await (const told of match.watchMatches({ subject }, { signal: watch.signal })) {
      print(`matches: ${MatchChange[told.change]} ${told.name}`);
      if (told.change === MatchChange.REMOVED) watch.abort();
      else if (told.last) {
        await referrals.createReferral({ parent: "regions/13", referralId: "far", referral });
      }
    }
  });
  await calls.until(0);
  print(`matches, aborted: ${Code[matches.code]}`);

  const later = new AbortController();
  const error = await errorOf(async () => {
    const request = { parent: "regions/13", revision };
    for await (const event of referrals.watchReferrals(request, { signal: later.signal })) {
      print(`referrals: ${event.name}`);
      later.abort();
    }
  });
  await calls.until(0);
  print(`referrals, aborted: ${Code[error.code]}`);
}

// Of calls that would wait for minutes.
async function checkEnds(match, future, calls, print) {
  const waiting = { posting: "regions/13/postings/sewing", options: { minRevisions: [future] } };
  const late = errorOf(() => match.rankCandidates(waiting, { timeoutMs: 2000 }));
  await calls.until(1);
  calls.standStillUntil(0); // This client's clock too: it is the server that ends the call.
  print(`deadline: ${Code[(await late).code]}`);

  const abort = new AbortController();
  const aborted = errorOf(() => match.rankCandidates(waiting, { signal: abort.signal }));
  await calls.until(1);
  abort.abort();
  await calls.until(0);
  print(`cancel: ${Code[(await aborted).code]}`);
}

export async function check(transport, { revision, future }, calls, print) {
  const match = createClient(MatchService, transport);
  const postings = createClient(PostingService, transport);
  const referrals = createClient(ReferralService, transport);

  const answer = await match.rankCandidates({ posting: "regions/13/postings/sewing" });
  for (const { candidate, scores } of answer.matches) {
    print(`rank: ${candidate.name} ${scores.forwardMicros / 1e6}`);
  }

  const nobody = await errorOf(() =>
    match.rankCandidates({ posting: "regions/13/postings/nobody" }),
  );
  print(`unknown: ${Code[nobody.code]}`);

  const refused = await errorOf(() => match.rankCandidates({ posting: "x" }));
  const [bad] = refused.findDetails(BadRequestSchema);
  print(`refused: ${Code[refused.code]} ${reasonOf(refused)} ${bad.fieldViolations[0].field}`);

  await checkWatch(postings, revision, calls, print);
  await checkWatchDeadline(postings, revision, calls, print);
  const stale = await errorOf(async () => {
    for await (const event of postings.watchPostings({ parent: "here" })) print(event.name);
  });
  print(`watch, refused: ${Code[stale.code]} ${reasonOf(stale)}`);
  await checkReferral(match, referrals, revision, calls, print);
  await checkEnds(match, future, calls, print);
}
