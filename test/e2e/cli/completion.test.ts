import { spawnSync } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CliHome, cliPath, runProcess } from "../../support/cli.ts";

const has = (shell: string): boolean => spawnSync(shell, ["-c", "exit 0"]).status === 0;
const isRequired = (process.env["DAOCHAIN_REQUIRE"] ?? "").split(",").includes("shells");

/** An engine that lists images, after a while. */
function engine(names: readonly string[], delay = 0): Server {
  return createServer((request, response) => {
    const answer = (body: string): void => {
      setTimeout(() => response.writeHead(200, { "content-type": "application/json" }).end(body), delay);
    };
    if (request.url?.endsWith("/images/json")) {
      const images = names.map((name, at) => ({
        Id: `sha256:${String(at).padStart(64, "0")}`,
        RepoTags: [name],
        RepoDigests: [],
        Created: 1,
        Size: 1,
      }));
      answer(JSON.stringify(images));
    } else answer("OK");
  });
}

const names = ["acme/api:1.4.2", "acme/api:1.5.0", "acme/worker:2", "evil$(touch pwned)/x:1", "other:3"];
let home: CliHome;
let server: Server;
let socket: string;

beforeAll(async () => {
  // An address of an engine must be known before the home is made.
  const probe = await CliHome.create();
  socket = probe.path("engine.sock");
  server = engine(names);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  home = await CliHome.create(`unix://${socket}`);
  await mkdir(home.path("bin"));
  // What is completed is not run: it is shown word by word.
  const program = `#!/bin/sh
if [ "$1" = __complete ] || [ "$1" = completion ]; then exec '${process.execPath}' '${cliPath}' "$@"; fi
printf 'WORDS'; for word in "$@"; do printf ' <%s>' "$word"; done; echo
`;
  await writeFile(home.path("bin", "daochain"), program);
  await chmod(home.path("bin", "daochain"), 0o755);
  await mkdir(home.path("home", "accounts"), { recursive: true });
  await writeFile(home.path("home", "accounts", "release.json"), "{}");
  await writeFile(home.path("home", "settings.json"), JSON.stringify({ organisation: "acme" }));
  await writeFile(home.path("policy file.json"), "{}");
});
afterAll(async () => {
  server?.closeAllConnections();
  server?.close();
  await home?.[Symbol.asyncDispose]();
});

const env = () => ({
  ...home.env,
  PATH: `${home.path("bin")}:${process.env["PATH"]}`,
  TERM: "dumb",
  PS1: "$ ",
});

/** On a machine that is busy, an engine may not answer within the time that a key may take. */
const slow = { retry: 3 };

/** Types lines with tabs into a shell on a terminal, one after the other, and gives the words that came of each. */
async function type(shell: "bash" | "zsh", lines: readonly string[]): Promise<string[]> {
  const start = {
    bash: "bash --noprofile --norc -i",
    zsh: "zsh -f -i",
  }[shell];
  const load = {
    bash: "bind 'set bell-style none'; source <(daochain completion bash); cd \"$HOME\"; echo 'rea''dy'",
    zsh: "unsetopt beep; autoload -U compinit; compinit -u -D; source <(daochain completion zsh); cd $HOME; echo 'rea''dy'",
  }[shell];
  const left = [...lines];
  let count = 0;
  const { stdout } = await runProcess(
    "script",
    ["--quiet", "--return", "--echo", "always", "--command", start, "/dev/null"],
    {
      env: env(),
      onStart: () => {},
      onOutput: (all, keys) => {
        if (count === 0) {
          count = 1;
          keys(`${load}\r`);
          return "";
        }
        const isReady = count === 1 && /^ready/m.test(all.replaceAll("\r", ""));
        if (!isReady && !/WORDS[^\n]*\n/.test(all)) return all;
        count = 2;
        const next = left.shift();
        keys(next === undefined ? "exit\r" : `${next}\r`);
        return "";
      },
    },
  );
  return [...stdout.matchAll(/^WORDS ?(.*?)\r?$/gm)].map(([, words = ""]) => words);
}

const typed = [
  ["daochain veri\tacme/w\t", "<verify> <acme/worker:2>"],
  ["daochain verify acme/api:1.4\t", "<verify> <acme/api:1.4.2>"],
  ["daochain verify --dep\tcon\tot\t", "<verify> <--depth> <content> <other:3>"],
  ["daochain verify --depth=man\t", "<verify> <--depth=manifest>"],
  ["daochain sign --account rel\t", "<sign> <--account> <release>"],
  ["daochain org show ac\t", "<org> <show> <acme>"],
  ["daochain verify --policy pol\t", "<verify> <--policy> <policy file.json>"],
  ["daochain gate dock\tinst\t", "<gate> <docker> <install>"],
  ["daochain verify ev\t", "<verify> <ev>"],
] as const;

describe.each(["bash", "zsh"] as const)("completion in a real %s", (shell) => {
  test.skipIf(!has(shell) && !isRequired)("of commands, options, their values and names", slow, async () => {
    const words = await type(
      shell,
      typed.map(([keys]) => keys),
    );
    expect(words).toEqual(typed.map(([, expected]) => expected));
  });
});

test("bash completes names that hold a colon within quotes, too", async () => {
  expect(await type("bash", ['daochain verify "acme/api:1.5\t'])).toEqual(["<verify> <acme/api:1.5.0>"]);
});

test.skipIf(!has("fish") && !isRequired)(
  "completion in a real fish of commands, options, their values and names",
  { retry: 3 },
  async () => {
    const complete = async (line: string): Promise<string[]> => {
      const script = `cd $HOME; daochain completion fish | source; complete -C '${line}'`;
      const { stdout, stderr } = await runProcess("fish", ["--no-config", "-c", script], { env: env() });
      expect(stderr).toBe("");
      return stdout
        .split("\n")
        .filter((text) => text !== "")
        .map((text) => text.split("\t")[0] ?? "");
    };
    expect(await complete("daochain veri")).toEqual(["verify"]);
    expect(await complete("daochain verify acme/api:1.4")).toEqual(["acme/api:1.4.2"]);
    expect(await complete("daochain verify ")).toEqual(expect.arrayContaining(["acme/worker:2", "other:3"]));
    expect(await complete("daochain verify --depth ma")).toEqual(["manifest"]);
    expect(await complete("daochain verify --depth=ma")).toEqual(["--depth=manifest"]);
    expect(await complete("daochain sign --account rel")).toEqual(["release"]);
    expect(await complete("daochain verify --policy pol")).toEqual(["policy file.json"]);
    expect(await complete("daochain verify ev")).toEqual([]);
  },
);

test("an engine that takes its time is not waited for, and one that is not there is no error", async () => {
  const slow = engine(names, 30_000);
  const path = home.path("slow.sock");
  await new Promise<void>((resolve) => slow.listen(path, resolve));
  try {
    const ask = (host: string) =>
      home.run(["__complete", "bash", "--", "verify", "ac"], { env: { DOCKER_HOST: host } });
    const begin = performance.now();
    const baseline = await ask("unix:///nowhere/engine.sock");
    const middle = performance.now();
    const late = await ask(`unix://${path}`);
    const end = performance.now();
    for (const result of [baseline, late])
      expect(result).toMatchObject({ code: 0, stdout: ":values\n", stderr: "" });
    // 300 ms more than without, and what a busy machine adds.
    expect(end - middle - (middle - begin)).toBeLessThan(3_000);
  } finally {
    slow.closeAllConnections();
    slow.close();
  }
});

test("files behind a transport are completed as what they are", async () => {
  await mkdir(home.path("layouts", "app"), { recursive: true });
  const ask = async (word: string) => (await home.run(["__complete", "bash", "--", "verify", word])).stdout;
  const path = home.path("layouts");
  expect(await ask(`oci:${path}/a`)).toBe(`:nospace\noci:${path}/app/\n`);
  expect(await ask("docker-a")).toBe(":nospace\ndocker-archive:\n");
});
