import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDaoChainError } from "../../../src/errors.ts";
import type { ImageFacts } from "../../../src/image/image.ts";
import { openImage } from "../../../src/image/open.ts";
import {
  type Files,
  legacyArchive,
  makeImage,
  modernArchive,
  ociLayout,
  tar,
  testDirectory,
  writeLayout,
} from "../../support/images.ts";

/** One change to a run of bytes, at a place given as a share of the whole. */
interface Mutation {
  readonly kind: "flip" | "cut" | "insert" | "zero" | "repeat";
  readonly at: number;
  readonly value: number;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom("flip", "cut", "insert", "zero", "repeat"),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  value: fc.nat(255),
});

function mutate(bytes: Uint8Array, { kind, at, value }: Mutation): Buffer {
  const copy = Buffer.from(bytes);
  const place = Math.floor(at * copy.length);
  switch (kind) {
    case "flip":
      copy[place] = (copy[place] ?? 0) ^ (value || 1);
      return copy;
    case "cut":
      return copy.subarray(0, place);
    case "insert":
      return Buffer.concat([copy.subarray(0, place), Buffer.from([value]), copy.subarray(place)]);
    case "zero":
      return copy.fill(0, place, Math.min(place + value, copy.length));
    case "repeat":
      return Buffer.concat([copy.subarray(0, place), copy.subarray(place - (place % 512))]);
  }
}

/** What an inspection says: facts, or the code of a foreseen error. Anything else fails the test. */
async function outcome(reference: string): Promise<ImageFacts | string> {
  try {
    return await (await openImage(reference)).inspect();
  } catch (error) {
    if (isDaoChainError(error)) return error.code;
    throw error;
  }
}

/** Identities may be missing after a mutation, and never others than before. */
function expectNothingElse(found: ImageFacts | string, original: ImageFacts): void {
  if (typeof found === "string") return;
  if (found.corruptions.length > 0) expect(found.subjects).toEqual([]);
  else expect(found.subjects).toEqual(original.subjects);
}

async function facts(reference: string): Promise<ImageFacts> {
  const found = await outcome(reference);
  if (typeof found === "string") throw new Error(found);
  return found;
}

describe("a mutated archive", () => {
  const image = makeImage();
  it.each([
    ["docker-archive", async () => tar(legacyArchive(await image))],
    ["docker-archive", async () => tar(modernArchive(await image))],
    ["docker-archive", async () => gzipSync(await tar(legacyArchive(await image)))],
    ["oci-archive", async () => tar(ociLayout(await image))],
    ["oci-archive", async () => tar(ociLayout(await image, { gzip: true }))],
  ])("never names another image: %s %#", async (transport, write) => {
    const bytes = await write();
    const path = join(await testDirectory(), "a.tar");
    await writeFile(path, bytes);
    const original = await facts(`${transport}:${path}`);
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
        await writeFile(path, mutations.reduce<Uint8Array>(mutate, bytes));
        expectNothingElse(await outcome(`${transport}:${path}`), original);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a layout with a mutated file", () => {
  it.each([false, true])("never names another image, gzip %s", async (gzip) => {
    const files: Files = ociLayout(await makeImage(), { gzip });
    const directory = await writeLayout(files);
    const original = await facts(`oci:${directory}`);
    const names = [...files.keys()];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), mutation, async (name, change) => {
        const content = Buffer.from(files.get(name) ?? "");
        await mkdir(dirname(join(directory, name)), { recursive: true });
        await writeFile(join(directory, name), mutate(content, change));
        expectNothingElse(await outcome(`oci:${directory}`), original);
        await writeFile(join(directory, name), content);
      }),
      { numRuns: 500 },
    );
  });
});

describe("an archive whose documents are arbitrary JSON", () => {
  it("gives facts or a foreseen error", async () => {
    const image = await makeImage();
    const path = join(await testDirectory(), "a.tar");
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("manifest.json", "index.json", "oci-layout"),
        fc.constantFrom("docker-archive", "oci-archive"),
        fc.json({ maxDepth: 4 }),
        async (name, transport, text) => {
          await writeFile(path, await tar(modernArchive(image).set(name, Buffer.from(text))));
          await outcome(`${transport}:${path}`);
        },
      ),
      { numRuns: 300 },
    );
  });
});
