// @connectrpc/connect-web in a real browser: Debian's chromium, a page of another origin.
//
//   node browser_client.mjs check http://127.0.0.1:7480 connect REVISION FUTURE METRICS
//   API_KEY=... CA=edge.pem node browser_client.mjs rank https://localhost:443 regions/13/postings/x
//
// The first says what checks.mjs does, and last how many requests were GETs; the second what rank_client.mjs does.
import { createHash, X509Certificate } from "node:crypto";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { callsOf } from "./calls.mjs";

const [what, baseUrl, ...words] = process.argv.slice(2);
const folder = import.meta.dirname ?? new URL(".", import.meta.url).pathname;

// Where a browser finds what the modules import: the packages' own lists of what they export.
function importMap() {
  const imports = {};
  for (const pack of ["@bufbuild/protobuf", "@connectrpc/connect", "@connectrpc/connect-web"]) {
    const { exports } = JSON.parse(readFileSync(join(folder, "node_modules", pack, "package.json")));
    for (const [path, target] of Object.entries(exports)) {
      const file = typeof target === "string" ? target : (target.import?.default ?? target.import);
      if (file?.endsWith(".js")) {
        imports[join(pack, path)] = "/" + join("node_modules", pack, file);
      }
    }
  }
  return JSON.stringify({ imports });
}

// The page's own way to calls.mjs: by the site, which waits with its answer. A synchronous request holds the page up.
const page = `<!doctype html><meta charset="utf-8">
<script type="importmap">${importMap()}</script>
<script type="module">
  import { toJson } from "@bufbuild/protobuf";
  import { createClient } from "@connectrpc/connect";
  import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
  import { MatchService, ScoresSchema } from "/gen/leye/v1/match_pb.js";

  const transports = {
    "connect": (baseUrl) => createConnectTransport({ baseUrl }),
    "connect-get": (baseUrl) => createConnectTransport({ baseUrl, useHttpGet: true }),
    "grpc-web": (baseUrl) => createGrpcWebTransport({ baseUrl }),
  };
  const calls = {
    until: async (count) => {
      const { ok } = await fetch("/calls/" + count);
      if (!ok) throw new Error("there never were " + count + " calls");
    },
    standStillUntil: (count) => {
      const request = new XMLHttpRequest();
      request.open("GET", "/calls/" + count, false);
      request.send();
      if (request.status !== 200) throw new Error("there never were " + count + " calls");
    },
  };

  window.check = async (baseUrl, name, revision, future) => {
    const { check } = await import("/checks.mjs");
    const lines = [];
    await check(transports[name](baseUrl), { revision, future }, calls, (line) => lines.push(line));
    return lines;
  };
  window.rank = async (baseUrl, posting, key) => {
    const lines = [];
    for (const [name, form] of [["Connect", "connect"], ["gRPC-Web", "grpc-web"]]) {
      const match = createClient(MatchService, transports[form](baseUrl));
      const { matches } = await match.rankCandidates({ posting }, { headers: { "x-api-key": key } });
      const found = matches.map((each) => [each.candidate.name, toJson(ScoresSchema, each.scores)]);
      lines.push("connect-web " + name + "\\t" + JSON.stringify(found));
    }
    return lines;
  };
  window.ready = true;
</script>`;

const site = createServer(async (request, response) => {
  const path = new URL(request.url, "http://site").pathname;
  if (path === "/") {
    response.setHeader("content-type", "text/html");
    response.end(page);
  } else if (path.startsWith("/calls/")) {
    const count = path.slice("/calls/".length);
    response.statusCode = await callsOf(words.at(-1)).until(count).then(() => 200, () => 500);
    response.end();
  } else if (path.endsWith("js") && !path.includes("..") && existsSync(join(folder, path))) {
    response.setHeader("content-type", "text/javascript");
    createReadStream(join(folder, path)).pipe(response);
  } else {
    response.statusCode = 404;
    response.end();
  }
});
await new Promise((done) => site.listen(0, "127.0.0.1", done));

// For chromium: to trust the key of the certificate in $CA, which vouches for itself.
function trust() {
  if (!process.env.CA) return [];
  const { publicKey } = new X509Certificate(readFileSync(process.env.CA));
  const key = createHash("sha256").update(publicKey.export({ type: "spki", format: "der" }));
  return [`--ignore-certificate-errors-spki-list=${key.digest("base64")}`];
}

const browser = await chromium.launch({
  executablePath: process.env.LEYE_CHROMIUM,
  args: ["--no-sandbox", "--no-proxy-server", "--disable-dev-shm-usage", ...trust()],
});
try {
  const tab = await browser.newPage();
  let gets = 0;
  tab.on("request", (request) => {
    if (request.url().startsWith(baseUrl) && request.method() === "GET") gets += 1;
  });
  tab.on("pageerror", (error) => console.error(error.message));
  await tab.goto(`http://127.0.0.1:${site.address().port}/`);
  await tab.waitForFunction(() => window.ready);
  const told = what === "rank" ? [...words, process.env.API_KEY] : words;
  const lines = await tab.evaluate(([what, ...told]) => window[what](...told), [what, baseUrl, ...told]);
  console.log(lines.join("\n"));
  if (what === "check") console.log(`by GET: ${gets}`);
} finally {
  await browser.close();
  site.close();
}
