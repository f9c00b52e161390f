import { createHmac, randomUUID } from "node:crypto";
import http from "node:http";
import https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import manifest from "../../package.json" with { type: "json" };
import { failure } from "../../src/internal.ts";
import type { Deliver, HookWords } from "./hooks.ts";

/** How often a message is sent at most, how long a server may take, and the pause before the second time, in milliseconds; it doubles. */
const maxTries = 6;
const time = 10_000;
const pause = 1000;

/**
 * A server that gets each message as a POST. It is sent again where the server cannot be reached, is busy or fails, and never after it was
 * refused; redirections are not followed.
 * @param url https, or http on this machine alone; it may be a secret itself and stands in no message
 * @param secret with which messages are signed: HMAC-SHA-256 over the body, in hex, as `DaoChain-Signature: sha256=...`
 * @throws WEBHOOK_URL_INVALID, WEBHOOK_NOT_ENCRYPTED, WEBHOOK_URL_WITH_PASSWORD
 */
export function toWebhook(url: string, secret: string | undefined, words: HookWords): Deliver {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (target === undefined || !["http:", "https:"].includes(target.protocol))
    throw failure("WEBHOOK_URL_INVALID");
  if (target.protocol === "http:" && !isLoopback(target.hostname)) throw failure("WEBHOOK_NOT_ENCRYPTED");
  if (target.username !== "" || target.password !== "") throw failure("WEBHOOK_URL_WITH_PASSWORD");
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
        const why =
          typeof answer === "number"
            ? words.answered(answer)
            : signal.aborted
              ? words.stopped
              : reasonOf(answer, words);
        throw new Error(words.tried(target.host, why, tries));
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

function reasonOf(error: unknown, words: HookWords): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ABORT_ERR" || code === "23") return words.noAnswer(time / 1000);
  return code === "" ? words.connectionBroke : code;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
