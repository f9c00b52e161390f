// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of GitHub are written like that
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { writeOciLayout } from "../../../src/internal.ts";
import { CliHome, type CliResult, cliPath, runProcess } from "../../support/cli.ts";
import { keyOf, signerOf } from "../../support/consortium.ts";
import { makeImage, ociLayout } from "../../support/images.ts";
import { findProgram } from "../../support/programs.ts";
import { hasRegistry, RegistryServer } from "../../support/registry-server.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const readYaml = async <T>(path: string): Promise<T> => parse(await readFile(join(root, path), "utf8")) as T;

interface Step {
  readonly name: string;
  readonly id?: string;
  readonly shell?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}
interface Action {
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, { description: string; required?: boolean; default?: string }>>;
  readonly outputs: Readonly<Record<string, { description: string; value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}
type GitLabJob = Readonly<{
  extends?: string;
  image?: string;
  variables?: Readonly<Record<string, string>>;
  before_script?: readonly string[];
  script?: readonly string[];
}>;

let home: CliHome;
let network: string;
let url: string;
/** Where a `daochain` is found, as in an image that brings one along. */
let bin: string;
let layouts = 0;

beforeAll(async () => {
  home = await CliHome.create();
  expect((await home.run(["up", "--org", "acme", "--quiet"])).code).toBe(0);
  expect((await home.run(["org", "add-signer", "acme", signerOf("ci").address])).code).toBe(0);
  network = await readFile(home.path("home", "network.json"), "utf8");
  url = (await home.json<{ chain: { url: string } }>(["status"])).value.chain.url;
  bin = home.path("bin");
  await mkdir(bin);
  await symlink(cliPath, join(bin, "daochain"));
});
afterAll(() => home?.[Symbol.asyncDispose]());

async function layout(name: string): Promise<string> {
  const directory = home.path(`layout-${layouts++}`);
  const annotations = { "io.containerd.image.name": `docker.io/acme/${name}` };
  await writeOciLayout({ directory, tag: "any", annotations, files: { content: `${name} ${layouts}` } });
  return `oci:${directory}:any`;
}

describe("the GitHub action", () => {
  let action: Action;
  beforeAll(async () => {
    action = await readYaml<Action>("deploy/github/action.yml");
  });

  /** What a runner does with a composite action: each step's script in a file, run by bash, with what the step's env gives it. */
  async function run(
    inputs: Readonly<Record<string, string>>,
    options: { readonly path?: string } = {},
  ): Promise<CliResult & { outputs: Map<string, string>; work: string }> {
    const work = await mkdtemp(home.path("runner-"));
    const file = (name: string) => join(work, name);
    const given = Object.fromEntries(
      Object.entries(action.inputs).map(([name, input]) => [name, inputs[name] ?? input.default ?? ""]),
    );
    const fill = (text: string): string =>
      text.replace(/\$\{\{ inputs\.([a-z-]+) \}\}/g, (_, name: string) => given[name] ?? "");
    for (const name of ["path", "output"]) await writeFile(file(name), "");
    let result: CliResult | undefined;
    for (const step of action.runs.steps) {
      const added = (await readFile(file("path"), "utf8")).split("\n").filter(Boolean).reverse();
      await writeFile(file("step.sh"), step.run ?? "");
      const env = {
        ...home.env,
        DAOCHAIN_HOME: undefined,
        PATH: [...added, options.path ?? bin, process.env["PATH"]].join(":"),
        GITHUB_ACTION_PATH: join(root, "deploy/github"),
        GITHUB_PATH: file("path"),
        GITHUB_OUTPUT: file("output"),
        GITHUB_SHA: "4f2a91c",
        GITHUB_SERVER_URL: "https://github.com",
        GITHUB_REPOSITORY: "acme/api",
        GITHUB_RUN_ID: "7",
        RUNNER_TEMP: work,
        ...Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, fill(value)])),
      };
      result = await runProcess("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", file("step.sh")], {
        env,
      });
      if (result.code !== 0) break;
    }
    if (result === undefined) throw new Error("The action has no steps.");
    const outputs = (await readFile(file("output"), "utf8")).split("\n").filter(Boolean);
    return {
      ...result,
      work,
      outputs: new Map(outputs.map((line) => line.split(/=(.*)/s, 2) as [string, string])),
    };
  }
  const inputs = (command: string, images: string) => ({
    command,
    images,
    network,
    "rpc-url": url,
    org: "acme",
  });

  test("is what GitHub asks of a composite action, and no input is a part of a script", () => {
    expect(action.name).not.toBe("");
    expect(action.description).not.toBe("");
    expect(action.runs.using).toBe("composite");
    const ids = action.runs.steps.flatMap(({ id }) => id ?? []);
    for (const step of action.runs.steps) {
      expect(step.shell, step.name).toBe("bash");
      expect(step.run, step.name).not.toContain("${{");
      for (const value of Object.values(step.env ?? {})) {
        const [, name = ""] = /^\$\{\{ inputs\.([a-z-]+) \}\}$/.exec(value) ?? [];
        expect(Object.keys(action.inputs)).toContain(name);
      }
    }
    const used = JSON.stringify(action.runs.steps);
    for (const [name, { description, required, default: fallback }] of Object.entries(action.inputs)) {
      expect(description).not.toBe("");
      expect(used).toContain(`inputs.${name} `);
      expect(required === true, name).toBe(fallback === undefined);
    }
    for (const { value } of Object.values(action.outputs)) {
      const [, id = ""] = /^\$\{\{ steps\.([a-z]+)\.outputs\.[a-z-]+ \}\}$/.exec(value) ?? [];
      expect(ids).toContain(id);
    }
  });

  test("the example uses it as it is", async () => {
    const { jobs } = await readYaml<{ jobs: Record<string, { "runs-on": string; steps: Step[] }> }>(
      "deploy/github/example.yml",
    );
    const uses = Object.values(jobs).flatMap(({ steps }) =>
      steps.filter(({ uses }) => uses?.includes("daochain")),
    );
    expect(uses).toHaveLength(2);
    for (const { uses: name, with: given = {} } of uses) {
      expect(name).toMatch(/^OWNER\/daochain\/deploy\/github@/);
      expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(given)));
      for (const [input, { required }] of Object.entries(action.inputs))
        if (required === true) expect(Object.keys(given)).toContain(input);
    }
    for (const { steps } of Object.values(jobs))
      for (const step of steps) expect(step.run ?? "").not.toContain("${{");
  });

  test("signs with a key that is a secret, and verifies; what is not signed fails with its code", async () => {
    const [one, two, other] = [await layout("one:1"), await layout("two:1"), await layout("other:1")];
    const unsigned = await run(inputs("verify", one));
    expect(unsigned.code).toBe(10);
    expect(unsigned.outputs.get("exit-code")).toBe("10");

    const signing = { ...inputs("sign", `${one}\n${two}\n`), "private-key": keyOf("ci"), expires: "90d" };
    const signed = await run({ ...signing, annotations: "team=payments\nnote=a b=c" });
    expect({ code: signed.code, stderr: signed.code === 0 ? "" : signed.stderr }).toEqual({
      code: 0,
      stderr: "",
    });
    expect(signed.stdout + signed.stderr).not.toContain(keyOf("ci").slice(2));
    const verified = await run({ ...inputs("verify", `${one}\n${two}`), org: "" });
    expect(verified.code).toBe(0);
    const [first] = JSON.parse(await readFile(verified.outputs.get("json") ?? "", "utf8"));
    expect(first).toMatchObject({
      status: "verified",
      claim: {
        signers: [signerOf("ci").address],
        annotations: {
          revision: "4f2a91c",
          build: "https://github.com/acme/api/actions/runs/7",
          team: "payments",
          note: "a b=c",
        },
      },
    });
    expect(first.claim.expiresAt).not.toBeNull();
    expect((await run(inputs("verify", `${one}\n${other}`))).code).toBe(10);
  });

  test.skipIf(!hasRegistry)("signs and verifies what a registry has", async () => {
    await using registry = await RegistryServer.start();
    await registry.push("acme/app", "1.0", ociLayout(await makeImage({ contents: ["ci"] }), { gzip: true }));
    const image = `docker://${registry.address}/acme/app:1.0`;
    expect((await run(inputs("verify", image))).code).toBe(10);
    expect((await run({ ...inputs("sign", image), "private-key": keyOf("ci") })).code).toBe(0);
    expect((await run(inputs("verify", image))).code).toBe(0);
  });

  test("hostile inputs are inputs and nothing else", async () => {
    const image = await layout("hostile:1");
    const pwned = home.path("pwned");
    const hostile = [
      `x; touch ${pwned}`,
      `$(touch ${pwned})`,
      `\`touch ${pwned}\``,
      `"; touch ${pwned}; "`,
      `'; touch ${pwned}; '`,
      `x\n--json\n; touch ${pwned}`,
    ];
    for (const text of hostile) {
      for (const name of Object.keys(action.inputs)) {
        const { code } = await run({ ...inputs("verify", image), [name]: text });
        // What verify does not use changes nothing; everything else is wrong input, or an image that is not there.
        expect({ name, isRefused: code !== 0 }).toEqual({ name, isRefused: true });
        expect(existsSync(pwned), `${name}: ${text}`).toBe(false);
      }
      const signing = {
        ...inputs("sign", image),
        "private-key": keyOf("ci"),
        annotations: `a=${text}`,
        expires: text,
      };
      expect((await run(signing)).code).toBe(2);
      expect(existsSync(pwned)).toBe(false);
    }
  });

  test("what an image says of itself is no command to the runner", async () => {
    const { stdout, code } = await run(inputs("verify", "oci:::set-output name=x::y"));
    expect(code).not.toBe(0);
    const [, token = ""] = /^::stop-commands::([0-9a-f]{32})$/m.exec(stdout) ?? [];
    expect(token).not.toBe("");
    expect(stdout.trimEnd().endsWith(`::${token}::`)).toBe(true);
    const inner = stdout.slice(stdout.indexOf(token) + token.length, stdout.lastIndexOf(`::${token}`));
    expect(inner).not.toMatch(/^\s*::/m);
  });

  test("without a daochain on the machine, that of the action's own checkout is used", async () => {
    const image = await layout("checkout:1");
    const bare = await mkdtemp(home.path("bare-"));
    const { code, work } = await run(inputs("verify", image), { path: bare });
    expect(code).toBe(10);
    expect(existsSync(join(work, "daochain-bin", "daochain"))).toBe(true);
  });
});

describe("the GitLab jobs", () => {
  let jobs: Readonly<Record<string, GitLabJob>>;
  beforeAll(async () => {
    jobs = await readYaml("deploy/gitlab/daochain.gitlab-ci.yml");
  });

  /** What a runner does: before_script and script as one script, with the job's variables in its environment. */
  async function run(
    name: string,
    variables: Readonly<Record<string, string>>,
    path = bin,
  ): Promise<CliResult & { json: string | undefined }> {
    const job = jobs[name] ?? {};
    const base = jobs[job.extends ?? ""] ?? {};
    const work = await mkdtemp(home.path("gitlab-"));
    const lines = [...(job.before_script ?? base.before_script ?? []), ...(job.script ?? base.script ?? [])];
    await writeFile(join(work, "script"), lines.join("\n"));
    const env = {
      ...home.env,
      DAOCHAIN_HOME: undefined,
      PATH: `${path}:${process.env["PATH"]}`,
      TMPDIR: work,
      CI_COMMIT_SHA: "4f2a91c",
      CI_JOB_URL: "https://gitlab.com/acme/api/-/jobs/7",
      DAOCHAIN_RPC_URL: url,
      DAOCHAIN_NETWORK: network,
      DAOCHAIN_PRIVATE_KEY: keyOf("ci"),
      ...base.variables,
      ...job.variables,
      ...variables,
    };
    // Images have bash or a plain shell; the latter understands less.
    const result = await runProcess("sh", ["-c", `cd '${work}' && exec sh ./script`], { env });
    const json = join(work, "daochain.json");
    return { ...result, json: existsSync(json) ? await readFile(json, "utf8") : undefined };
  }

  test("are hidden, and every variable that they use has a value or is told of", async () => {
    expect(Object.keys(jobs)).toEqual([".daochain", ".daochain-sign", ".daochain-verify"]);
    const text = await readFile(join(root, "deploy/gitlab/daochain.gitlab-ci.yml"), "utf8");
    const declared = Object.keys(jobs[".daochain"]?.variables ?? {});
    const header = text.slice(0, text.indexOf("\n.daochain:"));
    const set = ["DAOCHAIN_WORK", "DAOCHAIN_HOME"];
    for (const [, name = ""] of text.matchAll(/\$\{?(DAOCHAIN_[A-Z]+)/g))
      expect([...declared, ...set, ...(header.match(/DAOCHAIN_[A-Z_]+/g) ?? [])]).toContain(name);
    for (const name of [".daochain-sign", ".daochain-verify"]) {
      expect(jobs[name]?.extends).toBe(".daochain");
      expect(jobs[name]?.script).toHaveLength(1);
    }
    // What GitLab itself would put into the text of a script (inputs, `$[[ ]]`) there is none.
    expect(text).not.toContain("$[[");
  });

  test("sign, verify, and fail with verify's code", async () => {
    const [one, other] = [await layout("gitlab:1"), await layout("gitlab-other:1")];
    expect((await run(".daochain-verify", { DAOCHAIN_IMAGES: one })).code).toBe(10);
    const signed = await run(".daochain-sign", {
      DAOCHAIN_IMAGES: one,
      DAOCHAIN_ORG: "acme",
      DAOCHAIN_EXPIRES: "90d",
      DAOCHAIN_ANNOTATIONS: "team=payments\nnote=a b",
    });
    expect({ code: signed.code, stderr: signed.code === 0 ? "" : signed.stderr }).toEqual({
      code: 0,
      stderr: "",
    });
    expect(signed.stdout + signed.stderr).not.toContain(keyOf("ci").slice(2));
    const verified = await run(".daochain-verify", { DAOCHAIN_IMAGES: one });
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.json ?? "")).toMatchObject({
      status: "verified",
      claim: { annotations: { revision: "4f2a91c", team: "payments", note: "a b" } },
    });
    expect((await run(".daochain-verify", { DAOCHAIN_IMAGES: `${one}\n${other}` })).code).toBe(10);
    // A variable of type file is a file's path.
    const file = home.path("home", "network.json");
    expect((await run(".daochain-verify", { DAOCHAIN_IMAGES: one, DAOCHAIN_NETWORK: file })).code).toBe(0);
  });

  test("hostile variables are variables and nothing else", async () => {
    const image = await layout("gitlab-hostile:1");
    const pwned = home.path("pwned-gitlab");
    const names = [
      "DAOCHAIN_IMAGES",
      "DAOCHAIN_ORG",
      "DAOCHAIN_DEPTH",
      "DAOCHAIN_EXPIRES",
      "DAOCHAIN_NETWORK",
    ];
    for (const text of [
      `x; touch ${pwned}`,
      `$(touch ${pwned})`,
      `"; touch ${pwned}; "`,
      `'\`touch ${pwned}\`'`,
    ]) {
      for (const name of [...names, "DAOCHAIN_ANNOTATIONS"]) {
        const { code } = await run(".daochain-sign", {
          DAOCHAIN_IMAGES: image,
          DAOCHAIN_ORG: "acme",
          [name]: text,
        });
        expect({ name, code }).toEqual({ name, code: expect.toSatisfy((value) => value !== 0) });
        expect(existsSync(pwned), `${name}: ${text}`).toBe(false);
      }
    }
  });

  test.skipIf(findProgram("git") === undefined)(
    "an image without daochain builds the commit that is named",
    async () => {
      const source = home.path("source");
      const git = (...words: string[]) =>
        runProcess("git", ["-C", source, "-c", "user.name=x", "-c", "user.email=x@example.com", ...words], {
          env: { PATH: process.env["PATH"], HOME: home.directory },
        });
      await mkdir(join(source, "dist/cli"), { recursive: true });
      await writeFile(join(source, "dist/cli/main.js"), '#!/bin/sh\necho "{\\"words\\": \\"$*\\"}"\n', {
        mode: 0o755,
      });
      for (const words of [
        ["init", "--quiet"],
        ["add", "."],
        ["commit", "--quiet", "--message", "x"],
      ])
        expect((await git(...words)).code).toBe(0);
      const variables = {
        PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
        DAOCHAIN_IMAGES: "x",
        DAOCHAIN_SOURCE: source,
      };
      const revision = (await git("rev-parse", "HEAD")).stdout.trim();
      const { code, json } = await run(".daochain-verify", { ...variables, DAOCHAIN_REVISION: revision });
      expect(code).toBe(0);
      expect(JSON.parse(json ?? "").words).toMatch(/^verify --json --file=/);
      const hostile = `--upload-pack=touch ${home.path("pwned-git")}`;
      for (const more of [{ DAOCHAIN_SOURCE: hostile }, { DAOCHAIN_REVISION: hostile }]) {
        expect(
          (await run(".daochain-verify", { ...variables, DAOCHAIN_REVISION: revision, ...more })).code,
        ).not.toBe(0);
        expect(existsSync(home.path("pwned-git"))).toBe(false);
      }
    },
  );

  test("an image without daochain says what it lacks", async () => {
    const bare = await mkdtemp(home.path("bare-"));
    const { code, stderr } = await run(".daochain-verify", {
      DAOCHAIN_IMAGES: "x",
      PATH: `${bare}:/usr/bin:/bin`,
    });
    expect(code).toBe(2);
    expect(stderr).toContain("DAOCHAIN_SOURCE");
    expect(dirname(bare)).toBe(home.directory);
  });
});
