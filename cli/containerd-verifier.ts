#!/usr/bin/env node
import process from "node:process";

/*
 * containerd's image verifier (containerd's docs/image-verification.md): asks DaoChain's gate of this machine about one image, and ends with 0
 * where it may be pulled. Everything else is a no. Nothing is loaded here but Node's own modules: it starts once for each pull.
 *
 *     daochain-containerd-verifier [--socket FILE] -name REF -digest DIGEST -stdin-media-type TYPE
 */

const usualSocket = "/run/daochain/containerd.sock";
/** Milliseconds for everything: containerd waits ten seconds by default, and Node must start within them. */
const time = 8000;
/** Bytes of a descriptor, and of an answer. */
const limit = 64 * 1024;
const flags: ReadonlySet<string> = new Set(["--socket", "-name", "-digest", "-stdin-media-type"]);

let isOver = false;

/** Says one line, which containerd shows to whoever pulls, and ends. */
function end(allow: boolean, reason: string): never {
  const line = reason.slice(0, 1000).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "\ufffd");
  if (!isOver) {
    isOver = true;
    try {
      process.getBuiltinModule("node:fs").writeSync(1, `${line}\n`);
    } catch {
      // Nobody reads it; how this ends is what counts.
    }
  }
  process.exit(allow ? 0 : 1);
}

const refuse = (why: string): never => end(false, `refused: ${why}`);

function readArguments(words: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; at < words.length; at += 2) {
    const [flag = "", value] = words.slice(at, at + 2);
    if (!flags.has(flag) || found.has(flag) || value === undefined || value === "") {
      return refuse("containerd's question is in a form that this verifier does not know");
    }
    found.set(flag, value);
  }
  return found;
}

async function readAtMost(from: AsyncIterable<Uint8Array>, what: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of from) {
    size += piece.length;
    if (size > limit) return refuse(`${what} is too large`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** @returns the gate's answer, as it stands */
function ask(socketPath: string, question: string): Promise<string> {
  const { request } = process.getBuiltinModule("node:http");
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        socketPath,
        agent: false,
        method: "POST",
        path: "/verify",
        headers: { "content-type": "application/json", "content-length": Buffer.byteLength(question) },
      },
      (answer) => {
        if (answer.statusCode !== 200) return refuse(`the gate failed (${answer.statusCode})`);
        readAtMost(answer, "the gate's answer").then((bytes) => resolve(bytes.toString("utf8")), reject);
      },
    );
    asked.once("error", reject);
    asked.end(question);
  });
}

/** @returns undefined where it is not an answer of our gate */
function readAnswer(text: string): { readonly allow: boolean; readonly reason: string } | undefined {
  try {
    const { allow, reason } = JSON.parse(text) ?? {};
    return typeof allow === "boolean" && typeof reason === "string" && reason !== ""
      ? { allow, reason }
      : undefined;
  } catch {
    return undefined;
  }
}

async function main(): Promise<never> {
  const given = readArguments(process.argv.slice(2));
  const of = (flag: string): string =>
    given.get(flag) ?? refuse(`containerd did not say ${flag}: this verifier is for it alone to run`);
  const socket = given.get("--socket") ?? usualSocket;
  const asked = {
    name: of("-name"),
    digest: of("-digest"),
    stdinMediaType: of("-stdin-media-type"),
  };
  const stdin = await readAtMost(process.stdin, "containerd's descriptor");
  let text: string;
  try {
    text = await ask(socket, JSON.stringify({ ...asked, stdin: stdin.toString("base64") }));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "no answer";
    return refuse(`DaoChain's gate does not answer at ${socket} (${code})`);
  }
  const answer = readAnswer(text);
  return answer === undefined ? refuse("the gate's answer cannot be read") : end(answer.allow, answer.reason);
}

setTimeout(() => refuse(`DaoChain's gate did not answer within ${time / 1000} seconds`), time);
process.on("uncaughtException", () => refuse("the verifier failed"));
process.on("unhandledRejection", () => refuse("the verifier failed"));
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
  process.on(signal, () => refuse(`it was ended (${signal})`));
await main();
