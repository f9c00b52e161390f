import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Organisation } from "../../../src/contract/organisations.ts";
import { connect } from "../../../src/network/connect.ts";
import { signImage } from "../../../src/operations/sign.ts";
import { Consortium, keyOf, signerOf } from "../../support/consortium.ts";

let chain: Consortium;
let acme: Organisation;
beforeAll(async () => {
  chain = await Consortium.start();
  acme = await chain.admit("acme");
});
afterAll(() => chain?.stop());

test("twenty processes sign with one account at once, one image after the other, and none loses a signature", async () => {
  const library = fileURLToPath(new URL("../../../src/internal.ts", import.meta.url));
  const program = `
    import { connect, homeAt, privateKeySigner, requireOrganisation, signImage } from ${JSON.stringify(library)};
    const [home, images] = JSON.parse(process.argv[1]);
    const connection = await connect(homeAt(home));
    const acme = await requireOrganisation(connection, "acme");
    const signer = privateKeySigner(process.env.KEY);
    const signed = [];
    for (const facts of images) signed.push(await signImage(connection, signer, acme, facts));
    connection.rpc.close();
    process.stdout.write(JSON.stringify(signed.map(({ status, claim }) => [status, claim.transaction])));`;
  const groups = Array.from({ length: 20 }, (_, process) =>
    Array.from({ length: 20 }, (_, i) => chain.image("docker.io/acme/both", `${process}.${i}`)),
  );
  const results = await Promise.all(
    groups.map(async (images) => {
      const argument = JSON.stringify([chain.home.directory, images]);
      const child = spawn(process.execPath, ["--input-type=module", "-e", program, argument], {
        env: { ...process.env, KEY: keyOf("acme") },
        stdio: ["ignore", "pipe", "inherit"],
      });
      return JSON.parse(await text(child.stdout)) as [string, string][];
    }),
  );
  const all = results.flat();
  expect(all.map(([status]) => status)).toEqual(new Array(400).fill("signed"));
  expect(new Set(all.map(([, transaction]) => transaction)).size).toBe(400);
  const some = groups.map((images, i) => images[i]).filter((image) => image !== undefined);
  expect(some).toHaveLength(20);
  for (const image of some) expect(await chain.statusOf(image, { newest: true })).toBe("verified");
});

test("of two images signed as one tag at once, the tag means one, and the other's signer is told or superseded", async () => {
  const second = await connect(chain.home);
  try {
    for (let round = 0; round < 4; round++) {
      const [one, other] = [0, 1].map(() => chain.image("docker.io/acme/race", `${round}`));
      if (one === undefined || other === undefined) throw new Error("There are two.");
      const [a, b] = await Promise.all([
        signImage(chain.connection, signerOf("acme"), acme, one),
        signImage(second, signerOf("acme"), acme, other),
      ]);
      const statuses = [
        await chain.statusOf(one, { newest: true }),
        await chain.statusOf(other, { newest: true }),
      ];
      expect(statuses.toSorted()).toEqual(["superseded", "verified"]);
      // Whose claim was issued no later than the other's never was what the tag means, and learns it.
      const loser = statuses[0] === "superseded" ? a : b;
      const winner = loser === a ? b : a;
      if (loser.claim?.signedAt === winner.claim?.signedAt) expect(loser.warnings).toHaveLength(1);
      expect(winner.warnings).toEqual([]);
    }
  } finally {
    second.rpc.close();
  }
});
