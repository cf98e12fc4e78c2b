// @connectrpc/connect-node, by the protocol and codec that is asked for.
//
//   node connect_node_client.mjs connect-json http://127.0.0.1:7480 REVISION FUTURE
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { check } from "./checks.mjs";

const [name, baseUrl, revision, future] = process.argv.slice(2);
const web = { baseUrl, httpVersion: "1.1" };
const transports = {
  "connect-json": () => createConnectTransport({ ...web, useBinaryFormat: false }),
  "connect-proto": () => createConnectTransport({ ...web, useBinaryFormat: true }),
  "connect-get": () => createConnectTransport({ ...web, useHttpGet: true }),
  "grpc-web": () => createGrpcWebTransport(web),
  "grpc-web-json": () => createGrpcWebTransport({ ...web, useBinaryFormat: false }),
  grpc: () => createGrpcTransport({ baseUrl }),
};
await check(transports[name](), { revision, future }, (line) => console.log(line));
process.exit(0); // Connections are kept alive.
