/**
 * The hash of 2016, as it was: the whole archive of docker save in memory, each layer's archive out of it, each file of those through a
 * temporary file into MD5, the sums sorted, and SHA-256 over them.
 *
 *     docker save IMAGE | node bench/images/hash-2016.ts
 */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

/** The files of an archive in memory. */
function* filesOf(tar: Buffer): Generator<{ name: string; content: Buffer }> {
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const field = (start: number, length: number) =>
      tar.toString("latin1", at + start, at + start + length).replace(/\0.*$/s, "");
    const size = Number.parseInt(field(124, 12).trim() || "0", 8);
    const type = field(156, 1);
    if (type === "" || type === "0") {
      const content = tar.subarray(at + 512, at + 512 + size);
      yield { name: `${field(345, 155)}/${field(0, 100)}`, content };
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

const directory = mkdtempSync(join(tmpdir(), "daochain-2016-"));
try {
  const sums: string[] = [];
  for (const { name, content } of filesOf(await buffer(process.stdin))) {
    // Layers are layer.tar to old engines, and blobs to those of today.
    if (!/layer\.tar$|blobs\/sha256\//.test(name) || content.toString("latin1", 257, 262) !== "ustar")
      continue;
    for (const file of filesOf(content)) {
      // A new one for each: to write one again would make the file system wait for its disk.
      const temporary = join(directory, String(sums.length));
      writeFileSync(temporary, file.content);
      sums.push(createHash("md5").update(readFileSync(temporary)).digest("hex"));
      rmSync(temporary);
    }
  }
  console.log(createHash("sha256").update(sums.sort().join("")).digest("hex"), sums.length);
} finally {
  rmSync(directory, { recursive: true });
}
