// An S3-compatible server (s3rver) on the loopback interface that writes down who asks, and fails when it is told to.
//
//   node server.js FOLDER LOG MODULES
//
// Objects lie below FOLDER, in the bucket "cells". Prints its port. Each request becomes a line "METHOD path status" of LOG. Lines on
// its standard input:
//   fail COUNT     from now on the first COUNT requests of each method for each object are answered with 503
//   delay SECONDS  each answer waits so long
"use strict";

const fs = require("fs");
const http = require("http");
const path = require("path");
const readline = require("readline");

const [folder, log, modules] = process.argv.slice(2);
const S3rver = require(path.join(modules, "s3rver"));

const BUSY = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>SlowDown</Code>' +
  "<Message>Please reduce your request rate.</Message></Error>";

let failures = 0, delay = 0;
const seen = new Map();
readline.createInterface({ input: process.stdin }).on("line", line => {
  const [word, value] = line.split(" ");
  if (word === "fail") {
    failures = Number(value);
    seen.clear();
    console.log("done");
  }
  if (word === "delay") delay = Number(value);
}).on("close", () => process.exit(0));

function isUnlucky(request) {
  const name = `${request.method} ${request.url}`;
  const before = seen.get(name) || 0;
  seen.set(name, before + 1);
  return before < failures;
}

function refuse(request, response) {
  request.resume().on("end", () => {
    response.writeHead(503, { "Content-Type": "application/xml" });
    response.end(BUSY);
  });
}

async function main() {
  const store = new S3rver({
    directory: folder, silent: true, vhostBuckets: false, configureBuckets: [{ name: "cells", configs: [] }],
  });
  await store.configureBuckets();
  const answer = store.callback();
  const server = http.createServer((request, response) => {
    response.on("close", () => fs.appendFileSync(log, `${request.method} ${request.url} ${response.statusCode}\n`));
    const respond = isUnlucky(request) ? refuse : answer;
    setTimeout(() => respond(request, response), delay * 1000);
  });
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));
}

main();
