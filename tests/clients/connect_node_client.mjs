// @connectrpc/connect-node, by the protocol and codec that is asked for.
//
//   node connect_node_client.mjs connect-json http://127.0.0.1:7480 REVISION FUTURE METRICS
//
// Says last how many requests were GETs.
import { subscribe } from "node:diagnostics_channel";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { callsOf } from "./calls.mjs";
import { check } from "./checks.mjs";

const [name, baseUrl, revision, future, metrics] = process.argv.slice(2);
const web = { baseUrl, httpVersion: "1.1" };
const transports = {
  "connect-json": () => createConnectTransport({ ...web, useBinaryFormat: false }),
  "connect-proto": () => createConnectTransport({ ...web, useBinaryFormat: true }),
  "connect-get": () => createConnectTransport({ ...web, useHttpGet: true }),
  "grpc-web": () => createGrpcWebTransport(web),
  "grpc-web-json": () => createGrpcWebTransport({ ...web, useBinaryFormat: false }),
  grpc: () => createGrpcTransport({ baseUrl }),
};
const gets = new Set(); // A request over a kept connection is told twice.
subscribe("http.client.request.start", ({ request }) => {
  if (request.method === "GET") gets.add(request);
});
await check(transports[name](), { revision, future }, callsOf(metrics), (line) => console.log(line));
console.log(`by GET: ${gets.size}`);
process.exit(0); // Connections are kept alive.
