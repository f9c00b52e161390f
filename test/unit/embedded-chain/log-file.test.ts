import { appendFileSync, closeSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { boundLog, maximumLogBytes } from "../../../src/embedded-chain/log-file.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";

test("a log that has grown too long goes on empty, by the same descriptor, and the one before is kept", async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, "chain.log");
  const log = openSync(file, "a", 0o600);
  try {
    writeSync(log, "x".repeat(maximumLogBytes));
    expect(boundLog(file, log)).toBe(false);
    writeSync(log, "the last line\n");
    expect(boundLog(file, log)).toBe(true);
    writeSync(log, "and on\n");
    expect(readFileSync(file, "utf8")).toBe("and on\n");
    expect(readFileSync(`${file}.1`, "utf8")).toMatch(/x\nthe last line\n$|xthe last line\n$/);
    expect(statSync(`${file}.1`).mode & 0o777).toBe(0o600);
    appendFileSync(file, "y".repeat(maximumLogBytes));
    expect(boundLog(file, log)).toBe(true);
    expect(statSync(`${file}.1`).size).toBeLessThan(2 * maximumLogBytes);
  } finally {
    closeSync(log);
  }
});

test("what is written elsewhere is left alone", async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, "chain.log");
  const log = openSync(file, "a");
  try {
    writeSync(log, "x".repeat(maximumLogBytes + 1));
    await rename(file, `${file}.moved`);
    expect(boundLog(file, log)).toBe(false);
    expect(boundLog(file, openSync("/dev/null", "w"))).toBe(false);
    expect(statSync(`${file}.moved`).size).toBe(maximumLogBytes + 1);
  } finally {
    closeSync(log);
  }
});
