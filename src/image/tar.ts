import { posix } from "node:path";
import type { Readable } from "node:stream";
import { createTarDecoder, type ParsedTarEntry } from "modern-tar";
import { DaoChainError } from "../errors.ts";
import { type BlobFacts, BlobReader, type BlobStore, type Budget } from "./blob.ts";

const ENTRY_LIMIT = 100_000;
const NAME_LIMIT = 1024;
const LINK_LIMIT = 8;

/** What one pass over an archive has shown. */
export interface TarContents extends BlobStore {
  /** why the archive is not whole, such as that it ends too early; undefined: it is */
  readonly damage: string | undefined;
}

/**
 * Reads a tar archive (POSIX.1-2017 pax, with GNU's long names) once, hashes each file while it flows and keeps only small JSON.
 * An archive counts as whole only with its end-of-archive blocks.
 * @param input is destroyed at the end; its own errors are thrown as they are
 * @param onBytes called with the length of each piece read
 * @throws LIMIT_EXCEEDED for more than 100,000 entries or 64 MiB of JSON
 */
export async function readTar(
  input: Readable,
  budget: Budget,
  onBytes: (bytes: number) => void,
): Promise<TarContents> {
  const files = new Map<string, BlobFacts>();
  const links = new Map<string, string>();
  const decoder = createTarDecoder({ strict: true });
  const state: { failure?: unknown } = {};
  const feeding = feed(
    input,
    decoder.writable,
    (bytes) => {
      budget.spendUncompressed(bytes);
      onBytes(bytes);
    },
    state,
  );
  const reader = decoder.readable.getReader();
  let damage: string | undefined;
  try {
    for (let count = 0; damage === undefined; count++) {
      const { done, value } = await reader.read();
      if (done) break;
      if (count >= ENTRY_LIMIT) {
        throw new DaoChainError("LIMIT_EXCEEDED", `The archive has more than ${ENTRY_LIMIT} entries.`);
      }
      damage = await readEntry(value, budget, files, links);
    }
  } catch (error) {
    const { failure } = state;
    await reader.cancel(error).catch(() => {});
    input.destroy();
    await feeding;
    if (failure !== undefined) throw failure;
    if (error instanceof DaoChainError) throw error;
    damage = error instanceof Error ? error.message.replace(/\.$/, "") : "it is not a tar archive";
  }
  if (damage !== undefined) {
    await reader.cancel().catch(() => {});
    input.destroy();
  }
  await feeding;
  return {
    damage,
    read: async (name) => resolve(name, files, links),
  };
}

/** Hands the archive to the decoder; never rejects, so that nobody has to wait for it before its time. */
async function feed(
  input: Readable,
  output: WritableStream<Uint8Array>,
  onBytes: (bytes: number) => void,
  state: { failure?: unknown },
): Promise<void> {
  const writer = output.getWriter();
  writer.closed.catch(() => {});
  let refused = false;
  try {
    for await (const chunk of input) {
      onBytes(chunk.length);
      await writer.write(chunk).catch((error: unknown) => {
        refused = true;
        throw error;
      });
    }
    await writer.close().catch(() => {});
  } catch (error) {
    // What the decoder refuses reaches the reader; what the input lacks must reach it from here.
    if (refused) return;
    state.failure = error;
    await writer.abort(error).catch(() => {});
  }
}

async function readEntry(
  { header, body }: ParsedTarEntry,
  budget: Budget,
  files: Map<string, BlobFacts>,
  links: Map<string, string>,
): Promise<string | undefined> {
  const name = insideName(header.name);
  if (name === undefined)
    return `its entry ${JSON.stringify(header.name.slice(0, 200))} leads outside the archive`;
  if (header.type === "symlink" || header.type === "link") {
    const target = header.linkname ?? "";
    const resolved = insideName(header.type === "link" ? target : posix.join(posix.dirname(name), target));
    if (resolved === undefined || target.startsWith("/"))
      return `its link ${JSON.stringify(name)} leads outside the archive`;
    if (files.has(name) || (links.get(name) ?? resolved) !== resolved)
      return `it has two entries named ${JSON.stringify(name)}`;
    links.set(name, resolved);
    await body.cancel();
    return undefined;
  }
  if (header.type !== "file") {
    await body.cancel();
    return undefined;
  }
  const facts = await readBody(body, budget);
  // Readers differ in which of two entries they take: only equal ones leave no doubt.
  if (links.has(name) || (files.get(name)?.digest ?? facts.digest) !== facts.digest) {
    return `it has two entries named ${JSON.stringify(name)}`;
  }
  files.set(name, facts);
  return undefined;
}

async function readBody(body: ReadableStream<Uint8Array>, budget: Budget): Promise<BlobFacts> {
  const blob = new BlobReader(budget);
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return await blob.end();
      const wait = blob.write(value);
      if (wait !== undefined) await wait;
    }
  } finally {
    blob.destroy();
  }
}

/** The name without `./` and doubled slashes; undefined where it is absolute, climbs out or is too long. */
function insideName(name: string): string | undefined {
  if (name.length > NAME_LIMIT || name.startsWith("/") || name.includes("\0")) return undefined;
  const normal = posix.normalize(name === "" ? "." : name).replace(/\/$/, "");
  return normal === ".." || normal.startsWith("../") ? undefined : normal;
}

function resolve(
  name: string,
  files: Map<string, BlobFacts>,
  links: Map<string, string>,
): BlobFacts | undefined {
  let at: string | undefined = insideName(name);
  for (let hops = 0; at !== undefined && hops <= LINK_LIMIT; hops++) {
    const found = files.get(at);
    if (found !== undefined) return found;
    at = links.get(at);
  }
  return undefined;
}
