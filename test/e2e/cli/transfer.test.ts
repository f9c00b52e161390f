import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Verdict } from "../../../src/internal.ts";
import { CliHome, runProcess } from "../../support/cli.ts";
import { describeOnEngines } from "../../support/engines.ts";
import { type Files, json, makeImage, put, putImage, putTable, types } from "../../support/images.ts";
import { RegistryProxy } from "../../support/registry-proxy.ts";
import { hasRegistry, RegistryServer, user } from "../../support/registry-server.ts";
import { busybox, docker, makeRunnableImage } from "../../support/runnable-image.ts";
import { Screen } from "../../support/screen.ts";
import { expectVerdict } from "../../support/verdict.ts";

describe.skipIf(busybox === undefined || !hasRegistry)("through a registry", () => {
  describeOnEngines("push and pull", ({ name: store, host }) => {
    let home: CliHome;
    let registry: RegistryServer;
    let proxy: RegistryProxy;
    /** names are of the proxy, which hands everything on unless a test has it meddle */
    let image: string;
    let number = 0;

    const build = (content: string, name = image) => makeRunnableImage(host, name, content);
    const remove = (name: string) => docker(host, ["image", "rm", "--force", name]);
    const idOf = (name: string): string | undefined => {
      try {
        return docker(host, ["image", "inspect", "--format", "{{.Id}}", name]);
      } catch {
        return undefined;
      }
    };
    const contentOf = (name: string) =>
      docker(host, ["run", "--rm", "--network=none", name, "cat", "/about"]);
    const push = (...arguments_: string[]) => home.json<Verdict<string>>(["push", ...arguments_]);
    const pull = (...arguments_: string[]) => home.json<Verdict>(["pull", ...arguments_]);
    /** The proxy is in this process, which must not wait for docker without serving. */
    const dockerPush = async (name: string) => {
      const { code, stderr } = await runProcess("docker", ["--host", host, "push", name], { env: home.env });
      expect(code, stderr).toBe(0);
    };
    /** Puts something under a tag in the registry, past DaoChain. */
    const smuggle = async (content: string) => {
      const kept = idOf(image);
      build(content);
      await dockerPush(image);
      if (kept === undefined) remove(image);
      else docker(host, ["tag", kept, image]);
    };
    /** Names of what the engine has of this test's repository. */
    const names = () =>
      docker(host, ["image", "ls", "--all", "--digests", "--format", "{{.Repository}}:{{.Tag}}@{{.Digest}}"])
        .split("\n")
        .filter((line) => line.startsWith(image.replace(/:[^:]*$/, "")));

    beforeAll(async () => {
      home = await CliHome.create(host);
      registry = await RegistryServer.start();
      expect((await home.run(["up", "--org", "acme"])).code).toBe(0);
    });
    afterAll(async () => {
      await registry?.[Symbol.asyncDispose]();
      await home?.[Symbol.asyncDispose]();
    });
    beforeEach(async () => {
      proxy = await RegistryProxy.start(registry.address);
      image = `${proxy.address}/acme/app${number++}:1.0`;
    });
    afterEach(async () => {
      for (const name of names()) remove(name.replace(/(:<none>)?@<none>$|:[^:@/]*(?=@)|@.*$/g, "") || name);
      await proxy[Symbol.asyncDispose]();
    });

    test("what was pushed is signed as it lies in both places, and is what is pulled", async () => {
      build("first");
      const local = idOf(image);
      const pushed = await push(image, "--annotation", "revision=1", "--expires", "9d");
      expect(pushed.code, pushed.stderr).toBe(0);
      const { subjects, claim } = expectVerdict(pushed.value, "signed");
      expect(new Set(subjects.map(({ kind }) => kind))).toEqual(
        new Set([
          "config",
          "manifest",
          ...subjects.map(({ kind }) => kind).filter((kind) => kind === "runtime"),
        ]),
      );
      expect(subjects.map(({ digest }) => digest)).toContain(local);
      expect(claim?.annotations).toEqual({ revision: "1" });
      expect((await home.run(["verify", image])).code).toBe(0);
      expect((await home.run(["verify", `docker://${image}`])).code).toBe(0);

      remove(image);
      const pulled = await pull(image);
      expect(pulled.code, pulled.stderr).toBe(0);
      expect(expectVerdict(pulled.value, "verified")).toMatchObject({
        image,
        tag: "1.0",
        organisation: "acme",
      });
      expect(idOf(image)).toBe(local);
      expect(contentOf(image)).toBe("first");
      // Again, with everything there: nothing is taken away.
      expect((await pull(image)).code).toBe(0);
      expect(idOf(image)).toBe(local);
    });

    test("several images in one call; one that fails does not keep the others back", async () => {
      const other = image.replace(":1.0", ":2.0");
      build("one");
      build("two", other);
      const pushed = await home.json<Verdict<string>[]>([
        "push",
        image,
        other,
        image.replace(":1.0", ":none"),
      ]);
      expect(pushed.value.map(({ status }) => status)).toEqual(["signed", "signed", "inconclusive"]);
      expect(pushed.code).toBe(20);
      for (const name of [image, other]) remove(name);
      const pulled = await home.json<Verdict[]>(["pull", image, image.replace(":1.0", ":3.0"), other]);
      expect(pulled.value.map(({ status }) => status)).toEqual(["verified", "unsigned", "verified"]);
      expect(pulled.code).toBe(10);
      expect([contentOf(image), contentOf(other)]).toEqual(["one", "two"]);
    });

    test("a tag that was swapped in the registry changes nothing: what was signed is fetched", async () => {
      build("signed");
      expect((await push(image)).code).toBe(0);
      remove(image);
      await smuggle("smuggled");
      expect((await pull(image)).code).toBe(0);
      expect(contentOf(image)).toBe("signed");
    });

    test("a tag that was rolled back does not come through, nor does it move the local tag", async () => {
      build("old");
      expect((await push(image)).code).toBe(0);
      build("new");
      const { value } = await push(image);
      const isNew = value.subjects.filter(({ kind }) => kind === "manifest").map(({ digest }) => digest);
      await smuggle("old");
      remove(image);
      expect((await pull(image)).code).toBe(0);
      expect(contentOf(image)).toBe("new");

      // The registry has forgotten the new one.
      for (const digest of isNew) await registry.remove(repositoryOf(image), "manifests", digest);
      remove(image);
      build("local");
      const [local, before] = [idOf(image), names()];
      const { code, value: verdict } = await pull(image);
      expect(code).toBe(11);
      expectVerdict(verdict, "mismatch");
      expect(idOf(image)).toBe(local);
      expect(names()).toEqual(before);
    });

    test("an image that was signed before it was pushed is found by what the claim knows it by", async () => {
      build("signed at home");
      expect((await home.run(["sign", image])).code).toBe(0);
      await dockerPush(image);
      remove(image);
      const { code, value } = await pull(image);
      expect(code).toBe(0);
      expect(value.depth).not.toBeNull();
      expect(contentOf(image)).toBe("signed at home");

      remove(image);
      await smuggle("smuggled");
      const swapped = await pull(image);
      // The classic store's image is known by its config alone: where the registry has its manifest now, nobody says.
      expect(swapped.code).toBe(store === "classic" ? 11 : 0);
      if (store === "classic") expect(names()).toEqual([]);
      else expect(contentOf(image)).toBe("signed at home");
    });

    test("what nobody signed is not fetched, by its tag or by its digest", async () => {
      await smuggle("unsigned");
      const tag = await pull(image);
      expect(tag.code).toBe(10);
      expect(expectVerdict(tag.value, "unsigned").depth).toBeNull();
      build("unsigned");
      await dockerPush(image);
      const digest = docker(host, ["image", "inspect", "--format", "{{index .RepoDigests 0}}", image]).split(
        "@",
      )[1];
      remove(image);
      const byDigest = await pull(`${image.replace(/:[^:]*$/, "")}@${digest}`);
      expect(byDigest.code).toBe(10);
      expect(names()).toEqual([]);
    });

    test("a digest that is claimed is fetched, and gets no tag", async () => {
      build("by digest");
      const { value } = await push(image);
      const digest = value.subjects.find(({ kind }) => kind === "manifest")?.digest;
      remove(image);
      const reference = `${image.replace(/:[^:]*$/, "")}@${digest}`;
      const { code, value: verdict } = await pull(reference);
      expect(code).toBe(0);
      expect(expectVerdict(verdict, "verified").image).toBe(reference);
      expect(idOf(reference)).toBeDefined();
      expect(idOf(image)).toBe(undefined);
    });

    test("what is revoked, expired or waits for signatures is not fetched", async () => {
      build("short");
      expect((await push(image, "--expires", "40s")).code).toBe(0);
      const [expiring] = [image];
      const revoked = image.replace(":1.0", ":revoked");
      build("revoked", revoked);
      expect((await push(revoked)).code).toBe(0);
      expect((await home.run(["revoke", revoked, "--reason", "flawed", "--yes"])).code).toBe(0);
      for (const name of [expiring, revoked]) remove(name);
      expect((await pull(revoked)).code).toBe(12);
      await expect
        .poll(async () => (await pull(expiring)).code, { timeout: 90_000, interval: 1000 })
        .toBe(13);
      remove(expiring);
      expect(names()).toEqual([]);
    });

    test("what waits for signatures is not fetched", async () => {
      const { value: account } = await home.json<{ address: string }>([
        "account",
        "create",
        `second${number}`,
      ]);
      expect((await home.run(["org", "create", `two${number}`])).code).toBe(0);
      expect((await home.run(["org", "add-signer", `two${number}`, account.address])).code).toBe(0);
      expect((await home.run(["org", "threshold", `two${number}`, "2"])).code).toBe(0);
      build("pending");
      const pushed = await push(image, "--org", `two${number}`);
      expect(pushed.code).toBe(0);
      expectVerdict(pushed.value, "pending");
      remove(image);
      const { code, value } = await pull(image, "--org", `two${number}`);
      expect(code).toBe(15);
      expectVerdict(value, "pending");
      expect(names()).toEqual([]);
    });

    test("an image that is revoked while it is fetched is not kept", async () => {
      build("revoked on its way");
      const { value: signed } = await push(image);
      const digest = signed.subjects.find(({ kind }) => kind === "config")?.digest ?? "";
      remove(image);
      let revocation: Promise<{ code: number | null }> | undefined;
      proxy.meddle = async ({ method, url }) => {
        if (method === "GET" && url?.includes("/blobs/")) {
          revocation ??= home.run(["revoke", digest, "--reason", "just found", "--yes"]);
          await revocation;
        }
        return false;
      };
      const { code, value } = await pull(image);
      expect((await revocation)?.code).toBe(0);
      expect(code).toBe(12);
      expectVerdict(value, "revoked");
      expect(names()).toEqual([]);
    });

    test("with the registry or the chain away the answer is inconclusive, and local tags stay", async () => {
      build("kept");
      expect((await push(image)).code).toBe(0);
      remove(image);
      build("local");
      const local = idOf(image);
      proxy.meddle = (_asked, answer) => {
        answer.destroy();
        return true;
      };
      const { code, value } = await pull(image);
      expect(code).toBe(20);
      expectVerdict(value, "inconclusive");
      expect((await pull(image)).code).toBe(20);
      proxy.meddle = () => false;
      const env = { DAOCHAIN_RPC_URL: "http://127.0.0.1:1" };
      expect((await home.run(["pull", image], { env })).code).toBe(20);
      expect(idOf(image)).toBe(local);
    });

    test("Ctrl-C leaves nothing behind", async () => {
      build("cancelled");
      expect((await push(image)).code).toBe(0);
      remove(image);
      let reached: () => void = () => {};
      const held = new Promise<void>((resolve) => {
        reached = resolve;
      });
      proxy.meddle = async ({ method, url }, answer) => {
        if (method !== "GET" || !url?.includes("/blobs/")) return false;
        reached();
        await once(answer, "close");
        return true;
      };
      const running = home.start(["pull", image]);
      await held;
      running.kill("SIGINT");
      expect((await running.ended).code).toBe(130);
      expect(names()).toEqual([]);
    });

    describe("a slow registry", () => {
      /** Signs an image that the engine has never had, and which it can fetch only slowly. */
      const offer = async () => {
        const files: Files = new Map();
        // containerd tells of its downloads in steps of a mebibyte.
        const content = randomBytes(4 << 20).toString("base64");
        const manifest = putImage(files, await makeImage({ contents: [content] }), { gzip: true });
        await registry.push(repositoryOf(image), "1.0", putTable(files, [manifest]));
        expect((await home.run(["sign", `docker://${image}`])).code).toBe(0);
        proxy.delay = 50;
      };

      test("a terminal shows the layers on their way, and nothing of them is left at the end", async () => {
        await offer();
        const { code, stdout } = await home.terminal(["pull", image], []);
        expect(code, stdout).toBe(0);
        expect(stdout).toMatch(/[0-9a-f]{12} \[#* *\] [\d.]+ k?M?B of [\d.]+ MB, [\d.]+ k?M?B\/s/);
        const screen = new Screen(80, 24);
        screen.write(stdout);
        expect(screen.lines[0]).toBe(`verified    ${image}`);
        expect(screen.lines.join("\n")).not.toMatch(/\[[# ]{20}\]|B\/s/);
      });

      test("without a terminal one line tells at the end what it took", async () => {
        await offer();
        const { code, stderr } = await home.run(["pull", image]);
        expect({ code, stderr }).toEqual({
          code: 0,
          stderr: expect.stringMatching(/^\S+: [\d.]+ [kM]B in [\d.]+ s \([\d.]+ [kM]B\/s\)\n$/),
        });
      });

      test("a quiet call says nothing of it", async () => {
        await offer();
        const { code, stdout, stderr } = await home.run(["pull", image, "--quiet"]);
        expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `verified ${image}\n`, stderr: "" });
      });
    });

    test("a registry that serves something else than was pushed gets nothing signed", async () => {
      const evil = image.replace(":1.0", ":evil");
      build("pushed");
      build("evil", evil);
      await dockerPush(evil);
      proxy.meddle = (asked) => {
        // What is read back by its tag is another image.
        if (asked.method === "GET" && asked.url?.endsWith("/manifests/1.0")) {
          asked.url = asked.url.replace(/1\.0$/, "evil");
        }
        return false;
      };
      const swapped = await push(image);
      expect(swapped.code).toBe(18);

      proxy.meddle = (asked, answer) => {
        if (asked.method !== "GET" || !asked.url?.includes("/blobs/")) return false;
        answer.end("not what was pushed");
        return true;
      };
      const damaged = await push(image);
      expect(damaged.code).toBe(18);
      proxy.meddle = () => false;
      expect((await home.run(["verify", image])).code).toBe(10);
      expect((await home.run(["verify", `docker://${image}`])).code).toBe(10);
    });

    test("what is pushed by whom the organisation does not know is said to be pushed, and unsigned", async () => {
      expect((await home.run(["account", "create", `stranger${number}`])).code).toBe(0);
      build("unsigned");
      const { code, stderr } = await home.run(["push", image, "--account", `stranger${number}`]);
      expect(code).toBe(2);
      expect(stderr).toContain("is pushed, but not signed");
      expect(stderr).toContain(`daochain push ${image}`);
      expect((await home.run(["verify", `docker://${image}`])).code).toBe(10);
      expect((await push(image)).code).toBe(0);
    });

    test("the credentials of docker login are used, and no others", async () => {
      await using closed = await RegistryServer.start({ passwords: true });
      const name = `${closed.address}/acme/closed:1.0`;
      build("closed", name);
      const refused = await home.run(["push", name]);
      expect(refused.code).toBe(20);
      await mkdir(home.path(".docker"), { recursive: true });
      const auth = Buffer.from(`${user.name}:${user.password}`).toString("base64");
      const configuration = json({ auths: { [closed.address]: { auth } } });
      await writeFile(home.path(".docker", "config.json"), configuration);
      const env = { DEBUG: "*" };
      const pushed = await home.run(["push", name], { env });
      expect(pushed.code, pushed.stderr).toBe(0);
      remove(name);
      const pulled = await home.run(["pull", name], { env });
      expect(pulled.code, pulled.stderr).toBe(0);
      for (const output of [refused, pushed, pulled].flatMap(({ stdout, stderr }) => [stdout, stderr])) {
        expect(output).not.toContain(user.password);
        expect(output).not.toContain(auth);
        expect(output).not.toContain("X-Registry-Auth");
      }
      await writeFile(home.path(".docker", "config.json"), "{}");
      remove(name);
    });

    test("an index is fetched for the engine's platform, or for another that is asked for", async () => {
      const files: Files = new Map();
      const manifests = await Promise.all(
        ["amd64", "arm64"].map(async (architecture) => ({
          ...putImage(files, await makeImage({ architecture, contents: [`${architecture} ${image}`] }), {
            gzip: true,
          }),
          platform: { os: "linux", architecture },
        })),
      );
      const index = put(files, types.index, json({ schemaVersion: 2, mediaType: types.index, manifests }));
      await registry.push(repositoryOf(image), "1.0", putTable(files, [index]));
      expect((await home.run(["sign", `docker://${image}`])).code).toBe(0);
      for (const platform of [undefined, "linux/arm64"]) {
        const chosen = platform === undefined ? [] : ["--platform", platform];
        const { code, value } = await pull(image, ...chosen);
        expect(code, JSON.stringify(value)).toBe(0);
        const runs = value.subjects.filter(({ kind }) => kind === "runtime");
        expect(runs.map((subject) => subject.platform)).toEqual([platform ?? "linux/amd64"]);
        const deep = await pull(image, "--depth", "content", ...chosen);
        expect(deep.code, JSON.stringify(deep.value)).toBe(0);
        remove(image);
      }
    });

    test("what is no name in a registry is wrong usage", async () => {
      expect((await home.run(["pull", "oci:somewhere"])).code).toBe(2);
      expect((await home.run(["push", "oci:somewhere"])).code).toBe(2);
      expect((await home.run(["push", `${image}@sha256:${"a".repeat(64)}`])).code).toBe(2);
      expect((await home.run(["pull"])).code).toBe(2);
    });
  });
});

/** The repository's path in its registry. */
function repositoryOf(image: string): string {
  return image.slice(image.indexOf("/") + 1, image.lastIndexOf(":"));
}
