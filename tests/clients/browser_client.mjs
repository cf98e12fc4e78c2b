// @connectrpc/connect-web in a real browser: Debian's chromium, a page of another origin.
//
//   node browser_client.mjs connect http://127.0.0.1:7480 REVISION FUTURE
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [name, baseUrl, revision, future] = process.argv.slice(2);
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

const page = `<!doctype html><meta charset="utf-8">
<script type="importmap">${importMap()}</script>
<script type="module">
  import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
  import { check } from "/checks.mjs";
  window.run = async (name, baseUrl, revisions) => {
    const transport = {
      "connect": () => createConnectTransport({ baseUrl }),
      "connect-get": () => createConnectTransport({ baseUrl, useHttpGet: true }),
      "grpc-web": () => createGrpcWebTransport({ baseUrl }),
    }[name]();
    const lines = [];
    await check(transport, revisions, line => lines.push(line));
    return lines;
  };
  window.ready = true;
</script>`;

const site = createServer((request, response) => {
  const path = new URL(request.url, "http://site").pathname;
  if (path === "/") {
    response.setHeader("content-type", "text/html");
    response.end(page);
  } else if (path.endsWith("js") && !path.includes("..") && existsSync(join(folder, path))) {
    response.setHeader("content-type", "text/javascript");
    createReadStream(join(folder, path)).pipe(response);
  } else {
    response.statusCode = 404;
    response.end();
  }
});
await new Promise((done) => site.listen(0, "127.0.0.1", done));

const browser = await chromium.launch({
  executablePath: process.env.LEYE_CHROMIUM,
  args: ["--no-sandbox", "--no-proxy-server", "--disable-dev-shm-usage"],
});
try {
  const tab = await browser.newPage();
  tab.on("pageerror", (error) => console.error(error.message));
  await tab.goto(`http://127.0.0.1:${site.address().port}/`);
  await tab.waitForFunction(() => window.ready);
  const lines = await tab.evaluate(
    ([name, baseUrl, revisions]) => window.run(name, baseUrl, revisions),
    [name, baseUrl, { revision, future }],
  );
  console.log(lines.join("\n"));
} finally {
  await browser.close();
  site.close();
}
