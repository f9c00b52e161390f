import { randomBytes } from "node:crypto";
import { lstatSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectSocket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Answer } from "../../../src/gates/docker/gate.ts";
import { DockerPlugin } from "../../../src/gates/docker/plugin.ts";
import type { EngineRequest } from "../../../src/gates/docker/requests.ts";
import { ask } from "../../support/docker-gate.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";
import { codeOf } from "../../support/errors.ts";

describe("a Docker Engine's AuthZ plugin", () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let plugin: DockerPlugin;
  let socket: string;
  let judge: (request: EngineRequest) => Promise<Answer>;
  let asked: EngineRequest[];

  beforeEach(async () => {
    directory = await temporaryDirectory();
    socket = join(directory.path, "plugins", "daochain.sock");
    asked = [];
    judge = async () => ({ allow: true });
    plugin = new DockerPlugin({
      judge: (request) => {
        asked.push(request);
        return judge(request);
      },
      metrics: () => "some_metric 1\n",
      isReady: () => false,
    });
    await plugin.listen(socket);
  });
  afterEach(async () => {
    await plugin.close();
    await directory[Symbol.asyncDispose]();
  });

  const question = (more: object = {}): object => ({
    User: "",
    RequestMethod: "POST",
    RequestUri: "/containers/x/start",
    RequestHeaders: {},
    ...more,
  });
  const said = async (body: string | Buffer | object): Promise<{ Allow: boolean; Msg: string }> =>
    JSON.parse((await ask(socket, "POST", "/AuthZPlugin.AuthZReq", body)).text);

  it("says what it is, and passes on what the gate says", async () => {
    expect((await ask(socket, "POST", "/Plugin.Activate")).text).toBe('{"Implements":["authz"]}');
    expect(await said(question({ RequestBody: "e30=" }))).toMatchObject({ Allow: true });
    expect(asked).toEqual([{ method: "POST", target: "/containers/x/start", body: "e30=" }]);
    judge = async () => ({ allow: false, reason: "not\u001b[2J this one" });
    expect(await said(question())).toMatchObject({ Allow: false, Msg: "not\ufffd[2J this one" });
    const after = await ask(socket, "POST", "/AuthZPlugin.AuthZRes", "whatever");
    expect(JSON.parse(after.text)).toMatchObject({ Allow: true });
  });

  it("lets its own user alone connect", () => {
    expect(lstatSync(socket).mode & 0o777).toBe(0o600);
  });

  it("shows metrics and whether it decides", async () => {
    expect((await ask(socket, "GET", "/metrics")).text).toBe("some_metric 1\n");
    expect((await ask(socket, "GET", "/ready")).status).toBe(503);
    expect((await ask(socket, "POST", "/else")).status).toBe(404);
  });

  it("refuses what is malformed, without asking the gate", async () => {
    const questions = [
      "",
      "null",
      "[]",
      "{",
      randomBytes(1000),
      question({ RequestMethod: 1 }),
      question({ RequestUri: null }),
      question({ RequestBody: {} }),
      question({ RequestBody: "not base64!" }),
      `{"RequestMethod":"GET","RequestMethod":"POST","RequestUri":"/containers/x/start"}`,
      question({ RequestBody: "A".repeat(5 * 1024 * 1024) }),
    ];
    for (const one of questions) expect(await said(one)).toMatchObject({ Allow: false });
    expect(asked).toEqual([]);
  });

  it("refuses where the gate fails", async () => {
    judge = async () => {
      throw new Error("a defect");
    };
    expect(await said(question())).toMatchObject({ Allow: false });
  });

  it("goes on after clients that break off, say nothing, or speak something else", async () => {
    const sockets = Array.from({ length: 50 }, () => connectSocket(socket));
    for (const [at, client] of sockets.entries()) {
      client.on("error", () => {});
      if (at % 3 === 0) client.write(randomBytes(2000));
      if (at % 3 === 1)
        client.write("POST /AuthZPlugin.AuthZReq HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");
    }
    await sleep(50);
    for (const client of sockets) client.destroy();
    expect(await said(question())).toMatchObject({ Allow: true });
  });

  it("replaces a socket that nobody serves, and nothing else", async () => {
    const second = new DockerPlugin({ judge, metrics: () => "", isReady: () => true });
    expect(await codeOf(() => second.listen(socket))).toBe("GATE_ALREADY_SERVED");
    const file = join(directory.path, "file");
    writeFileSync(file, "something");
    expect(await codeOf(() => second.listen(file))).toBe("GATE_SOCKET_TAKEN");
    rmSync(file);
    await second.listen(file);
    await second.close();
  });
});
