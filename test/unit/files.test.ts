import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { makePrivateDirectory, readSmallFile, unwritableFile, writeFileAtomic } from "../../src/files.ts";
import { codeOf } from "../support/errors.ts";
import { testDirectory } from "../support/images.ts";

let directory: string;
beforeEach(async () => {
  directory = await testDirectory();
});

const module = fileURLToPath(new URL("../../src/files.ts", import.meta.url));

describe("writeFileAtomic", () => {
  test("replaces a file, for this user alone, and leaves nothing beside it", async () => {
    const path = join(directory, "a");
    await writeFileAtomic(path, "one");
    await writeFileAtomic(path, Buffer.from("two"));
    expect(await readFile(path, "utf8")).toBe("two");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(["a"]);
  });

  test("fails where an exclusive file is there already, and keeps it", async () => {
    const path = join(directory, "a");
    await writeFileAtomic(path, "one", { exclusive: true });
    await expect(writeFileAtomic(path, "two", { exclusive: true })).rejects.toMatchObject({ code: "EEXIST" });
    expect(await readFile(path, "utf8")).toBe("one");
    expect(await readdir(directory)).toEqual(["a"]);
  });

  test("lets one of many exclusive writers win, with all that it wrote", async () => {
    const path = join(directory, "a");
    const texts = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(100_000));
    const results = await Promise.allSettled(
      texts.map((text) => writeFileAtomic(path, text, { exclusive: true })),
    );
    const won = results.flatMap((result, i) => (result.status === "fulfilled" ? [texts[i]] : []));
    expect(won).toHaveLength(1);
    expect((await readFile(path, "utf8")) === won[0]).toBe(true);
  });

  test("fails where it cannot write, with nothing left behind", async () => {
    expect(await codeOf(() => writeFileAtomic(join(directory, "none", "a"), "x"))).toBe("FILE_UNWRITABLE");
    await mkdir(join(directory, "taken"));
    expect(await codeOf(() => writeFileAtomic(join(directory, "taken"), "x"))).toBe("FILE_UNWRITABLE");
    expect(await readdir(directory)).toEqual(["taken"]);
  });

  test("leaves one whole file, the older or the newer, wherever it is killed", async () => {
    const path = join(directory, "state");
    const program = `
      import { writeFileAtomic } from ${JSON.stringify(module)};
      for (let i = 0; ; i++) {
        await writeFileAtomic(${JSON.stringify(path)}, String(i % 10).repeat(300_000 + i));
        if (i === 0) process.stdout.write("running");
      }`;
    for (let round = 0; round < 12; round++) {
      const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(child.stdout, "data");
      // Later by a little each time, so that the kills fall on different steps of a rewrite.
      await new Promise((resolve) => setTimeout(resolve, round * 1.7));
      child.kill("SIGKILL");
      await once(child, "exit");
      const text = await readFile(path, "utf8");
      const i = text.length - 300_000;
      expect(i).toBeGreaterThanOrEqual(0);
      expect(text === String(i % 10).repeat(text.length)).toBe(true);
    }
  });

  // Only root may mount.
  test.skipIf(process.getuid?.() !== 0)("says that there is no space, and keeps the older file", async () => {
    const small = join(directory, "small");
    await mkdir(small);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", small]);
    onTestFinished(() => {
      execFileSync("umount", [small]);
    });
    const path = join(small, "a");
    await writeFileAtomic(path, "old");
    expect(await codeOf(() => writeFileAtomic(path, "x".repeat(200_000)))).toBe("NO_SPACE");
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(small)).toEqual(["a"]);
  });
});

describe("readSmallFile", () => {
  test("reads up to its limit, and tells a file that is not there", async () => {
    const path = join(directory, "a");
    await writeFile(path, "ä".repeat(50_000));
    expect(await readSmallFile(path, 100_000)).toBe("ä".repeat(50_000));
    expect(await codeOf(() => readSmallFile(path, 99_999))).toBe("FILE_TOO_LARGE");
    await writeFile(path, "");
    expect(await readSmallFile(path, 0)).toBe("");
    expect(await readSmallFile(join(directory, "b"))).toBeUndefined();
  });

  test("refuses what is no file, without waiting for it", async () => {
    const fifo = join(directory, "fifo");
    execFileSync("mkfifo", [fifo]);
    await symlink("/dev/zero", join(directory, "zero"));
    for (const path of [fifo, directory, join(directory, "zero")]) {
      expect(await codeOf(() => readSmallFile(path))).toBe("FILE_NOT_REGULAR");
    }
  });

  test.runIf(process.platform === "linux")("does not trust the size that a file states", async () => {
    // States 0 bytes, and has many.
    expect((await stat("/proc/self/maps")).size).toBe(0);
    expect((await readSmallFile("/proc/self/maps"))?.length).toBeGreaterThan(4096);
    expect(await codeOf(() => readSmallFile("/proc/self/maps", 4096))).toBe("FILE_TOO_LARGE");
  });
});

test("makePrivateDirectory makes all of a path for this user alone", async () => {
  const path = join(directory, "a", "b");
  await makePrivateDirectory(path);
  await makePrivateDirectory(path);
  for (const made of [path, join(directory, "a")]) expect((await stat(made)).mode & 0o777).toBe(0o700);
  await writeFile(join(directory, "file"), "");
  expect(await codeOf(() => makePrivateDirectory(join(directory, "file", "c")))).toBe("DIRECTORY_UNWRITABLE");
});

test.each([
  ["ENOSPC", "NO_SPACE", "No space is left"],
  ["EDQUOT", "NO_SPACE", "No space is left"],
  ["EACCES", "FILE_UNWRITABLE", "permission denied"],
  ["EROFS", "FILE_UNWRITABLE", "the file system is read-only"],
  ["EIO", "FILE_UNWRITABLE", "EIO"],
])("a file that cannot be written for %s is told as %s", (system, code, words) => {
  const error = unwritableFile("/x", Object.assign(new Error("x"), { code: system }));
  expect(error.code).toBe(code);
  expect(error.message).toContain("/x");
  expect(error.message).toContain(words);
});
