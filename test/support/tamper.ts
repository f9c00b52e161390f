import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmod,
  chown,
  glob,
  link,
  mkdtemp,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { packTar } from "modern-tar";
import { onTestFinished } from "vitest";
import type { TestEngine } from "./docker-engine.ts";
import { json, legacyArchive, sha256, tar } from "./images.ts";

const execute = promisify(execFile);

/** The directories into which an engine has unpacked an image's two layers. */
export interface UnpackedLayers {
  readonly lower: string;
  readonly upper: string;
}

/** A change to the unpacked files, beneath the engine, of which its own records know nothing. */
export interface Tampering {
  /** what is done, for a test's title */
  readonly title: string;
  /** the one path of the image that differs afterwards */
  readonly path: string;
  /** how it differs */
  readonly change: "added" | "removed" | "content" | "link" | "mode" | "owner" | "xattr";
  readonly alter: (layers: UnpackedLayers) => Promise<void>;
}

/** Each needs a victim of its own (`loadVictim`), and root. */
export const tamperings: readonly Tampering[] = [
  {
    title: "content changed, size and times kept",
    path: "app/content",
    change: "content",
    alter: ({ lower }) => overwrite(join(lower, "app/content"), "CONTENT\n"),
  },
  {
    title: "an empty file filled",
    path: "app/empty",
    change: "content",
    alter: ({ lower }) => overwrite(join(lower, "app/empty"), "filled\n"),
  },
  {
    title: "a file deleted",
    path: "app/deleted",
    change: "removed",
    alter: ({ lower }) => rm(join(lower, "app/deleted")),
  },
  {
    title: "a file covered by a whiteout",
    path: "app/covered",
    change: "removed",
    alter: async ({ upper }) => {
      await execute("mknod", [join(upper, "app/covered"), "c", "0", "0"]);
    },
  },
  {
    title: "a file added",
    path: "app/added",
    change: "added",
    alter: ({ upper }) => writeFile(join(upper, "app/added"), "added\n", { mode: 0o755 }),
  },
  {
    title: "a hard link added",
    path: "app/hard",
    change: "added",
    alter: ({ lower }) => link(join(lower, "app/content"), join(lower, "app/hard")),
  },
  {
    title: "a symbolic link retargeted",
    path: "app/link",
    change: "link",
    alter: async ({ lower }) => {
      await rm(join(lower, "app/link"));
      await symlink("deleted", join(lower, "app/link"));
    },
  },
  {
    title: "the setuid bit set",
    path: "app/mode",
    change: "mode",
    alter: ({ lower }) => chmod(join(lower, "app/mode"), 0o4755),
  },
  {
    title: "the owner changed",
    path: "app/owner",
    change: "owner",
    alter: ({ lower }) => chown(join(lower, "app/owner"), 1000, 1000),
  },
  {
    title: "a capability given",
    path: "app/capability",
    change: "xattr",
    alter: ({ lower }) => giveCapability(lower, "app/capability"),
  },
];

/** Writes other content into a file, so that its times are what they were. */
async function overwrite(path: string, content: string): Promise<void> {
  const { atime, mtime } = await stat(path);
  await writeFile(path, content);
  await utimes(path, atime, mtime);
}

/** Gives a program CAP_NET_RAW as setcap does, with a program that every Linux has: GNU tar. */
async function giveCapability(directory: string, name: string): Promise<void> {
  const body = await readFile(join(directory, name));
  // struct vfs_cap_data of linux/capability.h: version 2, effective; bit 13 permitted.
  const capability = `\x01\0\0\x02\0\x20${"\0".repeat(14)}`;
  const pax = { "SCHILY.xattr.security.capability": capability };
  const header = { name, size: body.length, mode: 0o755, mtime: new Date(0), pax };
  const extracting = execute("tar", ["-x", "--xattrs", "--xattrs-include=*", "-C", directory]);
  extracting.child.stdin?.end(await packTar([{ header, body }]));
  await extracting;
}

/** An image to tamper with. Its command is /app/content. */
export interface Victim {
  readonly name: string;
  readonly layers: UnpackedLayers;
}

/**
 * Loads an image of two layers that shares none with another, so that what is done to it is done to nothing else. It goes with the test.
 * @param docker the Docker command line
 */
export async function loadVictim(engine: TestEngine, docker = "docker"): Promise<Victim> {
  const mark = randomBytes(8).toString("hex");
  const name = `acme/victim:${mark}`;
  const lower = await packTar([
    { header: { name: "app/", type: "directory", size: 0, mode: 0o755, mtime: new Date(0) } },
    ...["content", "covered", "deleted", "mode", "owner", "capability"].map((file) => ({
      header: { name: `app/${file}`, size: file.length + 1, mode: 0o755, mtime: new Date(0) },
      body: `${file}\n`,
    })),
    { header: { name: "app/empty", size: 0, mtime: new Date(0) } },
    { header: { name: "app/link", type: "symlink", size: 0, linkname: "content", mtime: new Date(0) } },
    { header: { name: `lower-${mark}`, size: 0, mtime: new Date(0) } },
  ]);
  const upper = await packTar([
    { header: { name: "app/", type: "directory", size: 0, mode: 0o755, mtime: new Date(0) } },
    { header: { name: `upper-${mark}`, size: 0, mtime: new Date(0) } },
  ]);
  const layers = [lower, upper];
  const created = "1970-01-01T00:00:00Z";
  const config = json({
    created,
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    config: { Cmd: ["/app/content"] },
    rootfs: { type: "layers", diff_ids: layers.map(sha256) },
    history: layers.map(() => ({ created })),
  });
  const directory = await mkdtemp(join(tmpdir(), "daochain-victim-"));
  try {
    const archive = join(directory, "victim.tar");
    await writeFile(archive, await tar(legacyArchive({ config, layers }, [name])));
    await execute(docker, ["--host", engine.host, "load", "--quiet", "--input", archive]);
  } finally {
    await rm(directory, { recursive: true });
  }
  onTestFinished(async () => {
    // An engine that finds the image damaged may refuse; it is thrown away with its data anyway.
    await execute(docker, ["--host", engine.host, "image", "rm", "--force", name]).catch(() => {});
  });
  return {
    name,
    layers: {
      lower: await unpackedLayer(engine, `lower-${mark}`),
      upper: await unpackedLayer(engine, `upper-${mark}`),
    },
  };
}

/**
 * The directory into which an engine has unpacked the layer that holds a file.
 * @param file its path in the layer; of all the engine's layers only one may hold it
 */
export async function unpackedLayer(engine: TestEngine, file: string): Promise<string> {
  const directories = {
    classic: "overlay2/*/diff",
    containerd: "containerd/daemon/io.containerd.snapshotter.v1.overlayfs/snapshots/*/fs",
  };
  const found: string[] = [];
  for await (const path of glob(`${directories[engine.name]}/${file}`, { cwd: engine.root })) {
    found.push(join(engine.root, path.slice(0, -file.length)));
  }
  const [directory, ...others] = found;
  if (directory === undefined || others.length > 0) {
    throw new Error(`${file} is in ${found.length} of the engine's layers`);
  }
  return directory;
}

/**
 * The file in which an engine keeps an image's config.
 * @param id the image's ID there: of the config in the classic store, of the manifest in containerd's
 */
export async function configFile(engine: TestEngine, id: string): Promise<string> {
  const hex = (digest: string) => digest.replace("sha256:", "");
  if (engine.name === "classic") return join(engine.root, "image/overlay2/imagedb/content/sha256", hex(id));
  const manifest = blobFile(engine, id);
  const { config } = JSON.parse(await readFile(manifest, "utf8"));
  return join(dirname(manifest), hex(config.digest));
}

/** The file in which an engine with containerd's store keeps a blob. */
export function blobFile(engine: TestEngine, digest: string): string {
  return join(
    engine.root,
    "containerd/daemon/io.containerd.content.v1.content/blobs",
    digest.replace(":", "/"),
  );
}
