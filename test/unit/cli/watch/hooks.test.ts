import { createHmac } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { toCommand } from "../../../../cli/watch/command-hook.ts";
import { type HookOptions, Hooks } from "../../../../cli/watch/hooks.ts";
import { toWebhook } from "../../../../cli/watch/webhook.ts";
import { spoken } from "../../../support/command-line.ts";
import { temporaryDirectory } from "../../../support/embedded-chain.ts";
import { codeOf } from "../../../support/errors.ts";
import { serve } from "../../../support/http-server.ts";

const { hooks: words } = spoken.words.catalogue;
const never = new AbortController().signal;
const env = { PATH: process.env["PATH"], DAOCHAIN_PRIVATE_KEY: "0xsecret", DAOCHAIN_WEBHOOK_SECRET: "s" };

/** Hooks, and what they tell the person who watches. */
function hooksOf(options: HookOptions, more: Record<string, string> = {}): { hooks: Hooks; notes: string[] } {
  const notes: string[] = [];
  const context = { ...spoken, env: { ...env, ...more }, note: (line: string) => notes.push(line) };
  return { hooks: new Hooks(context as unknown as ConstructorParameters<typeof Hooks>[0], options), notes };
}

/** A server that answers with each of some statuses, then with the last of them. */
async function receiver(...statuses: number[]) {
  const got: { body: string; headers: Record<string, unknown> }[] = [];
  const url = await serve(async (request, response) => {
    let body = "";
    for await (const piece of request) body += String(piece);
    got.push({ body, headers: request.headers });
    response.statusCode = statuses[Math.min(got.length, statuses.length) - 1] ?? 204;
    response.end("what the server says is of no interest");
  });
  return { got, url };
}

describe("a command", () => {
  test("gets each message on its standard input, one after the other, and nothing of it on its command line", async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, "out");
    const { hooks, notes } = hooksOf({
      exec: `sleep 0.1; cat >> '${file}'; echo "\${DAOCHAIN_PRIVATE_KEY-gone}" >> '${file}'`,
    });
    const messages = [
      `{"reason":"$(touch ${file}.pwned)"}`,
      `{"reason":"'; touch ${file}.pwned; '"}`,
      '{"n":3}',
    ];
    for (const message of messages) hooks.tell(message);
    await hooks.close();
    expect(readFileSync(file, "utf8")).toBe(messages.map((message) => `${message}\ngone\n`).join(""));
    expect(existsSync(`${file}.pwned`)).toBe(false);
    expect(notes).toEqual([]);
  });

  test("that fails, reads nothing or is not there is told of, and the next message reaches the next one", async () => {
    const { hooks, notes } = hooksOf({ exec: "exit 3" });
    hooks.tell("x".repeat(1 << 20));
    hooks.tell("second");
    await hooks.close();
    expect(notes).toHaveLength(2);
    expect(notes[0]).toContain("ended with exit code 3");
    await expect(toCommand("/nonexistent/command", env, words)("x", never)).rejects.toThrow("127");
    await expect(toCommand("kill -9 $$", env, words)("x", never)).rejects.toThrow("SIGKILL");
  });

  test("that goes on is ended with all that it started, when watching ends", async () => {
    const stop = new AbortController();
    const running = toCommand("sleep 100 & sleep 100", env, words)("x", stop.signal);
    setTimeout(() => stop.abort(), 200);
    await expect(running).rejects.toThrow("watching ended first");
  });

  test("that is too slow loses what does not fit, and it is told how much", async () => {
    const { hooks, notes } = hooksOf({ exec: "sleep 100" });
    for (let i = 0; i < 1200; i++) hooks.tell(`${i}`);
    await hooks.close();
    expect(notes[0]).toContain("too slow");
    expect(notes.at(-1)).toContain("1200 events");
  });
});

describe("a webhook", () => {
  test("gets each message as a POST, signed with the secret over the bytes that it gets", async () => {
    const { got, url } = await receiver(204);
    const { hooks, notes } = hooksOf({ webhook: `${url}/path?x=1` });
    const messages = ['{"reason":"\u00fc \\u001b"}', "{}"];
    for (const message of messages) hooks.tell(message);
    await hooks.close();
    expect(got.map(({ body }) => body)).toEqual(messages);
    for (const { body, headers } of got) {
      const signature = createHmac("sha256", "s").update(body).digest("hex");
      expect(headers["daochain-signature"]).toBe(`sha256=${signature}`);
      expect(headers["content-type"]).toBe("application/json");
    }
    expect(new Set(got.map(({ headers }) => headers["daochain-delivery"])).size).toBe(2);
    expect(notes).toEqual([]);
  });

  test("that is busy is asked again with the same message; one that refuses is not", async () => {
    const busy = await receiver(503, 200);
    await toWebhook(busy.url, undefined, words)("x", never);
    expect(busy.got).toHaveLength(2);
    expect(busy.got[0]).toMatchObject({ body: "x" });
    expect(busy.got[0]?.headers["daochain-signature"]).toBeUndefined();
    expect(busy.got[0]?.headers["daochain-delivery"]).toBe(busy.got[1]?.headers["daochain-delivery"]);
    for (const status of [400, 403, 302]) {
      const refusing = await receiver(status);
      await expect(toWebhook(refusing.url, undefined, words)("x", never)).rejects.toThrow(`${status}`);
      expect(refusing.got).toHaveLength(1);
    }
  });

  test("that is away does not hold up the end, and its URL is not told: it may be a secret", async () => {
    const { hooks, notes } = hooksOf({}, { DAOCHAIN_WEBHOOK_URL: "http://127.0.0.1:1/secret-path" });
    hooks.tell("x");
    await hooks.close();
    expect(notes.length).toBeGreaterThan(0);
    expect(notes.join()).not.toContain("secret-path");
  });

  test.each([
    ["http://example.com/x", "WEBHOOK_NOT_ENCRYPTED"],
    ["https://user:password@example.com/", "WEBHOOK_URL_WITH_PASSWORD"],
    ["ftp://example.com", "WEBHOOK_URL_INVALID"],
    ["not a URL", "WEBHOOK_URL_INVALID"],
  ])("%s is refused: %s", async (webhook, code) => {
    expect(await codeOf(async () => hooksOf({ webhook }))).toBe(code);
  });
});
