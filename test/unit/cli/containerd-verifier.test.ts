import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSocketServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryDirectory } from "../../support/embedded-chain.ts";

const verifier = fileURLToPath(new URL("../../../cli/containerd-verifier.ts", import.meta.url));
const digest = `sha256:${"a".repeat(64)}`;
const question = ["-name", "docker.io/acme/api:1", "-digest", digest, "-stdin-media-type", "application/x"];

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe("containerd's verifier", () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let socket: string;
  let asked: { readonly url: string | undefined; readonly body: string }[];
  const servers: Server[] = [];

  beforeEach(async () => {
    directory = await temporaryDirectory();
    socket = join(directory.path, "gate.sock");
    asked = [];
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections?.();
    }
    await directory[Symbol.asyncDispose]();
  });

  const listen = (server: Server, path = socket): Promise<void> => {
    servers.push(server);
    return new Promise((resolve) => server.listen(path, resolve));
  };
  const serve = (listener: RequestListener): Promise<void> => listen(createServer(listener));
  /** A gate that answers with these bytes. */
  const answer = (text: string, status = 200): Promise<void> =>
    serve(async (request, response) => {
      let body = "";
      for await (const piece of request) body += piece;
      asked.push({ url: request.url, body });
      response.writeHead(status).end(text);
    });
  const verdict = (allow: unknown, reason: unknown): string => JSON.stringify({ allow, reason });

  /** Runs it as containerd does. @param input undefined: its stdin stays open, and says nothing */
  const run = (
    words: readonly string[],
    input: string | Buffer | undefined = "{}",
    env: Readonly<Record<string, string>> = {},
  ): Promise<Ended> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [verifier, ...words], { env });
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (text) => {
        stdout += text;
      });
      child.stderr.on("data", (text) => {
        stderr += text;
      });
      child.stdin.on("error", () => {});
      if (input !== undefined) child.stdin.end(input);
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, stdout, stderr }));
    });
  const ask = (input?: string | Buffer): Promise<Ended> => run(["--socket", socket, ...question], input);
  const refused = (why: string): Ended => ({
    code: 1,
    stdout: expect.stringMatching(new RegExp(`^refused: [^\\n]*${why}[^\\n]*\\n$`)) as unknown as string,
    stderr: "",
  });

  it("asks the gate, and says what it says", async () => {
    await answer(verdict(true, "verified: acme signed it"));
    expect(await ask(`{"digest":"${digest}"}\n`)).toEqual({
      code: 0,
      stdout: "verified: acme signed it\n",
      stderr: "",
    });
    expect(asked.map(({ url, body }) => [url, JSON.parse(body)])).toEqual([
      [
        "/verify",
        {
          name: "docker.io/acme/api:1",
          digest,
          stdinMediaType: "application/x",
          stdin: Buffer.from(`{"digest":"${digest}"}\n`).toString("base64"),
        },
      ],
    ]);
  });

  it("refuses with the gate's reason, on one line that a terminal may show", async () => {
    await answer(verdict(false, `unsigned: \u001b[2J\n${"x".repeat(5000)}`));
    const { code, stdout, stderr } = await ask();
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toMatch(/^unsigned: \ufffd\[2J\ufffdx+\n$/);
    expect(stdout.length).toBeLessThan(1100);
  });

  it("ends as it should where nobody reads what it says", async () => {
    for (const allow of [true, false]) {
      await answer(verdict(allow, "the gate's word"));
      const child = spawn(process.execPath, [verifier, "--socket", socket, ...question], {
        env: {},
        stdio: ["pipe", "pipe", "ignore"],
      });
      child.stdout.destroy();
      child.stdin.end("{}");
      const code = await new Promise((resolve) => child.once("close", resolve));
      expect([allow, code]).toEqual([allow, allow ? 0 : 1]);
      servers.splice(0).map((server) => server.close());
    }
  });

  it("lets nothing through by an answer that is not quite one", async () => {
    const answers = [
      "",
      "null",
      "true",
      "[]",
      "not JSON",
      "{}",
      verdict("true", "x"),
      verdict(1, "x"),
      verdict(true, ""),
      verdict(true, 1),
      `{"allow":true}`,
      `${verdict(true, "x")}${verdict(true, "x")}`,
    ];
    for (const text of answers) {
      await answer(text);
      expect({ text, ...(await ask()) }).toEqual({ text, ...refused("cannot be read") });
      servers.splice(0).map((server) => server.close());
    }
    await answer(verdict(true, "x".repeat(100_000)));
    expect(await ask()).toEqual(refused("too large"));
    servers.splice(0).map((server) => server.close());
    for (const status of [201, 302, 404, 500, 503]) {
      await answer(verdict(true, "verified"), status);
      expect(await ask()).toEqual(refused(`\\(${status}\\)`));
      servers.splice(0).map((server) => server.close());
    }
  });

  it("refuses where the gate is not there, breaks off, or speaks something else", async () => {
    expect(await ask()).toEqual(refused("does not answer at .*ENOENT"));
    const speaking = (text: string): Promise<void> =>
      listen(createSocketServer((client) => client.on("error", () => {}).end(text)) as unknown as Server);
    for (const text of ["", "hello\r\n\r\n", 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"allow":true']) {
      await speaking(text);
      expect(await ask()).toEqual(refused("does not answer"));
      servers.splice(0).map((server) => server.close());
    }
  });

  it("refuses in time where the gate says nothing, or ever more", async () => {
    await serve(() => {});
    const slow = ask();
    const open = join(directory.path, "open.sock");
    await listen(
      createServer((_, response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write(" "), 200);
        response.on("close", () => clearInterval(timer));
      }),
      open,
    );
    const endless = run(["--socket", open, ...question]);
    // And where containerd itself never comes to an end.
    const unfinished = run(["--socket", socket, ...question], undefined);
    for (const ended of await Promise.all([slow, endless, unfinished]))
      expect(ended).toEqual(refused("within 8 seconds"));
  });

  it("refuses a question that is not containerd's", async () => {
    await answer(verdict(true, "verified"));
    const without = (flag: string): string[] => {
      const at = question.indexOf(flag);
      return question.filter((_, index) => index !== at && index !== at + 1);
    };
    const wrong = [
      [],
      ["-h"],
      ["--version"],
      without("-name"),
      without("-digest"),
      without("-stdin-media-type"),
      [...question, "-name", "docker.io/acme/other:1"],
      [...question, "-operation", "run"],
      [...question, "more"],
      [...without("-name"), "-name"],
      [...without("-name"), "-name", ""],
      [...without("-name"), "--name", "docker.io/acme/api:1"],
    ];
    for (const words of wrong)
      expect({ words, ...(await run(["--socket", socket, ...words])) }).toEqual({
        words,
        ...refused("containerd"),
      });
    expect(await ask("x".repeat(1_000_000))).toEqual(refused("too large"));
    expect(asked).toEqual([]);
  });

  it("hands on what stands on its stdin as it is", async () => {
    await answer(verdict(false, "inconclusive: the gate's word"));
    for (const input of [Buffer.alloc(0), Buffer.from([0, 255, 10]), Buffer.alloc(60_000, "{")]) {
      expect((await ask(input)).stdout).toBe("inconclusive: the gate's word\n");
      expect(JSON.parse(asked.at(-1)?.body ?? "").stdin).toBe(input.toString("base64"));
    }
  });

  it("looks for the gate at its usual place", async () => {
    // Where a gate is installed, it would be asked.
    if (existsSync("/run/daochain/containerd.sock")) return;
    expect(await run(question)).toEqual(refused("/run/daochain/containerd.sock"));
  });
});
