import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { isDaoChainError } from "../../../src/errors.ts";
import type { ImageFacts } from "../../../src/image/image.ts";
import { openImage } from "../../../src/image/open.ts";
import { formatImageName } from "../../../src/image/reference.ts";
import { markedImage, named, putIndex, putLegacy, putSaved, repositories } from "../../support/archives.ts";
import {
  type Files,
  putImage,
  putTable,
  sha256,
  type TestImage,
  tar,
  testDirectory,
} from "../../support/images.ts";

const images: readonly TestImage[] = await Promise.all(
  [0, 1, 2].map((number) => markedImage(`${number}`, number === 2 ? "arm64" : "amd64")),
);
const tags = ["acme/app:1.0", "acme/app:2.0", "evil/app:1.0"];
const imageAt = (at: number): TestImage => images[at] ?? { config: Buffer.alloc(0), layers: [] };

const which = fc.nat(images.length - 1);
const line = fc.record({ image: which, tags: fc.subarray(tags) });
const entry = fc.record({
  /** one image, or an index of them */
  images: fc.subarray([0, 1, 2], { minLength: 1, maxLength: 2 }),
  isIndex: fc.boolean(),
  tag: fc.option(fc.constantFrom(...tags), { nil: undefined }),
});
const archive = fc.record({
  saved: fc.option(fc.array(line, { maxLength: 2 }), { nil: undefined }),
  laid: fc.option(fc.array(entry, { maxLength: 2 }), { nil: undefined }),
  legacy: fc.option(line, { nil: undefined, freq: 4 }),
});
type Archive = typeof archive extends fc.Arbitrary<infer T> ? T : never;

function write({ saved, laid, legacy }: Archive): Files {
  const files: Files = new Map();
  if (laid !== undefined) {
    const descriptors = laid.map(({ images: [first = 0, ...rest], isIndex, tag }) => {
      const descriptor = isIndex
        ? putIndex(files, [first, ...rest].map(imageAt), true)
        : putImage(files, imageAt(first));
      return named(descriptor, tag && `docker.io/${tag}`);
    });
    putTable(files, descriptors);
  }
  if (saved !== undefined)
    putSaved(
      files,
      saved.map(({ image, tags }) => ({ image: imageAt(image), tags })),
    );
  if (legacy !== undefined) {
    putLegacy(files, imageAt(legacy.image), undefined);
    const top = [...files.keys()].filter((name) => name.endsWith("/json")).at(-1) ?? "";
    files.set("repositories", repositories(legacy.tags, top.slice(0, -"/json".length)));
  }
  return files;
}

/** The images that an engine takes from an archive, each a list of what it may run, by name or without. */
type Loaded = readonly { readonly name: string | undefined; readonly images: readonly number[] }[];

/** Engines by the table that they go by; each written down anew from what Docker and containerd do. */
const engines: Record<string, (archive: Archive) => Loaded> = {
  "the classic store": ({ saved, laid, legacy }) =>
    saved !== undefined ? bySaved(saved) : laid === undefined ? byLegacy(legacy) : [],
  "the classic store of old, which skips what it does not know": ({ saved, legacy }) =>
    saved !== undefined ? bySaved(saved) : byLegacy(legacy),
  containerd: ({ saved, laid }) => (laid !== undefined ? byLaid(laid) : bySaved(saved ?? [])),
  "Docker before 1.10": ({ legacy }) => byLegacy(legacy),
};

const bySaved = (lines: NonNullable<Archive["saved"]>): Loaded =>
  lines.flatMap(({ image, tags }) =>
    (tags.length === 0 ? [undefined] : tags).map((name) => ({ name, images: [image] })),
  );
const byLaid = (entries: NonNullable<Archive["laid"]>): Loaded =>
  entries.map(({ images, isIndex, tag }) => ({ name: tag, images: isIndex ? images : images.slice(0, 1) }));
const byLegacy = (legacy: Archive["legacy"]): Loaded =>
  legacy === undefined ? [] : legacy.tags.map((name) => ({ name, images: [legacy.image] }));

/** With facts about an image at hand, nothing else than that may come from the archive under any of its names. */
function expectCovered(found: ImageFacts, archive: Archive): void {
  const names = [found.name, ...(found.otherNames ?? [])].flatMap((name) =>
    name?.carried === true ? [formatImageName(name)] : [],
  );
  const covered = new Set(found.subjects.map(({ digest }) => digest));
  const isCovered = (image: number) => covered.has(sha256(imageAt(image).config));
  for (const [engine, load] of Object.entries(engines)) {
    for (const { name, images } of load(archive)) {
      const isOurs = name !== undefined && names.includes(`docker.io/${name}`);
      if (isOurs) for (const image of images) expect(isCovered(image), `${name} by ${engine}`).toBe(true);
      // The image under a name that would not be judged, and of which no warning tells.
      if (name !== undefined && !isOurs && !found.notes.some((note) => `${note}`.includes(name)))
        expect(images.every(isCovered), `${name} by ${engine}`).toBe(false);
      // What comes without a name is ours, or another that a warning tells of.
      if (name === undefined && found.notes.length === 0)
        for (const image of images) expect(isCovered(image), `an image by ${engine}`).toBe(true);
    }
  }
}

it("an archive of random tables is one image on every engine, or refused", { timeout: 300_000 }, async () => {
  const path = join(await testDirectory(), "a.tar");
  const outcomes: Record<string, number> = {};
  await fc.assert(
    fc.asyncProperty(archive, async (made) => {
      await writeFile(path, await tar(write(made)));
      for (const reference of ["docker-archive:", "oci-archive:"].map((transport) => transport + path)) {
        for (const suffix of [
          "",
          ...(reference.startsWith("docker") ? [":acme/app:1.0", ":@1"] : [":1.0"]),
        ]) {
          const found = await (await openImage(reference + suffix)).inspect().catch((error: unknown) => {
            if (isDaoChainError(error)) return error.code;
            throw error;
          });
          const outcome = typeof found === "string" ? found : "facts";
          outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
          if (typeof found !== "string") expectCovered(found, made);
        }
      }
    }),
    { numRuns: 500 },
  );
  // Neither answer is one that hardly anything gets.
  expect(outcomes["facts"]).toBeGreaterThan(150);
  expect(outcomes["ARCHIVE_OF_TWO_IMAGES"]).toBeGreaterThan(150);
});
