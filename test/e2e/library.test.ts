import { execFile } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as library from "../../src/index.ts";
import { temporaryDirectory } from "../support/embedded-chain.ts";
import { root } from "../support/imports.ts";

const page = await readFile(join(root, "docs/library.md"), "utf8");
/** The page's programs under their headings. */
const programs = page.split(/^## /m).flatMap((section) => {
  const title = section.slice(0, section.indexOf("\n"));
  return [...section.matchAll(/^```\w+\n(.*?)^```$/gms)].map(([, text = ""], at) => ({
    title: at === 0 ? title : `${title} (${at + 1})`,
    text,
  }));
});
const directory = await temporaryDirectory();
const fileOf = (at: number): string => join(directory.path, `${at}.ts`);

/** @returns what it printed; a program that fails ends the test with what it said */
function run(program: string, ...arguments_: string[]): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile(program, arguments_, { cwd: directory.path }, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout, stderr });
      else
        reject(new Error(`${program} ${arguments_.join(" ")} failed:\n${stdout}${stderr}`, { cause: error }));
    });
  });
}

/** What the programs print that says that they did their work. */
const printed: Readonly<Record<string, RegExp>> = {
  "A chain, a registry, an organisation": /^acme 1$/,
  "A chain, a registry, an organisation (2)": /^\d+ 0x\w{40}\n\[ 'acme' \]\ntrue \[ '0x\w{40}' \]$/,
  "Images and their digests": /^true 0\n(?:\w+ sha256:\w{64} \S*\n)+false sha256:\w{64}$/,
  Signing: /^signed 0x\w{64}$/,
  Verifying: /^verified content acme\n(?:.+\n)?0$/,
  Policies: /^\[ 'verified', 'inconclusive' \]$/,
  "Evidence and decision": /^verified\nexpired$/,
  "Many images, one signature": /^\[ 'fulfilled', 'fulfilled', 'fulfilled', 'fulfilled' \]$/,
  "Two signatures": /^pending signed$/,
  "Keys that lie elsewhere": /^true$/,
  "Signing without a chain": /^signed$/,
  "What happened, and revoking": /^revoked digest sha256:.* CVE-2026-0001\n(?:.+\n){2}revoked$/,
  Audits: /^oci:app:1\.0 verified 1\noci:four:1\.0 revoked 1\n(?:.+ inconclusive 1\n){1}.+ inconclusive 1$/,
  Errors: /^true true\noci:nowhere:1\.0 cannot be found: .*\p{Script=Han}.*\ntrue$/u,
};

beforeAll(async () => {
  await mkdir(join(directory.path, "node_modules", "@types"), { recursive: true });
  await symlink(root, join(directory.path, "node_modules", "daochain"));
  await symlink(join(root, "node_modules/@types/node"), join(directory.path, "node_modules/@types/node"));
  await writeFile(join(directory.path, "package.json"), JSON.stringify({ type: "module" }));
  for (const [at, { text }] of programs.entries()) await writeFile(fileOf(at), text);
});
afterAll(async () => {
  await library.stopEmbeddedChain({ directory: join(directory.path, "home", "chain") }).catch(() => {});
  await directory[Symbol.asyncDispose]();
});

describe("docs/library.md", () => {
  test("has an example of each name that is promised, and promises no other", () => {
    const names = new Set(
      programs.flatMap(({ text }) =>
        [...text.matchAll(/import \{([^}]*)\} from "daochain"/g)].flatMap(([, list = ""]) =>
          list.split(",").map((name) => name.trim()),
        ),
      ),
    );
    names.delete("");
    expect([...names].sort()).toEqual(Object.keys(library).sort());
    expect(programs.map(({ title }) => title)).toEqual(Object.keys(printed));
  });

  test("has programs that fit the types of the package", async () => {
    const options = {
      compilerOptions: {
        strict: true,
        noEmit: true,
        target: "es2023",
        module: "nodenext",
        types: ["node"],
        skipLibCheck: true,
        noUnusedLocals: true,
      },
      files: programs.map((_, at) => fileOf(at)),
    };
    await writeFile(join(directory.path, "tsconfig.json"), JSON.stringify(options));
    const { stdout } = await run(join(root, "node_modules/.bin/tsc"), "-p", directory.path);
    expect(stdout).toBe("");
  });

  test.each(programs.map(({ title }, at) => ({ title, at })))(
    "has a program that runs: $title",
    async ({ title, at }) => {
      const { stdout, stderr } = await run(process.execPath, fileOf(at));
      expect(stderr).toBe("");
      expect(stdout.trim()).toMatch(printed[title] ?? /^$/);
    },
  );
});
