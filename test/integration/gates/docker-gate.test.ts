import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Connection } from "../../../src/contract/connection.ts";
import { type Organisation, requireOrganisation } from "../../../src/contract/organisations.ts";
import { openImage } from "../../../src/image/open.ts";
import { connect } from "../../../src/network/connect.ts";
import { revokeDigests } from "../../../src/operations/revoke.ts";
import { signImage } from "../../../src/operations/sign.ts";
import { defaultPolicy } from "../../../src/policy/policy.ts";
import { signerOf } from "../../support/consortium.ts";
import { engineNames } from "../../support/docker-engine.ts";
import { GatedEngine } from "../../support/docker-gate.ts";
import { OwnChain } from "../../support/own-chain.ts";
import { busybox, docker, makeRunnableImage } from "../../support/runnable-image.ts";

for (const name of engineNames) {
  const isHere = inject("engines").some((engine) => engine.name === name) && busybox !== undefined;
  describe.skipIf(!isHere)(`a Docker Engine with a gate (${name} store)`, { timeout: 120_000 }, () => {
    let chain: OwnChain;
    let gated: GatedEngine;
    let connection: Connection;
    let acme: Organisation;

    beforeAll(async () => {
      chain = await OwnChain.start();
      connection = await connect(chain.home);
      acme = await requireOrganisation(connection, "acme");
      gated = await GatedEngine.start(name, chain);
    });
    afterAll(async () => {
      connection?.rpc.close();
      await gated?.[Symbol.asyncDispose]();
      await chain?.[Symbol.asyncDispose]();
    });

    const host = (): string => gated.engine.host;
    const make = (image: string): void => makeRunnableImage(host(), image, image);
    const sign = async (image: string): Promise<void> => {
      const source = await openImage(`docker-daemon:${image}`, { docker: { host: host() } });
      await signImage(connection, signerOf("acme"), acme, await source.inspect({ depth: "content" }));
    };
    /** Runs docker, and says how it was refused; empty where it was not. */
    const refusal = (...arguments_: string[]): string => {
      try {
        docker(host(), arguments_);
        return "";
      } catch (error) {
        return String((error as { stderr?: unknown }).stderr);
      }
    };
    const run = ["run", "--rm", "--network=none", "--security-opt", "seccomp=unconfined"];
    /** The gate learns of what the chain recorded within a second or two. */
    const becomes = async (wanted: string | undefined, ...arguments_: string[]): Promise<number> => {
      const start = Date.now();
      for (;;) {
        const said = refusal(...arguments_);
        if (wanted === undefined ? said === "" : said.includes(wanted)) return Date.now() - start;
        if (Date.now() - start > 10_000) throw new Error(`It was not ${wanted}, but: ${said}`);
        await sleep(100);
      }
    };
    const create = (image: string, more: object = {}) =>
      gated.ask("POST", "/containers/create", {
        Image: image,
        Cmd: ["true"],
        HostConfig: { NetworkMode: "none" },
        ...more,
      });

    it("starts a signed image and refuses an unsigned one, and a signed one again once it is revoked", async () => {
      make("acme/api:1");
      make("acme/other:1");
      expect(refusal(...run, "acme/api:1", "cat", "/about")).toContain("acme/api:1 is unsigned");
      await sign("acme/api:1");
      await becomes(undefined, ...run, "acme/api:1", "cat", "/about");
      expect(docker(host(), [...run, "acme/api:1", "cat", "/about"])).toBe("acme/api:1");
      expect(refusal(...run, "acme/other:1", "true")).toContain("acme/other:1 is unsigned");
      // By its ID, which has the name.
      const id = docker(host(), ["image", "inspect", "--format", "{{.Id}}", "acme/api:1"]);
      expect(refusal(...run, id, "true")).toBe("");
      docker(host(), ["create", "--name", "kept", "--network=none", "acme/api:1", "true"]);
      docker(host(), ["start", "--attach", "kept"]);

      const facts = await (await openImage("docker-daemon:acme/api:1", { docker: { host: host() } })).inspect(
        {
          depth: "id",
        },
      );
      await revokeDigests(
        connection,
        signerOf("acme"),
        acme,
        facts.subjects.map(({ digest }) => digest),
        "test",
      );
      await becomes("is revoked", "start", "kept");
      expect(refusal("restart", "kept")).toContain("is revoked");
      expect(refusal(...run, "acme/api:1", "true")).toContain("is revoked");
      const decisions = gated.decisions();
      expect(decisions.map(({ action, status }) => `${action} ${status}`)).toEqual(
        expect.arrayContaining([
          "create unsigned",
          "create verified",
          "start verified",
          "start revoked",
          "restart revoked",
        ]),
      );
      const verified = decisions.find(({ action, status }) => action === "start" && status === "verified");
      expect(verified).toMatchObject({
        gate: "docker",
        image: expect.any(String),
        id,
        allowed: true,
        depth: "id",
      });
      expect(verified?.["claim"]).toMatch(/^0x[0-9a-f]{64}$/);
      expect(verified?.["staleness"]).toBeLessThan(60);
    });

    it("judges a container by the image that it was made of, whatever the name means by then", async () => {
      make("acme/web:1");
      await sign("acme/web:1");
      await becomes(undefined, "create", "--name", "honest", "--network=none", "acme/web:1", "true");
      make("acme/evil:1");
      docker(host(), ["tag", "acme/evil:1", "acme/web:1"]);
      expect(refusal("create", "acme/web:1", "true")).toContain("acme/web:1 is mismatch");
      expect(refusal("start", "honest")).toBe("");
    });

    it("keeps to policies by repository, as their file says from one second to the next", async () => {
      const file = join(gated.engine.directory, "policy.json");
      const write = (level: string, organisation?: string): void =>
        writeFileSync(
          file,
          JSON.stringify({
            version: "1.0",
            trustPolicies: [
              {
                name: "one",
                registryScopes: ["docker.io/acme/*"],
                signatureVerification: { level },
                ...(organisation === undefined ? {} : { organisations: { any: [organisation] } }),
              },
            ],
          }),
        );
      make("acme/policed:1");
      make("acme/never:1");
      make("elsewhere/policed:1");
      await sign("acme/policed:1");
      write("strict");
      await gated.serve({ policy: file });
      try {
        await becomes(undefined, ...run, "acme/policed:1", "true");
        expect(refusal(...run, "acme/never:1", "true")).toContain("is unsigned");
        expect(refusal(...run, "elsewhere/policed:1", "true")).toContain("is denied");
        write("audit");
        await becomes(undefined, ...run, "acme/never:1", "true");
        expect(gated.decisions().at(-1)).toMatchObject({
          status: "unsigned",
          allowed: true,
          policy: "one",
          level: "audit",
        });
        expect(refusal(...run, "elsewhere/policed:1", "true")).toContain("is denied");
        write("no level");
        await sleep(2500);
        expect(refusal(...run, "acme/never:1", "true")).toBe("");
        write("strict", "nobody");
        await becomes("is inconclusive", ...run, "acme/policed:1", "true");
      } finally {
        await gated.serve({ policy: { ...defaultPolicy, newest: true } });
      }
    });

    it("knows what a name means now, however its image was put there", async () => {
      make("acme/moves:1");
      await sign("acme/moves:1");
      make("acme/stays:1");
      const unsigned = docker(host(), ["image", "inspect", "--format", "{{.Id}}", "acme/stays:1"]);
      const good = docker(host(), ["image", "inspect", "--format", "{{.Id}}", "acme/moves:1"]);
      const ways: [string, () => void][] = [
        ["tag", () => docker(host(), ["tag", unsigned, "acme/moves:1"])],
        ["import", () => make("acme/moves:1")],
        [
          "load",
          () => {
            const file = join(gated.engine.directory, "moves.tar");
            docker(host(), ["tag", unsigned, "acme/moves:1"]);
            docker(host(), ["save", "--output", file, "acme/moves:1"]);
            docker(host(), ["tag", good, "acme/moves:1"]);
            expect(dockerCreate("acme/moves:1")).toBe("");
            docker(host(), ["load", "--input", file]);
          },
        ],
        ["commit", () => docker(host(), ["commit", "--change", "LABEL a=b", dockerId(), "acme/moves:1"])],
      ];
      const dockerCreate = (image: string): string => refusal("create", "--network=none", image, "true");
      const dockerId = (): string => docker(host(), ["create", "--network=none", "acme/moves:1", "true"]);
      await becomes(undefined, "create", "--network=none", "acme/moves:1", "true");
      for (const [way, change] of ways) {
        change();
        expect(dockerCreate("acme/moves:1"), way).toContain("acme/moves:1 is");
        docker(host(), ["tag", good, "acme/moves:1"]);
        expect(dockerCreate("acme/moves:1"), way).toBe("");
      }
    });

    it("takes away a container of docker run --rm that may not start, for which its client waits", async () => {
      make("acme/fleeting:1");
      await sign("acme/fleeting:1");
      await becomes(
        undefined,
        "create",
        "--rm",
        "--name",
        "fleeting",
        "--network=none",
        "acme/fleeting:1",
        "true",
      );
      docker(host(), ["create", "--name", "lasting", "--network=none", "acme/fleeting:1", "true"]);
      const facts = await (
        await openImage("docker-daemon:acme/fleeting:1", { docker: { host: host() } })
      ).inspect({ depth: "id" });
      const digests = facts.subjects.map(({ digest }) => digest);
      await revokeDigests(connection, signerOf("acme"), acme, digests, "test");
      await becomes("is revoked", "start", "lasting");
      expect(refusal("start", "fleeting")).toContain("is revoked");
      await expect
        .poll(() => docker(host(), ["ps", "--all", "--format", "{{.Names}}"]).split("\n"), {
          timeout: 10_000,
        })
        .not.toContain("fleeting");
      expect(docker(host(), ["ps", "--all", "--format", "{{.Names}}"]).split("\n")).toContain("lasting");
    });

    it("lets the engine say that an image is missing, so that its client pulls", async () => {
      expect((await create("acme/nowhere:1")).status).toBe(404);
    });

    it("refuses the ways in which something runs that it cannot judge, and lets them where it is told to", async () => {
      const ways: [string, string, (object | Buffer)?][] = [
        ["POST", "/build?t=x", Buffer.alloc(1024)],
        ["POST", "/v1.40/build?t=x", Buffer.alloc(1024)],
        ["POST", "/session"],
        ["POST", "/grpc"],
        ["POST", "/swarm/init", { ListenAddr: "127.0.0.1" }],
        ["POST", "/services/create", { TaskTemplate: { ContainerSpec: { Image: "acme/api:1" } } }],
        ["POST", "/plugins/pull?remote=evil/plugin", []],
        ["POST", "/plugins/create?name=x", Buffer.alloc(1024)],
        ["PUT", "/containers/kept/archive?path=/", Buffer.alloc(1024)],
      ];
      for (const [method, path, body] of ways) {
        const { status, text } = await gated.ask(method, path, body);
        expect({ path, status, text }).toEqual({
          path,
          status: 403,
          text: expect.stringContaining("refused: "),
        });
      }
      await gated.serve({ allow: ["build", "copy"] });
      expect((await gated.ask("PUT", "/containers/kept/archive?path=/", Buffer.alloc(1024))).status).not.toBe(
        403,
      );
      expect((await gated.ask("POST", "/swarm/init", {})).status).toBe(403);
      await gated.serve({ allow: [] });
    });

    it("refuses what could be read in two ways", async () => {
      const bodies: [string, string][] = [
        ["another letter case", `{"image":"acme/evil:1"}`],
        ["both cases", `{"Image":"acme/web:1","image":"acme/evil:1"}`],
        ["a name twice", `{"Image":"acme/evil:1","Image":"acme/api:1"}`],
        ["no image", "{}"],
        ["something else", "[]"],
        ["two documents", `{"Image":"acme/web:1"}{"Image":"acme/evil:1"}`],
        ["a large body", JSON.stringify({ Image: "acme/evil:1", Env: ["x".repeat(1_100_000)] })],
      ];
      for (const [what, body] of bodies) {
        const { status } = await gated.ask("POST", "/containers/create", body);
        expect({ what, status }).toEqual({ what, status: 403 });
      }
      const body = JSON.stringify({ Image: "acme/evil:1" });
      const paths = ["/containers/%63reate", "/v1.40/containers/create?name=a%2Fb", "/containers%2Fcreate"];
      for (const path of paths) {
        expect({ path, status: (await gated.ask("POST", path, body)).status }).toEqual({ path, status: 403 });
      }
      for (const path of ["//containers/create", "/x/../containers/create", "/containers/./create"]) {
        expect([301, 403, 404]).toContain((await gated.ask("POST", path, body)).status);
      }
      // With no length told.
      const chunked = await gated.ask("POST", "/containers/create", body, { "transfer-encoding": "chunked" });
      expect(chunked.status).toBe(403);
      const text = await gated.ask("POST", "/containers/create", body, { "content-type": "text/plain" });
      expect(text.status).toBeGreaterThanOrEqual(400);
    });

    it("refuses while nothing is known of the chain, and answers again by itself", async () => {
      make("acme/worker:1");
      await sign("acme/worker:1");
      await becomes(undefined, ...run, "acme/worker:1", "true");
      await chain.pause();
      // Its last state is good for a while.
      expect(refusal(...run, "acme/worker:1", "true")).toBe("");
      await gated.serve({ staleness: 1 }, false);
      expect(refusal(...run, "acme/worker:1", "true")).toContain("is inconclusive");
      await chain.resume();
      connection.rpc.close();
      connection = await connect(chain.home);
      await becomes(undefined, ...run, "acme/worker:1", "true");
      await gated.serve({ staleness: 60 });
    });

    it("refuses everything while the gate is down, and nothing needs a hand when it is back", async () => {
      await gated.end("SIGKILL");
      const pending = create("acme/worker:1");
      await sleep(1000);
      await gated.serve();
      // Docker tries again for half a minute: what was asked meanwhile is judged.
      const answer = await pending;
      expect(answer.status, JSON.stringify(answer)).toBe(201);
      expect(refusal(...run, "acme/evil:1", "true")).toContain("acme/evil:1 is unsigned");
    });

    it.runIf(name === "classic")(
      "is asked by an engine that was started again, and knows its images anew",
      async () => {
        make("acme/restarted:1");
        await sign("acme/restarted:1");
        await becomes(undefined, ...run, "acme/restarted:1", "true");
        await gated.engine.restart();
        await becomes(undefined, ...run, "acme/restarted:1", "true");
        make("acme/restarted:1");
        expect(refusal(...run, "acme/restarted:1", "true")).toContain("acme/restarted:1 is mismatch");
      },
    );

    it("lets nothing through that was being judged when the gate was killed", async () => {
      const pending = Array.from({ length: 50 }, () => create("acme/evil:1"));
      await sleep(30);
      await gated.end("SIGKILL");
      await sleep(200);
      await gated.serve();
      const statuses = (await Promise.all(pending)).map(({ status }) => status);
      expect(statuses.filter((status) => status < 400)).toEqual([]);
      expect(refusal(...run, "acme/worker:1", "true")).toBe("");
    });

    it("refuses an unsigned image's files where they are mounted", async () => {
      const mount = { Type: "image", Source: "acme/evil:1", Target: "/x" };
      const { status, text } = await create("acme/worker:1", {
        HostConfig: { NetworkMode: "none", Mounts: [mount] },
      });
      expect([status, text]).toEqual([403, expect.stringContaining("acme/evil:1 is unsigned")]);
    });

    it("cannot see what docs/gates.md says that it cannot", async () => {
      make("acme/again:1");
      await sign("acme/again:1");
      const flags = ["--network=none", "--security-opt", "seccomp=unconfined"];
      await becomes(
        undefined,
        "create",
        "--name",
        "again",
        "--restart=always",
        ...flags,
        "acme/again:1",
        "sleep",
        "1",
      );
      // A verified image runs with files of the host, and whatever is run in it.
      expect(refusal(...run, "--volume=/etc:/host:ro", "acme/again:1", "true")).toBe("");
      expect(refusal("start", "again")).toBe("");
      const facts = await (
        await openImage("docker-daemon:acme/again:1", { docker: { host: host() } })
      ).inspect({
        depth: "id",
      });
      const digests = facts.subjects.map(({ digest }) => digest);
      await revokeDigests(connection, signerOf("acme"), acme, digests, "test");
      await becomes("is revoked", "create", "acme/again:1", "true");
      // An engine that starts a container again by itself asks nobody.
      const restarts = (): number =>
        Number(docker(host(), ["inspect", "--format", "{{.RestartCount}}", "again"]));
      const before = restarts();
      while (restarts() === before) await sleep(100);
      expect(refusal("restart", "again")).toContain("is revoked");
      docker(host(), ["rm", "--force", "again"]);
    });

    it("judges a thousand requests at once", async () => {
      const answers = await Promise.all(
        Array.from({ length: 1000 }, (_, at) =>
          gated.ask("POST", "/containers/create", { Image: at % 2 === 0 ? "acme/evil:1" : "acme/nowhere:2" }),
        ),
      );
      const statuses = answers.map(({ status }, at) =>
        at % 2 === 0 ? status === 403 : status === 404 || status === 403,
      );
      expect(statuses.every(Boolean)).toBe(true);
      expect(refusal(...run, "acme/worker:1", "true")).toBe("");
    });
  });
}
