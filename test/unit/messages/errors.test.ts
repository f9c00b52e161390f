import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { errorDocs, readErrorTables, renderErrorDocs } from "../../../scripts/generate-error-docs.ts";
import { chineseErrors } from "../../../src/messages/chinese.ts";
import { type ErrorEntry, errors } from "../../../src/messages/errors.ts";
import { root, sourceFiles } from "../../support/imports.ts";

/** The room of the table from which a file throws, by the beginning of its name; the longest counts. */
const rooms: Readonly<Record<string, string>> = {
  "src/errors.ts": "common",
  "src/files.ts": "files",
  "src/home.ts": "files",
  "src/json.ts": "files",
  "src/process-lock.ts": "files",
  "src/image/": "image",
  "src/image/archive/": "archive",
  "src/image/oci/": "archive",
  "src/image/rootfs/": "archive",
  "src/image/tar/": "archive",
  "src/image/docker/": "docker",
  "src/image/registry/": "image-registry",
  "src/rpc/": "rpc",
  "src/network/": "network",
  "src/embedded-chain/": "embedded-chain",
  "src/contract/": "contract",
  "src/claim/": "claim",
  "src/digest/": "claim",
  "src/signature/": "account",
  "src/signature/signed-claim.ts": "claim",
  "src/policy/": "policy",
  "src/operations/": "operation",
  "src/catalogue/": "catalogue",
  "src/gates/": "gate",
  "src/audit/": "audit",
  "src/backup/": "backup",
  "src/metrics-server.ts": "gate",
  "cli/": "command-line",
  "cli/browser/": "browser",
  "cli/actions/service.ts": "embedded-chain",
  "cli/actions/tui.ts": "browser",
  "cli/doctor/keys.ts": "files",
};

/** What is thrown with the same meaning in several rooms. */
const shared = new Set([
  "CANCELLED",
  "CHAIN_MISSING",
  "FILE_UNREADABLE",
  "IMAGE_FILE_NOT_FOUND",
  "IMAGE_LIMIT_EXCEEDED",
  "IMAGE_NOT_FOUND",
  "NOT_A_CONTAINER_IMAGE",
  "ORGANISATION_NOT_FOUND",
]);

function roomOf(file: string): string | undefined {
  const prefixes = Object.keys(rooms).filter((prefix) => file.startsWith(prefix));
  return rooms[prefixes.sort((a, b) => b.length - a.length)[0] ?? ""];
}

/** The codes that a text throws by a name that it chose before, as `failure(code, ...)`. */
function chosenIn(text: string): string[] {
  return [...text.matchAll(/"([A-Z0-9]+(?:_[A-Z0-9]+)*)"/g)].map(([, code = ""]) => code);
}

/** The codes of a text's `failure("CODE", ...)`. */
function thrownIn(text: string): string[] {
  return [...text.matchAll(/\bfailure\(\s*"([A-Z0-9_]+)"/g)].map(([, code = ""]) => code);
}

const tables = await readErrorTables();
const roomOfCode = new Map(
  [...tables].flatMap(([room, table]) => Object.keys(table).map((code) => [code, room])),
);
const texts = sourceFiles("src", "cli")
  .filter((file) => !file.startsWith("src/messages/"))
  .map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }));
const thrown = texts.flatMap(({ file, text }) => thrownIn(text).map((code) => ({ file, code })));

test("docs/errors.md is what the generator makes of the table", async () => {
  expect(readFileSync(errorDocs, "utf8"), "run npm run generate").toBe(await renderErrorDocs());
});

describe("codes", () => {
  test("stand in one room each, and all of them in the table", () => {
    const codes = [...tables.values()].flatMap((table) => Object.keys(table));
    expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
    expect(new Set(codes)).toEqual(new Set(Object.keys(errors)));
  });

  test("are borrowed by no other room", () => {
    expect(thrown.length).toBeGreaterThan(100);
    const borrowed = thrown.filter(
      ({ file, code }) => roomOfCode.get(code) !== roomOf(file) && !shared.has(code),
    );
    expect(borrowed.map(({ file, code }) => `${file} throws ${code} of ${roomOfCode.get(code)}`)).toEqual([]);
  });

  test("are all thrown somewhere", () => {
    const used = new Set(texts.flatMap(({ text }) => chosenIn(text)));
    expect([...roomOfCode.keys()].filter((code) => !used.has(code))).toEqual([]);
  });

  test("that docstrings name are in the table", () => {
    const named = texts.flatMap(({ file, text }) =>
      [...text.matchAll(/@throws([^@]*?)(?:\*\/|\n \* @|\n\s*\*\s*@)/g)].flatMap(([, list = ""]) =>
        [...list.matchAll(/\b[A-Z]+(?:_[A-Z0-9]+)+\b/g)].map(([code]) => ({ file, code })),
      ),
    );
    expect(named.length).toBeGreaterThan(300);
    const unknown = named.filter(({ code }) => !roomOfCode.has(code));
    expect(unknown.map(({ file, code }) => `${file}: ${code}`)).toEqual([]);
  });

  test("have whole sentences in both languages", () => {
    for (const [code, { message, hint }] of Object.entries<ErrorEntry>(errors)) {
      if (message === "") continue;
      // What ends with a place ends with a sentence that somebody else said.
      for (const text of [message, hint ?? "."]) expect(text, code).toMatch(/(\.|\{\w+\})$/);
      const said: Pick<ErrorEntry, "message" | "hint"> | undefined =
        chineseErrors[code as keyof typeof errors];
      for (const text of [said?.message, said?.hint ?? "。"]) expect(text, code).toMatch(/([。.]|\{\w+\})$/);
    }
  });
});

describe("what guards the codes", () => {
  test("sees them however they are wrapped, and nothing else", () => {
    expect(
      thrownIn('throw failure("A_B");\nfailure(\n  "C", { x }); failure(code, {}); refailure("D");'),
    ).toEqual(["A_B", "C"]);
  });

  test("knows the room of a file by the longest beginning of its name", () => {
    expect(roomOf("src/signature/signer.ts")).toBe("account");
    expect(roomOf("src/signature/signed-claim.ts")).toBe("claim");
    expect(roomOf("src/image/docker/client.ts")).toBe("docker");
    expect(roomOf("src/verdict/decide.ts")).toBeUndefined();
  });
});
