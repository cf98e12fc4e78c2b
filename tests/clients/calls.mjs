// What the server says of the calls that it runs: a client's own word that a call has ended is none about the server.
import { execFile, execFileSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const awaitCalls = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "await_calls");

// Of the server whose metrics are at `address`: `until(count)` resolves when it runs that many calls. While
// `standStillUntil(count)` waits for the same, this process does nothing else: no timer of a client ends a call.
export function callsOf(address) {
  return {
    until: (count) => promisify(execFile)(awaitCalls, [address, String(count)]),
    standStillUntil: (count) => execFileSync(awaitCalls, [address, String(count)]),
  };
}
