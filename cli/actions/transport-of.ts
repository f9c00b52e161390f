import { open, stat } from "node:fs/promises";

/** Members of an archive that are looked at, by their headers. */
const maxMembers = 10_000;
const block = 512;

/**
 * The transport by which something that lies here is named as an image (containers-transports(5)): `oci` for a directory; for a file, by
 * the members that its tar headers tell. What is compressed is taken for what docker save wrote.
 * @returns undefined where it is neither a directory nor a file
 */
export async function transportOf(
  path: string,
): Promise<"oci" | "oci-archive" | "docker-archive" | undefined> {
  const status = await stat(path).catch(() => undefined);
  if (status?.isDirectory() === true) return "oci";
  if (status?.isFile() !== true) return undefined;
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return "docker-archive";
  try {
    const header = Buffer.alloc(block);
    let isLayout = false;
    for (let at = 0, members = 0; members < maxMembers; members++) {
      const { bytesRead } = await file.read(header, 0, block, at);
      if (bytesRead < block) break;
      const name = header.toString("latin1", 0, 100).replace(/\0.*$/s, "").replace(/^\.\//, "");
      // docker save writes both since version 25.
      if (name === "manifest.json") return "docker-archive";
      isLayout ||= name === "oci-layout";
      const size = Number.parseInt(header.toString("latin1", 124, 136).trim(), 8);
      if (!Number.isSafeInteger(size) || size < 0) break;
      at += block + Math.ceil(size / block) * block;
    }
    return isLayout ? "oci-archive" : "docker-archive";
  } finally {
    await file.close();
  }
}
