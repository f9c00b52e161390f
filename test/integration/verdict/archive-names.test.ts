import { afterAll, beforeAll, expect, test } from "vitest";
import type { Organisation } from "../../../src/contract/organisations.ts";
import { openImage } from "../../../src/image/open.ts";
import { signImage } from "../../../src/operations/sign.ts";
import { defaultPolicy } from "../../../src/policy/policy.ts";
import { verifyImage, verifyImages } from "../../../src/verdict/verify.ts";
import { twoTables } from "../../support/ambiguous-archives.ts";
import { containerdExport, dockerLegacy, dockerModern, markedImage } from "../../support/archives.ts";
import { Consortium, signerOf } from "../../support/consortium.ts";
import { type Files, type TestImage, tar, writeArchive } from "../../support/images.ts";
import { expectVerdict, toVerdictJson } from "../../support/verdict.ts";

let chain: Consortium;
let acme: Organisation;
beforeAll(async () => {
  chain = await Consortium.start();
  acme = await chain.admit("acme");
  await chain.admit("evil");
});
afterAll(() => chain?.stop());

const shapes: readonly ((image: TestImage, names: string[]) => Files)[] = [
  dockerLegacy,
  dockerModern,
  (image, names) => containerdExport([image], names),
];

/** The verdict about an archive, alone and among others. */
async function verify(
  files: Files,
  reference: (path: string) => string = (path) => `docker-archive:${path}`,
) {
  const image = reference(await writeArchive(await tar(files)));
  const open = () => openImage(image);
  const connect = async () => chain.connection;
  const alone = await verifyImage(image, open, connect, defaultPolicy);
  const [together] = await verifyImages([{ image, open }], connect, defaultPolicy);
  expect({ ...together, checkedAt: "" }).toEqual({ ...alone, checkedAt: "" });
  return toVerdictJson(alone);
}

async function sign(files: Files) {
  const source = await openImage(`docker-archive:${await writeArchive(await tar(files))}`);
  return toVerdictJson(await signImage(chain.connection, signerOf("acme"), acme, await source.inspect()));
}

test("an archive is verified only if each of its names is", async () => {
  const image = await markedImage("one");
  const other = await markedImage("another");
  for (const [at, shape] of shapes.entries()) {
    const [first, second] = [`acme/shape${at}:1.0`, `acme/shape${at}:2.0`];
    const both = shape(image, [first, second]);
    await sign(shape(image, [first]));
    // A person who types a tag that was never claimed is warned; nobody typed this one, and loading sets it all the same.
    expectVerdict(await verify(shape(image, [second])), "verified");
    for (const files of [both, shape(image, [second, first])]) {
      const never = await verify(files);
      expectVerdict(never, "unsigned");
      expect(never).toMatchObject({ tag: "2.0" });
      expect(never.reasons.map(String)).toContainEqual(`docker.io/${second} was never claimed`);
    }

    await sign(shape(other, [second]));
    for (const reference of [
      (path: string) => `docker-archive:${path}`,
      (path: string) => `docker-archive:${path}:${first}`,
      (path: string) => `docker-archive:${path}:@0`,
      ...(both.has("index.json") ? [(path: string) => `oci-archive:${path}:1.0`] : []),
    ]) {
      const mismatch = await verify(both, reference);
      expectVerdict(mismatch, "mismatch");
      expect(mismatch).toMatchObject({ repository: `docker.io/acme/shape${at}`, tag: "2.0" });
      expect(mismatch.reasons.join()).toContain(second);
    }
    const signed = await sign(shape(image, [second, first]));
    expect(signed.warnings.map(String)).toContainEqual(expect.stringContaining(`docker.io/${first}`));
    expectVerdict(await verify(both), "verified");

    const foreign = await verify(shape(image, [first, "evil/app:1.0"]));
    expectVerdict(foreign, "untrusted");
    expect(foreign).toMatchObject({ repository: "docker.io/evil/app" });
  }
});

test("an archive that is two images is inconclusive, whichever of them was signed", async () => {
  const [image, evil] = [await markedImage("signed"), await markedImage("never signed")];
  await sign(dockerModern(image, ["acme/app:1.0"]));
  for (const files of [twoTables(image, evil), twoTables(evil, image)])
    for (const transport of ["docker-archive", "oci-archive"]) {
      const verdict = await verify(files, (path) => `${transport}:${path}`);
      expectVerdict(verdict, "inconclusive");
      expect(verdict.reasons.map(String)).toEqual([
        expect.stringMatching(/refused.*manifest\.json.*index\.json/),
      ]);
    }
});
