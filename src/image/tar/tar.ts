import { posix } from "node:path";
import { failure } from "../../errors.ts";
import { say } from "../../messages/message.ts";
import { type BlobFacts, type BlobOptions, BlobReader, type BlobStore, type Budget } from "../blob.ts";
import type { ByteStream } from "../docker/stream.ts";
import { TarError } from "./error.ts";
import { type TarEntry, TarParser, type TarVisitor } from "./parser.ts";

const ENTRY_LIMIT = 100_000;
const NAME_LIMIT = 1024;
const LINK_LIMIT = 8;
/** what may follow an archive's end, in bytes: tar fills up its last record */
const TRAIL_LIMIT = 1024 * 1024;

/** What one pass over an archive has shown. */
export interface TarContents extends BlobStore {
  /** why the archive is not whole, such as that it ends too early; undefined: it is */
  readonly damage: string | undefined;
  /** names of its files and links */
  readonly names: readonly string[];
}

/**
 * Reads a tar archive once, hashes each file while it flows and keeps only small JSON.
 * An archive counts as whole only with its end-of-archive blocks.
 * @param input is destroyed at the end; its own errors are thrown as they are
 * @param options.onBytes called with each piece read
 * @throws IMAGE_LIMIT_EXCEEDED for more than 100,000 entries, 64 MiB of JSON or 8 GiB of holes;
 *   ARCHIVE_AMBIGUOUS for one in which readers would find different files
 */
export async function readTar(
  input: ByteStream,
  options: {
    readonly budget: Budget;
    readonly blobs: BlobOptions;
    readonly onBytes: (bytes: Uint8Array) => void;
  },
): Promise<TarContents> {
  const contents = new ArchiveContents(options.budget, options.blobs);
  const parser = new TarParser(contents, { entries: ENTRY_LIMIT });
  let trail = 0;
  let damage: string | undefined;
  try {
    for await (const chunk of input) {
      options.budget.spendUncompressed(chunk.length);
      options.onBytes(chunk);
      if (parser.isEnded) trail += chunk.length;
      if (trail > TRAIL_LIMIT || parser.isFollowed) break;
      const wait = parser.write(chunk);
      if (wait !== undefined) await wait;
    }
    parser.end();
    contents.requireOneReading();
    if (!parser.isEnded) damage = "it ends too early";
    if (parser.isFollowed) damage = "it goes on after its end";
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    if (error.isLimit)
      throw failure("IMAGE_LIMIT_EXCEEDED", { reason: say("limit-archive", { damage: error.message }) });
    if (error.isAmbiguous) {
      throw failure("ARCHIVE_AMBIGUOUS", { reason: error.message });
    }
    damage = error.message;
  } finally {
    contents.destroy();
    input.destroy();
  }
  return { damage, names: [...contents.names()], read: async (name) => contents.find(name) };
}

interface Link {
  readonly type: "link" | "symlink";
  readonly target: string;
}

class ArchiveContents implements TarVisitor {
  readonly #budget: Budget;
  readonly #options: BlobOptions;
  readonly #files = new Map<string, BlobFacts>();
  readonly #links = new Map<string, Link>();
  #current: { readonly name: string; readonly blob: BlobReader } | undefined;

  constructor(budget: Budget, options: BlobOptions) {
    this.#budget = budget;
    this.#options = options;
  }

  entry(entry: TarEntry): void {
    const name = insideName(entry.path);
    if (name === undefined) throw new TarError(`its entry ${quote(entry.path)} leads outside the archive`);
    this.#budget.spendHoles(entry.holes);
    if (entry.type === "file") {
      this.#current = { name, blob: new BlobReader(this.#budget, this.#options) };
    } else if (entry.type === "symlink" || entry.type === "link") {
      this.#addLink(name, entry.type, entry.link);
    } else if (entry.type !== "directory") {
      throw ambiguous(`its entry ${quote(name)} is neither a file nor a directory nor a link`);
    }
  }

  #addLink(name: string, type: Link["type"], link: string): void {
    const target = insideName(type === "link" ? link : posix.join(posix.dirname(name), link));
    if (target === undefined || link.startsWith("/"))
      throw new TarError(`its link ${quote(name)} leads outside the archive`);
    // Some go up from where the name before the dots leads to, some from where it stands.
    const steps = link.split("/").filter((step) => step !== "" && step !== ".");
    const down = steps.findIndex((step) => step !== "..");
    if (down >= 0 && steps.lastIndexOf("..") > down)
      throw ambiguous(`its link ${quote(name)} goes down and up again`);
    const known = this.#links.get(name) ?? { type, target };
    if (this.#files.has(name) || known.type !== type || known.target !== target) throw twice(name);
    this.#links.set(name, { type, target });
  }

  content(bytes: Uint8Array): Promise<void> | undefined {
    return this.#current?.blob.write(bytes);
  }

  async end(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    if (current === undefined) return;
    const { name, blob } = current;
    const facts = await blob.end();
    // Readers differ in which of two entries they take: only equal ones leave no doubt.
    if (this.#links.has(name) || (this.#files.get(name)?.digest ?? facts.digest) !== facts.digest)
      throw twice(name);
    this.#files.set(name, facts);
  }

  /**
   * Engines that unpack an archive write and read through its links; those that read it as it comes do not.
   * @throws TarError where that makes a difference
   */
  requireOneReading(): void {
    for (const name of this.names()) this.#requireNoLinkIn(name);
    for (const [name, { type, target }] of this.#links) {
      this.#requireNoLinkIn(target);
      // It is the symbolic link itself, which leads elsewhere from here.
      if (type === "link" && this.#links.get(target)?.type === "symlink")
        throw ambiguous(`its link ${quote(name)} is a hard link to a symbolic one`);
    }
  }

  #requireNoLinkIn(name: string): void {
    for (let end = name.indexOf("/"); end > 0; end = name.indexOf("/", end + 1)) {
      const directory = name.slice(0, end);
      if (this.#links.has(directory))
        throw ambiguous(`its entry ${quote(directory)} is a link, and a directory too`);
    }
  }

  *names(): Iterable<string> {
    yield* this.#files.keys();
    yield* this.#links.keys();
  }

  /** Frees what an unfinished file holds. */
  destroy(): void {
    this.#current?.blob.destroy();
  }

  /** A file by its name, or by that of a link to it. */
  find(name: string): BlobFacts | undefined {
    let at: string | undefined = insideName(name);
    for (let hops = 0; at !== undefined && hops <= LINK_LIMIT; hops++) {
      const found = this.#files.get(at);
      if (found !== undefined) return found;
      at = this.#links.get(at)?.target;
    }
    return undefined;
  }
}

function ambiguous(message: string): TarError {
  return new TarError(message, { isAmbiguous: true });
}

function twice(name: string): TarError {
  return ambiguous(`it has two entries named ${quote(name)}`);
}

function quote(name: string): string {
  return JSON.stringify(name.slice(0, 200));
}

/** The name without `./` and doubled slashes; undefined where it is absolute, climbs out or is too long. */
function insideName(name: string): string | undefined {
  if (name.length > NAME_LIMIT || name.startsWith("/") || name.includes("\0")) return undefined;
  const normal = posix.normalize(name === "" ? "." : name).replace(/\/$/, "");
  return normal === ".." || normal.startsWith("../") ? undefined : normal;
}
