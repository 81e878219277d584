/** Serves a folder of files to this computer alone: `node serve.js FOLDER PORT`. Port 0 takes one that is free. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};
const HOST = "127.0.0.1";

const [, , folder, port] = process.argv;
const lines = readFileSync(join(folder, "_headers"), "utf8").split("\n");
const headers = Object.fromEntries(lines.filter((line) => line.includes(": ")).map((line) => line.trim().split(/: (.*)/)));

/** What is answered to a request. */
async function answer({ method, url, headers: asked }) {
  if (method !== "GET" && method !== "HEAD") {
    return { status: 405, body: "Files can be read only." };
  }
  const path = decodeURIComponent(new URL(url, `http://${HOST}`).pathname);
  const file = join(folder, normalize(path.endsWith("/") ? `${path}index.html` : path));
  if (!file.startsWith(join(folder, sep))) {
    return { status: 404, body: "There is no such file." };
  }
  let body = await readFile(file);
  const type = TYPES[extname(file)] ?? "application/octet-stream";
  const etag = `"${createHash("sha256").update(body).digest("hex")}"`;
  // The browser asks whether its copy is still right.
  const own = { ...headers, "Content-Type": type, ETag: etag, "Cache-Control": "no-cache" };
  if (asked["if-none-match"] === etag) {
    return { status: 304, own };
  }
  // Weights hardly become smaller, and packing a trainer takes a second.
  if (extname(file) !== ".wasm" && asked["accept-encoding"]?.includes("gzip")) {
    body = await promisify(gzip)(body);
    own["Content-Encoding"] = "gzip";
  }
  return { status: 200, own, body };
}

const server = createServer(async (request, response) => {
  const { status, own, body } = await answer(request).catch((error) => {
    const isMissing = ["ENOENT", "EISDIR", "ENOTDIR"].includes(error.code) || error instanceof URIError;
    return isMissing ? { status: 404, body: "There is no such file." } : { status: 500, body: error.message };
  });
  response.writeHead(status, own);
  response.end(request.method === "HEAD" ? undefined : body);
});
server.on("error", (error) => {
  console.error(`error: cannot serve at port ${port}: ${error.message}; --port takes another one`);
  process.exit(1);
});
server.listen(Number(port), HOST, () => {
  console.log(`http://${HOST}:${server.address().port}/`);
  console.log("Ctrl-C stops the server.");
});
