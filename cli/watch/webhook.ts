import { createHmac, randomUUID } from "node:crypto";
import http from "node:http";
import https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import manifest from "../../package.json" with { type: "json" };
import { DaoChainError } from "../../src/index.ts";
import type { Deliver } from "./hooks.ts";

/** How often a message is sent at most, how long a server may take, and the pause before the second time, in milliseconds; it doubles. */
const maxTries = 6;
const time = 10_000;
const pause = 1000;

/**
 * A server that gets each message as a POST. It is sent again where the server cannot be reached, is busy or fails, and never after it was
 * refused; redirections are not followed.
 * @param url https, or http on this machine alone; it may be a secret itself and stands in no message
 * @param secret with which messages are signed: HMAC-SHA-256 over the body, in hex, as `DaoChain-Signature: sha256=...`
 * @throws USAGE
 */
export function toWebhook(url: string, secret: string | undefined): Deliver {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  const usage = (message: string, hint: string): DaoChainError =>
    new DaoChainError("USAGE", message, { hint });
  if (target === undefined || !["http:", "https:"].includes(target.protocol))
    throw usage(
      "The webhook's URL is not an http or https URL.",
      "Write it like https://hooks.example.com/daochain.",
    );
  if (target.protocol === "http:" && !isLoopback(target.hostname))
    throw usage("The webhook's URL is not encrypted.", "Use https; http is for servers on this machine.");
  if (target.username !== "" || target.password !== "")
    throw usage(
      "The webhook's URL has a password in it.",
      "Set DAOCHAIN_WEBHOOK_SECRET, with which messages are signed.",
    );
  return async (message, signal) => {
    const headers = {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(message),
      "user-agent": `daochain/${manifest.version}`,
      // The same each time that it is sent again.
      "daochain-delivery": randomUUID(),
      ...(secret === undefined || secret === ""
        ? {}
        : { "daochain-signature": `sha256=${createHmac("sha256", secret).update(message).digest("hex")}` }),
    };
    for (let tries = 1; ; tries++) {
      const answer = await post(target, message, headers, signal).catch((error: unknown) => error);
      if (typeof answer === "number" && answer >= 200 && answer < 300) return;
      const isRefused = typeof answer === "number" && answer < 500 && ![408, 425, 429].includes(answer);
      if (isRefused || tries >= maxTries || signal.aborted) {
        const what =
          typeof answer === "number"
            ? `it answered ${answer}`
            : signal.aborted
              ? "it was ended"
              : reasonOf(answer);
        throw new Error(`${target.host}: ${what}${tries > 1 ? `, ${tries} times` : ""}`);
      }
      await sleep(pause * 2 ** (tries - 1), undefined, { signal }).catch(() => {});
    }
  };
}

/** @returns the answer's status; what else it says is of no interest */
function post(url: URL, body: string, headers: http.OutgoingHttpHeaders, stop: AbortSignal): Promise<number> {
  const { request } = url.protocol === "https:" ? https : http;
  const signal = AbortSignal.any([stop, AbortSignal.timeout(time)]);
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", headers, signal }, (answer) => {
      resolve(answer.statusCode ?? 0);
      answer.on("error", () => {});
      answer.destroy();
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ABORT_ERR" || code === "23") return `it did not answer within ${time / 1000} seconds`;
  return code === "" ? "the connection broke" : code;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
