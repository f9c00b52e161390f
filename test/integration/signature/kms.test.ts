import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requireOrganisation } from "../../../src/contract/organisations.ts";
import { signImage } from "../../../src/operations/sign.ts";
import { Consortium } from "../../support/consortium.ts";
import { root } from "../../support/imports.ts";
import { openKmsSigner } from "../../support/kms-signer.ts";

let chain: Consortium;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "daochain-kms-"));
  chain = await Consortium.start();
});
afterAll(async () => {
  await chain?.stop();
  await rm(directory, { recursive: true, force: true });
});

test("the example of docs/signers.md is the one that is run here", async () => {
  const page = await readFile(join(root, "docs/signers.md"), "utf8");
  const [, example] = /^```ts\n([\s\S]*?)^```$/m.exec(page) ?? [];
  const source = await readFile(join(root, "test/support/kms-signer.ts"), "utf8");
  expect(example).toBe(source.replace("../../src/internal.ts", "daochain"));
});

test("a key that only OpenSSL sees signs images and sends their claims", async () => {
  const file = join(directory, "key.pem");
  execFileSync("openssl", ["ecparam", "-name", "secp256k1", "-genkey", "-noout", "-out", file]);
  const signer = openKmsSigner(file);
  const acme = await chain.admit("acme");
  await chain.send("acme", "addSigner", acme.id, signer.address);
  const organisation = await requireOrganisation(chain.connection, "acme");
  for (const tag of ["1.0", "1.1", "1.2", "1.3"]) {
    const image = chain.image("docker.io/acme/api", tag);
    const signed = await signImage(chain.connection, signer, organisation, image);
    expect(signed).toMatchObject({ status: "signed", claim: { signers: [signer.address] } });
    expect(await chain.statusOf(image)).toBe("verified");
  }
});
