import { spawn } from "node:child_process";
import { Terminal as Emulator } from "@xterm/headless";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildBeside } from "../../support/build.ts";
import { CliHome } from "../../support/cli.ts";

/** Bytes of a session on a pty, each key typed when the one before has been drawn. */
async function record(command: readonly string[], keys: readonly string[], env: object): Promise<string[]> {
  const line = `stty rows 24 columns 80; exec ${command.map((word) => `'${word}'`).join(" ")}`;
  const child = spawn("script", ["--quiet", "--return", "--command", line, "/dev/null"], {
    env: { ...env, TERM: "xterm-256color" },
    stdio: ["pipe", "pipe", "inherit"],
    timeout: 60_000,
  });
  const parts = [""];
  let latest = performance.now();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    parts[parts.length - 1] += text;
    latest = performance.now();
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const isQuiet = async (): Promise<void> => {
    const began = performance.now();
    // Something comes of every key; when nothing more does, it is drawn.
    while (performance.now() - Math.max(latest, began) < 250)
      await new Promise((resolve) => setTimeout(resolve, 20));
  };
  while (!parts[0]?.includes("\u001b]2;DaoChain\u0007"))
    await new Promise((resolve) => setTimeout(resolve, 20));
  for (const key of keys) {
    await isQuiet();
    parts.push("");
    child.stdin.write(key);
  }
  await isQuiet();
  child.stdin.end();
  await ended;
  return parts;
}

let home: CliHome;
let program: string;
beforeAll(async () => {
  home = await CliHome.create();
  program = await buildBeside("test/support/fake-tui.ts", home.path("fake"));
});
afterAll(() => home?.[Symbol.asyncDispose]());

test("a session's bytes, played again, show what a person saw at each step", async () => {
  const keys = ["j", "j", "\r", "\u001b", "3", "/", "image77", "\r", "4", "?", "q", "q"];
  const parts = await record([process.execPath, program], keys, { ...home.env, LC_ALL: "C.UTF-8" });
  const emulator = new Emulator({ cols: 80, rows: 24, allowProposedApi: true });
  const screens: string[] = [];
  const types: string[] = [];
  for (const part of parts) {
    await new Promise<void>((resolve) => emulator.write(part, resolve));
    const { active } = emulator.buffer;
    const lines = Array.from({ length: 24 }, (_, row) =>
      active.getLine(active.baseY + row)?.translateToString(true),
    );
    screens.push(lines.join("\n"));
    types.push(active.type);
  }
  const expected: readonly (readonly [number, RegExp])[] = [
    [0, /^> ✓ verified +acme\/api:1\.0 /m],
    [1, /^> - unsigned +acme\/api:1\.1 /m],
    [2, /^> ✓ verified +镜像仓库\/应用:版本一/m],
    [3, /^ Status +✓ verified/m],
    [4, /^> ✓ verified +镜像仓库/m],
    [5, /^ 1000 found$/m],
    [7, /^ search: image77 +\d+ found$/m],
    [8, /^> ✓ good +registry\.example\/org7\/image77:1\.0/m],
    [9, /^ {2}CHAIN$/m],
    [10, /Ctrl-l +draw the screen again|u Enter +use this account/m],
    [11, /\[4 Account\]/],
  ];
  for (const [step, pattern] of expected) expect(screens[step]).toMatch(pattern);
  // Every screen is whole: tabs above, keys below, and nothing of the screen before it between.
  for (const screen of screens.slice(0, -1)) {
    expect(screen.split("\n")[0]).toMatch(/1 Local.*DaoChain$/);
    expect(screen.split("\n").at(-1)).toMatch(/\S/);
  }
  expect(types.slice(0, -1).every((type) => type === "alternate")).toBe(true);
  expect(types.at(-1)).toBe("normal");
  // The whole screen was erased once, with the first frame, and nothing of it until it was left.
  expect(
    parts
      .slice(0, -1)
      .join("")
      .match(/\u001b\[[0123]?J/g),
  ).toHaveLength(1);
  const all = parts.join("");
  expect(all.match(/\u001b\[\?1049[hl]/g)).toEqual(["\u001b[?1049h", "\u001b[?1049l"]);
});
