import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Verdict, writeOciLayout } from "../../../src/internal.ts";
import { CliHome, runProcess } from "../../support/cli.ts";
import { serve } from "../../support/http-server.ts";
import { expectVerdict } from "../../support/verdict.ts";

type Status = { chain: { url: string } };
type Failure = { error: { code: string; message: string; hint: string } };

/** A chain's endpoint that takes transactions and never puts them into a block. */
async function forgetful(url: string): Promise<string> {
  return serve(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const asked: { id: number; method: string } | { id: number; method: string }[] = JSON.parse(body);
    if ([asked].flat().some(({ method }) => method === "eth_sendRawTransaction")) {
      const taken = [asked].flat().map(({ id }) => ({ jsonrpc: "2.0", id, result: `0x${"0".repeat(64)}` }));
      response.end(JSON.stringify(Array.isArray(asked) ? taken : taken[0]));
      return;
    }
    const headers = { "content-type": "application/json" };
    response.end(await (await fetch(url, { method: "POST", headers, body })).text());
  });
}

describe("--timeout", () => {
  let home: CliHome;
  let image: string;
  let silent: Server;
  let env: Record<string, string>;

  beforeAll(async () => {
    home = await CliHome.create();
    await writeOciLayout({ directory: home.path("app"), tag: "1.0", files: { hello: "time" } });
    image = `oci:${home.path("app")}:1.0`;
    expect((await home.run(["up", "--org", "acme"])).code).toBe(0);
    expect((await home.run(["sign", image])).code).toBe(0);
    // Takes every question and answers none.
    silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    env = { DAOCHAIN_RPC_URL: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` };
  });
  afterAll(async () => {
    silent?.closeAllConnections();
    silent?.close();
    await home?.[Symbol.asyncDispose]();
  });

  test("a verify that is not answered in time is inconclusive, and says why; before the command's name too", async () => {
    for (const words of [
      ["verify", "--timeout", "2s", image],
      ["--timeout", "2s", "verify", image],
    ]) {
      const start = performance.now();
      const { code, value } = await home.json<Verdict>(words, { env });
      expect(code).toBe(20);
      expect(performance.now() - start).toBeLessThan(12_000);
      expectVerdict(value, "inconclusive");
      expect(value.reasons.join()).toContain("--timeout 2s");
    }
    const both = await home.json<Verdict[]>(["verify", "--timeout", "2s", image, image], { env });
    expect(both.code).toBe(20);
    expect(both.value.map(({ status }) => status)).toEqual(["inconclusive", "inconclusive"]);
  });

  test("docker's plugin takes it too", async () => {
    const plugin = fileURLToPath(new URL("../../../dist/cli/docker-plugin.js", import.meta.url));
    for (const words of [
      ["daochain", "--timeout", "2s", "verify", image],
      ["daochain", "verify", "--timeout", "2s", image],
    ]) {
      const { code, stdout } = await runProcess(process.execPath, [plugin, ...words], {
        env: { ...home.env, ...env },
      });
      expect(code).toBe(20);
      expect(stdout).toContain("--timeout 2s");
    }
  });

  test("time that suffices changes nothing", async () => {
    expect((await home.run(["verify", "--timeout", "60s", image])).code).toBe(0);
    expect((await home.run(["verify", "--timeout", "999999y", image])).code).toBe(0);
  });

  test("other commands end with 20 and say so, in the reader's language too", async () => {
    const { code, value, stderr } = await home.json<Failure>(["log", "--timeout", "2s"], { env });
    expect(code).toBe(20);
    expect(value.error.code).toBe("TIMED_OUT");
    expect(stderr).toContain("--timeout 2s");
    const chinese = await home.run(["org", "list", "--timeout", "2s", "--lang", "zh"], { env });
    expect(chinese.code).toBe(20);
    expect(chinese.stderr).toContain("时限");
  });

  test("what was on its way to the chain is named", async () => {
    const { value } = await home.json<Status>(["status"]);
    const around = { DAOCHAIN_RPC_URL: await forgetful(value.chain.url) };
    const signed = await home.json<Verdict<string>>(["sign", image, "--timeout", "8s"], { env: around });
    expect(signed.code).toBe(20);
    expect(signed.value.status).toBe("inconclusive");
    expect(signed.value.reasons.join()).toMatch(
      /1 transaction was sent and may still be recorded: 0x[0-9a-f]{64}\./,
    );
    const revoke = ["revoke", image, "--reason", "flawed", "--yes"];
    const revoked = await home.json<Failure>([...revoke, "--timeout", "8s"], { env: around });
    expect(revoked.code).toBe(20);
    expect(revoked.value.error.code).toBe("TIMED_OUT_AFTER_SENDING");
    expect(revoked.value.error.message).toMatch(/0x[0-9a-f]{64}/);
    // By a person's hand it is told too, and stays 130.
    const interrupt = { signal: "SIGINT", after: 8000 } as const;
    const stopped = await home.run(revoke, { env: around, interrupt });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(/Cancelled\. 1 transaction was sent .*0x[0-9a-f]{64}/);
  });

  test("no time is no time", async () => {
    for (const text of ["soon", "0s", "-1s", ""]) {
      const result = await home.run(["verify", `--timeout=${text}`, image]);
      expect({ text, code: result.code }).toEqual({ text, code: 2 });
      expect(result.stderr).toContain("--timeout 30s");
    }
  });
});
