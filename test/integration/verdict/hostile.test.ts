import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noAnnotations, toClaimStruct } from "../../../src/claim/claim.ts";
import { registryInterface } from "../../../src/contract/contract.ts";
import { readHistory } from "../../../src/contract/history.ts";
import {
  listOrganisations,
  type Organisation,
  requireOrganisation,
} from "../../../src/contract/organisations.ts";
import { homeAt } from "../../../src/home.ts";
import type { ImageFacts, ImageSource } from "../../../src/image/image.ts";
import { connect } from "../../../src/network/connect.ts";
import { readNetworkProfile, writeNetworkProfile } from "../../../src/network/profile.ts";
import { bootstrap } from "../../../src/operations/bootstrap.ts";
import { signImage } from "../../../src/operations/sign.ts";
import { defaultPolicy } from "../../../src/policy/policy.ts";
import { verifyImage } from "../../../src/verdict/verify.ts";
import { Consortium, signerOf } from "../../support/consortium.ts";
import { codeOf } from "../../support/errors.ts";
import { serveRpc } from "../../support/http-server.ts";
import { testDirectory } from "../../support/images.ts";
import { expectVerdict } from "../../support/verdict.ts";

let chain: Consortium;
let acme: Organisation;
let evil: Organisation;
beforeAll(async () => {
  chain = await Consortium.start();
  acme = await chain.admit("acme");
  evil = await chain.admit("evil");
});
afterAll(() => chain?.stop());

const sign = (by: Organisation, facts: ImageFacts) =>
  signImage(chain.connection, signerOf(by.name), by, facts);

/** A claim by evil as the contract takes it. */
const struct = (
  image: ImageFacts,
  more: { repository?: string; issuedAt?: number; annotations?: string } = {},
) =>
  toClaimStruct({
    organisation: evil.id,
    repository: more.repository ?? "docker.io/evil/api",
    tag: "1.0",
    subjects: image.subjects,
    issuedAt: more.issuedAt ?? 1,
    expiresAt: 0,
    annotations: (more.annotations as `0x${string}` | undefined) ?? noAnnotations,
  });

/** Sends many calls of evil's without waiting for each. */
async function flood(calls: readonly string[]): Promise<void> {
  const { rpc, profile } = chain.connection;
  const signer = signerOf("evil");
  const first = Number(await rpc.call("eth_getTransactionCount", signer.address, "pending"));
  const gasPrice = BigInt(String(await rpc.call("eth_gasPrice")));
  for (let at = 0; at < calls.length; at += 50) {
    const batch = calls.slice(at, at + 50).map((data, i) => {
      const fields = {
        type: 0,
        chainId: profile.chainId,
        to: profile.registry,
        data,
        gasLimit: 500_000,
        gasPrice,
      };
      return signer.signTransaction({ ...fields, nonce: first + at + i });
    });
    const hashes: unknown[] = [];
    // In their order: a nonce that comes early is refused.
    for (const raw of await Promise.all(batch)) hashes.push(await rpc.call("eth_sendRawTransaction", raw));
    expect(await rpc.call("eth_getTransactionReceipt", hashes.at(-1))).toMatchObject({ status: "0x1" });
  }
}

describe("a flood of claims by a foreign organisation", () => {
  test("stands in nobody's way", async () => {
    const image = chain.image("docker.io/acme/flooded");
    const unclaimed = chain.image("docker.io/acme/unclaimed");
    await sign(acme, image);
    const both = { ...image, subjects: [...image.subjects, ...unclaimed.subjects] };
    const approvals = [[signerOf("evil").address, "0x"]];
    await flood(
      Array.from({ length: 1001 }, (_, i) =>
        registryInterface().encodeFunctionData("submitClaim", [
          struct(both, { issuedAt: i + 1, repository: `docker.io/evil/r${i}` }),
          approvals,
          "",
        ]),
      ),
    );
    expect(await chain.verify(image)).toMatchObject({
      status: "verified",
      organisation: "acme",
      warnings: [],
    });
    expect(await chain.verify({ ...image, name: undefined })).toMatchObject({
      status: "verified",
      organisation: "acme",
    });
    expect(await chain.statusOf(unclaimed)).toBe("unsigned");
    // Its own verdicts are its own affair: too much was said to look at all of it.
    const own = { ...image, name: { repository: "docker.io/evil/r7", tag: "1.0", carried: true } };
    expect(await codeOf(() => chain.verify(own))).toBe("TOO_MANY_CLAIMS");
    // And it can still be told what it did.
    expect(await readHistory(chain.connection, evil, {}, 5)).toHaveLength(5);
    const one = await readHistory(
      chain.connection,
      evil,
      { repository: "docker.io/evil/r7", tag: "1.0" },
      50,
    );
    expect(one.map(({ act }) => act)).toEqual(["approved", "claimed"]);
  });
});

describe("claims that nobody can read", () => {
  const approvals = () => [[signerOf("evil").address, "0x"]];

  test("do not disturb others' verdicts", async () => {
    const image = chain.image("docker.io/acme/disturbed");
    await sign(acme, image);
    const alone = chain.image("docker.io/acme/disturbed", "2.0");
    for (const target of [image, alone]) {
      const broken = struct(target, { repository: "zzzzzzzz" });
      await chain.sendPatched(
        "evil",
        "submitClaim",
        [broken, approvals(), ""],
        "zzzzzzzz",
        Buffer.alloc(8, 0xff),
      );
    }
    expect(await chain.statusOf(image)).toBe("verified");
    expect(await chain.statusOf({ ...image, name: undefined })).toBe("verified");
    expect(await chain.statusOf(alone)).toBe("unsigned");
    const history = await readHistory(chain.connection, evil, {}, 2);
    expect(history.map(({ act }) => act)).toEqual(["approved", "claimed"]);
    expect(await readHistory(chain.connection, evil, { repository: "docker.io/evil/none" }, 9)).toEqual([]);
  });

  test("count without their annotations where only those are unreadable", async () => {
    const texts = ['{"b":"1", "a":"2"}', "not JSON", '{"a":{"b":"c"}}'];
    for (const [i, text] of texts.entries()) {
      const image = chain.image("docker.io/evil/notes", `${i}.0`);
      const annotations = `0x${createHash("sha256").update(text).digest("hex")}`;
      const claim = struct(image, { repository: "docker.io/evil/notes", annotations });
      await chain.send("evil", "submitClaim", { ...claim, tag: `${i}.0` }, approvals(), text);
      expect(await chain.verify(image)).toMatchObject({ status: "verified", claim: { annotations: {} } });
    }
    const image = chain.image("docker.io/evil/notes", "9.0");
    const bytes = Buffer.from("yyyyyyyy".replaceAll("y", "\xff"), "latin1");
    const annotations = `0x${createHash("sha256").update(bytes).digest("hex")}`;
    const claim = { ...struct(image, { repository: "docker.io/evil/notes", annotations }), tag: "9.0" };
    await chain.sendPatched("evil", "submitClaim", [claim, approvals(), "yyyyyyyy"], "yyyyyyyy", bytes);
    expect(await chain.verify(image)).toMatchObject({ status: "verified", claim: { annotations: {} } });
  });

  test("and other unreadable texts are shown as such", async () => {
    const digest = `0x${"de".repeat(32)}`;
    const bytes = Buffer.alloc(8, 0xff);
    await chain.sendPatched("evil", "revokeDigests", [evil.id, [digest], "xxxxxxxx"], "xxxxxxxx", bytes);
    const [revoked] = await readHistory(chain.connection, evil, {}, 1);
    expect(revoked).toMatchObject({ act: "revoked digest", reason: expect.not.stringContaining("xxxx") });

    const args = ["odd", "xxxxxxxx", signerOf("odd").address, true, ["docker.io/odd"]];
    await chain.sendPatched("governor", "admitOrganisation", args, "xxxxxxxx", bytes);
    expect(await requireOrganisation(chain.connection, "odd")).toMatchObject({
      name: "odd",
      displayName: "",
    });
    expect(await listOrganisations(chain.connection)).toContain("odd");
    expect(
      (await readHistory(chain.connection, await requireOrganisation(chain.connection, "odd"), {}, 9)).length,
    ).toBe(4);
  });
});

describe("verifyImage", () => {
  const source = (facts: ImageFacts) => async (): Promise<ImageSource> => ({
    image: facts.image,
    transport: facts.transport,
    inspect: async () => facts,
  });
  const never = async () => {
    throw new Error("The chain was asked.");
  };

  test("asks no chain about corrupt bytes", async () => {
    const corrupt = chain.image("docker.io/acme/x", "1", {
      corruptions: [{ at: "config", detail: "is another" }],
    });
    expectVerdict(await verifyImage("x", source(corrupt), never, defaultPolicy), "corrupt");
  });

  test("is inconclusive where the chain cannot be asked, or is another", async () => {
    const image = chain.image("docker.io/acme/x");
    const gone = () => connect(chain.home, { rpcUrl: "http://127.0.0.1:1" });
    const verdict = await verifyImage("x", source(image), gone, defaultPolicy);
    expectVerdict(verdict, "inconclusive");
    expect(verdict).toMatchObject({ depth: "content", chain: null });
    const html = await serveRpc(() => ({ error: { code: -32005, message: "slow down" } }));
    const throttled = () => connect(chain.home, { rpcUrl: html });
    expectVerdict(await verifyImage("x", source(image), throttled, defaultPolicy), "inconclusive");
  });

  test("throws what is a defect, a mistake of the caller's, or a wish to stop", async () => {
    const image = chain.image("docker.io/acme/x");
    await expect(verifyImage("x", source(image), never, defaultPolicy)).rejects.toThrow(
      "The chain was asked.",
    );
    const cancelled = () => connect(chain.home, { signal: AbortSignal.abort() });
    expect(await codeOf(() => verifyImage("x", source(image), cancelled, defaultPolicy))).toBe("CANCELLED");
    const nowhere = homeAt(await testDirectory());
    const missing = { ...defaultPolicy, organisation: "nobody" };
    expect(await codeOf(() => verifyImage("x", source(image), () => connect(chain.home), missing))).toBe(
      "ORGANISATION_NOT_FOUND",
    );
    await writeFile(nowhere.network, "{");
    expect(await codeOf(() => verifyImage("x", source(image), () => connect(nowhere), defaultPolicy))).toBe(
      "FILE_NOT_JSON",
    );
  });
});

describe("the chain that is pinned", () => {
  test("is the only one that is believed", async () => {
    const profile = await readNetworkProfile(chain.home);
    if (profile === undefined) throw new Error("There is none.");
    const changes = [
      [{ chainId: 1 }, "CHAIN_NOT_PINNED"],
      [{ genesisHash: `0x${"00".repeat(32)}` }, "CHAIN_NOT_PINNED"],
      [{ registry: signerOf("evil").address }, "CONTRACT_NOT_PINNED"],
    ] as const;
    for (const [change, code] of changes) {
      const home = homeAt(await testDirectory());
      await writeNetworkProfile(home, { ...profile, ...change, embedded: false, rpcUrls: [chain.url] });
      expect(await codeOf(() => connect(home))).toBe(code);
    }
  });

  test("is established once, and by its own organisation", async () => {
    const unlock = async () => {
      throw new Error("Nothing needs a signature.");
    };
    const again = await bootstrap(chain.home, chain.url, { unlock });
    expect(again).toMatchObject({
      organisation: { name: "founder" },
      made: { registry: false, organisation: false },
    });
    const named = await bootstrap(chain.home, chain.url, { unlock, organisation: "acme" });
    expect(named.organisation.name).toBe("acme");
    expect(await codeOf(() => bootstrap(chain.home, chain.url, { unlock, organisation: "none" }))).toBe(
      "ORGANISATION_IS_OTHER",
    );

    const profile = await readNetworkProfile(chain.home);
    if (profile === undefined) throw new Error("There is none.");
    const other = homeAt(await testDirectory());
    for (const [change, code] of [
      [{ chainId: 1 }, "EMBEDDED_CHAIN_IS_OTHER"],
      [{ registry: signerOf("evil").address }, "EMBEDDED_CONTRACT_MISSING"],
    ] as const) {
      await writeNetworkProfile(other, { ...profile, ...change });
      expect(await codeOf(() => bootstrap(other, chain.url, { unlock }))).toBe(code);
    }
  });

  test("keeps a registry that an earlier start deployed but did not pin", async () => {
    const other = homeAt(await testDirectory());
    const found = await bootstrap(other, chain.url, { unlock: async () => signerOf("governor") });
    expect(found).toMatchObject({
      profile: { registry: chain.connection.profile.registry },
      made: { registry: true },
    });
  });
});
