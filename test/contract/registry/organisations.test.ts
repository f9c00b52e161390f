import { Wallet, ZeroAddress } from "ethers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { organisationId } from "../../../src/claim/claim.ts";
import { type Account, acme, RegistryBench } from "../../support/registry.ts";

let bench: RegistryBench;
let governor: Account;
let admin: Account;
beforeEach(async () => {
  bench = await RegistryBench.deploy();
  [governor, admin] = [bench.account(0), bench.account(1)];
});
afterEach(() => bench.close());

const admit = (
  name: string,
  more: { displayName?: string; signs?: boolean; admin?: string; namespaces?: string[] } = {},
) =>
  [
    "admitOrganisation",
    name,
    more.displayName ?? "",
    more.admin ?? admin.address,
    more.signs ?? false,
    more.namespaces ?? [],
  ] as const;
const newAddress = (): string => Wallet.createRandom().address;

describe("admission", () => {
  test("creates an organisation whose admin signs, with its namespaces", async () => {
    const events = await bench.send(
      governor,
      ...admit("acme", {
        displayName: "Acme Inc.",
        signs: true,
        namespaces: ["docker.io/acme", "registry.acme.io:5000"],
      }),
    );
    expect(events).toEqual([
      ["OrganisationAdmitted", acme, "acme", "Acme Inc.", admin.address],
      ["AdminAdded", acme, admin.address, governor.address],
      ["SignerAdded", acme, admin.address, governor.address, ""],
      ["NamespaceAdded", acme, "docker.io/acme"],
      ["NamespaceAdded", acme, "registry.acme.io:5000"],
    ]);
    expect(await bench.read("organisation", acme)).toEqual([
      "acme",
      "Acme Inc.",
      1n,
      false,
      0n,
      [admin.address],
      [admin.address],
      ["docker.io/acme", "registry.acme.io:5000"],
    ]);
    expect(await bench.read("signerState", acme, admin.address)).toEqual([
      BigInt(await bench.now()),
      0n,
      0n,
      false,
    ]);
    expect(await bench.read("isAdmin", acme, admin.address)).toBe(true);
    expect(await bench.read("isSigner", acme, admin.address)).toBe(true);
    expect(await bench.read("isAdmin", acme, governor.address)).toBe(false);
    expect(await bench.read("isSigner", acme, governor.address)).toBe(false);
  });

  test("creates one without signers", async () => {
    await bench.send(governor, ...admit("acme"));
    expect(await bench.read("organisation", acme)).toEqual([
      "acme",
      "",
      1n,
      false,
      0n,
      [admin.address],
      [],
      [],
    ]);
    expect(await bench.read("signerState", acme, admin.address)).toEqual([0n, 0n, 0n, false]);
  });

  test("happens once a name", async () => {
    await bench.send(governor, ...admit("acme"));
    expect(await bench.revert(governor, ...admit("acme"))).toEqual(["OrganisationExists", acme]);
  });

  test.each(["a", "7", "a-b", "a--b", "0-0", "a".repeat(63)])("takes the name %j", async (name) => {
    await bench.send(governor, ...admit(name));
    expect(await bench.read("organisation", organisationId(name))).toEqual([
      name,
      "",
      1n,
      false,
      0n,
      [admin.address],
      [],
      [],
    ]);
  });

  test.each(["", "-", "-a", "a-", "A", "a.b", "a_b", "a b", "ä", "a/b", "a`b", "a{b", "a:b", "a".repeat(64)])(
    "refuses the name %j",
    async (name) => {
      expect(await bench.revert(governor, ...admit(name))).toEqual(["NameInvalid", name]);
    },
  );

  test("refuses a long display name and an admin who is nobody", async () => {
    await bench.send(governor, ...admit("b", { displayName: "d".repeat(128) }));
    expect(await bench.revert(governor, ...admit("acme", { displayName: "d".repeat(129) }))).toEqual([
      "TooLong",
      "displayName",
      128n,
    ]);
    expect(await bench.revert(governor, ...admit("acme", { admin: ZeroAddress }))).toEqual(["AddressZero"]);
  });

  test("refuses a bad namespace as a whole", async () => {
    expect(
      await bench.revert(governor, ...admit("acme", { namespaces: ["docker.io/acme", "Docker.io"] })),
    ).toEqual(["NamespaceInvalid", "Docker.io"]);
    expect(await bench.read("organisation", acme)).toEqual(["", "", 0n, false, 0n, [], [], []]);
  });
});

describe("the list of organisations", () => {
  test("comes in pages, in the order of admission", async () => {
    const names = ["zeta", "acme", "globex"];
    for (const name of names) await bench.send(governor, ...admit(name));
    expect(await bench.read("organisations", 0, 200)).toEqual([names, 3n]);
    expect(await bench.read("organisations", 1, 1)).toEqual([["acme"], 3n]);
    expect(await bench.read("organisations", 2, 2)).toEqual([["globex"], 3n]);
    expect(await bench.read("organisations", 3, 2)).toEqual([[], 3n]);
    expect(await bench.read("organisations", 2n ** 256n - 1n, 2)).toEqual([[], 3n]);
    expect(await bench.readRevert("organisations", 0, 0)).toEqual(["PageInvalid"]);
    expect(await bench.readRevert("organisations", 0, 201)).toEqual(["PageInvalid"]);
  });
});

describe("admins", () => {
  beforeEach(() => bench.send(governor, ...admit("acme")));

  test("add and remove each other, down to the last", async () => {
    const second = bench.account(2);
    expect(await bench.send(admin, "addAdmin", acme, second.address)).toEqual([
      ["AdminAdded", acme, second.address, admin.address],
    ]);
    expect(await bench.read("isAdmin", acme, second.address)).toBe(true);
    expect(await bench.revert(admin, "addAdmin", acme, second.address)).toEqual([
      "AlreadyAdmin",
      acme,
      second.address,
    ]);
    expect(await bench.revert(admin, "addAdmin", acme, ZeroAddress)).toEqual(["AddressZero"]);

    expect(await bench.send(second, "removeAdmin", acme, admin.address)).toEqual([
      ["AdminRemoved", acme, admin.address, second.address],
    ]);
    expect(await bench.read("isAdmin", acme, admin.address)).toBe(false);
    expect(await bench.revert(admin, "addAdmin", acme, admin.address)).toEqual([
      "NotAdmin",
      acme,
      admin.address,
    ]);
    expect(await bench.revert(second, "removeAdmin", acme, admin.address)).toEqual([
      "NotAdmin",
      acme,
      admin.address,
    ]);
    expect(await bench.revert(second, "removeAdmin", acme, second.address)).toEqual(["LastAdmin", acme]);
  });

  test("are 16 at most", async () => {
    for (let i = 1; i < 16; i++) await bench.send(admin, "addAdmin", acme, newAddress());
    expect(await bench.revert(admin, "addAdmin", acme, newAddress())).toEqual(["TooMany", "admins", 16n]);
  });

  test("of one organisation have no say in another", async () => {
    const other = bench.account(2);
    await bench.send(governor, ...admit("globex", { admin: other.address }));
    expect(await bench.revert(other, "addSigner", acme, other.address, "")).toEqual([
      "NotAdmin",
      acme,
      other.address,
    ]);
  });
});

describe("the display name", () => {
  test("is an admin's to change", async () => {
    await bench.send(governor, ...admit("acme", { displayName: "Acme" }));
    expect(await bench.send(admin, "setDisplayName", acme, "Acme Inc.")).toEqual([
      ["DisplayNameChanged", acme, "Acme Inc.", admin.address],
    ]);
    expect(await bench.read("organisation", acme)).toEqual([
      "acme",
      "Acme Inc.",
      1n,
      false,
      0n,
      [admin.address],
      [],
      [],
    ]);
    await bench.send(admin, "setDisplayName", acme, "d".repeat(128));
    expect(await bench.revert(admin, "setDisplayName", acme, "d".repeat(129))).toEqual([
      "TooLong",
      "displayName",
      128n,
    ]);
  });
});

describe("signers", () => {
  beforeEach(() => bench.send(governor, ...admit("acme")));
  const add = (address: string) => bench.send(admin, "addSigner", acme, address, "");

  test("are added once, and never again after they were retired", async () => {
    const [first, second] = [newAddress(), newAddress()];
    expect(await add(first)).toEqual([["SignerAdded", acme, first, admin.address, ""]]);
    const addedAt = BigInt(await bench.now());
    await add(second);
    expect(await bench.revert(admin, "addSigner", acme, first, "")).toEqual(["AlreadySigner", acme, first]);
    expect(await bench.revert(admin, "addSigner", acme, ZeroAddress, "")).toEqual(["AddressZero"]);
    expect(await bench.revert(admin, "addSigner", acme, newAddress(), "Docker.io")).toEqual([
      "NamespaceInvalid",
      "Docker.io",
    ]);

    expect(await bench.send(admin, "retireSigner", acme, first)).toEqual([
      ["SignerRetired", acme, first, admin.address],
    ]);
    expect(await bench.read("signerState", acme, first)).toEqual([
      addedAt,
      BigInt(await bench.now()),
      0n,
      false,
    ]);
    expect(await bench.read("isSigner", acme, first)).toBe(false);
    expect(await bench.revert(admin, "addSigner", acme, first, "")).toEqual(["WasSigner", acme, first]);
    expect(await bench.revert(admin, "retireSigner", acme, first)).toEqual(["NotSigner", acme, first]);
    expect(await bench.revert(admin, "retireSigner", acme, admin.address)).toEqual([
      "NotSigner",
      acme,
      admin.address,
    ]);
  });

  test("do not retire below the threshold", async () => {
    const signers = [newAddress(), newAddress(), newAddress()] as const;
    for (const signer of signers) await add(signer);
    await bench.send(admin, "setThreshold", acme, 2);
    await bench.send(admin, "retireSigner", acme, signers[0]);
    expect(await bench.revert(admin, "retireSigner", acme, signers[1])).toEqual(["ThresholdInvalid", 2n, 1n]);
    await bench.send(admin, "setThreshold", acme, 1);
    await bench.send(admin, "retireSigner", acme, signers[1]);
    expect(await bench.revert(admin, "retireSigner", acme, signers[2])).toEqual(["ThresholdInvalid", 1n, 0n]);
  });

  test("are 32 at most", async () => {
    const first = newAddress();
    await add(first);
    for (let i = 1; i < 32; i++) await add(newAddress());
    const next = newAddress();
    expect(await bench.revert(admin, "addSigner", acme, next, "")).toEqual(["TooMany", "signers", 32n]);
    // A replacement fits, since the old one leaves first.
    await bench.send(admin, "replaceSigner", acme, first, next);
    expect(await bench.read("isSigner", acme, next)).toBe(true);
  });

  test("are replaced in one act, at any threshold", async () => {
    const [old, next] = [newAddress(), newAddress()];
    await add(old);
    expect(await bench.send(admin, "replaceSigner", acme, old, next)).toEqual([
      ["SignerRetired", acme, old, admin.address],
      ["SignerAdded", acme, next, admin.address, ""],
    ]);
    expect(await bench.revert(admin, "replaceSigner", acme, old, newAddress())).toEqual([
      "NotSigner",
      acme,
      old,
    ]);
    expect(await bench.revert(admin, "replaceSigner", acme, next, old)).toEqual(["WasSigner", acme, old]);
    expect(await bench.revert(admin, "replaceSigner", acme, next, next)).toEqual([
      "AlreadySigner",
      acme,
      next,
    ]);
    expect(await bench.revert(admin, "replaceSigner", acme, next, ZeroAddress)).toEqual(["AddressZero"]);
    expect(await bench.read("organisation", acme)).toEqual([
      "acme",
      "",
      1n,
      false,
      0n,
      [admin.address],
      [next],
      [],
    ]);
  });

  test("are voided since a moment, which may only move back", async () => {
    const signer = newAddress();
    await add(signer);
    const addedAt = await bench.now();
    const at = addedAt + 100;
    await bench.setNextTime(at);
    expect(await bench.send(admin, "voidSigner", acme, signer, at)).toEqual([
      ["SignerVoided", acme, signer, BigInt(at), admin.address],
      ["SignerRetired", acme, signer, admin.address],
    ]);
    expect(await bench.read("signerState", acme, signer)).toEqual([
      BigInt(addedAt),
      BigInt(at),
      BigInt(at),
      false,
    ]);
    expect(await bench.revert(admin, "addSigner", acme, signer, "")).toEqual(["WasSigner", acme, signer]);
    for (const since of [at, at + 1]) {
      await bench.setNextTime(since + 100);
      expect(await bench.revert(admin, "voidSigner", acme, signer, since)).toEqual([
        "AlreadyVoided",
        acme,
        signer,
        BigInt(at),
      ]);
    }
    expect(await bench.send(admin, "voidSigner", acme, signer, at - 1)).toEqual([
      ["SignerVoided", acme, signer, BigInt(at - 1), admin.address],
    ]);
    // 0 is stored as 1, since 0 stands for "not voided".
    expect(await bench.send(admin, "voidSigner", acme, signer, 0)).toEqual([
      ["SignerVoided", acme, signer, 1n, admin.address],
    ]);
    expect(await bench.read("signerState", acme, signer)).toEqual([BigInt(addedAt), BigInt(at), 1n, false]);
    expect(await bench.revert(admin, "voidSigner", acme, signer, 0)).toEqual([
      "AlreadyVoided",
      acme,
      signer,
      1n,
    ]);
  });

  test("cannot be voided in the future, or without having been one", async () => {
    const signer = newAddress();
    await add(signer);
    const next = (await bench.now()) + 10;
    await bench.setNextTime(next);
    expect(await bench.revert(admin, "voidSigner", acme, signer, next + 1)).toEqual([
      "VoidInFuture",
      BigInt(next + 1),
    ]);
    expect(await bench.revert(admin, "voidSigner", acme, admin.address, 1)).toEqual([
      "NotSigner",
      acme,
      admin.address,
    ]);
  });

  test("who are voided leave the threshold, even out of reach; who lifts it does so on purpose", async () => {
    const signers = [newAddress(), newAddress(), newAddress()] as const;
    for (const signer of signers) await add(signer);
    await bench.send(admin, "setThreshold", acme, 2);
    const threshold = async () => ((await bench.read("organisation", acme)) as unknown[])[2];
    for (const signer of signers) {
      const events = await bench.send(admin, "voidSigner", acme, signer, 1);
      expect(events.map(([name]) => name)).toEqual(["SignerVoided", "SignerRetired"]);
      expect(await threshold()).toBe(2n);
    }
    expect(await bench.revert(admin, "setThreshold", acme, 1)).toEqual(["ThresholdInvalid", 1n, 0n]);
    // The organisation lives on with new signers, or a threshold within reach.
    await bench.send(admin, "addSigner", acme, bench.account(2).address, "");
    const claim = await bench.claim();
    await bench.submit(claim, bench.account(2));
    expect((await bench.state(claim)).threshold).toBe(0);
    await bench.send(admin, "addSigner", acme, bench.account(3).address, "");
    await bench.submit(claim, bench.account(3));
    expect((await bench.state(claim)).threshold).toBe(2);
  });

  test("who lose one key of many never lock their organisation", async () => {
    const signers = [bench.account(2), bench.account(3), bench.account(4)] as const;
    for (const { address } of signers) await add(address);
    await bench.send(admin, "addAdmin", acme, bench.account(5).address);
    await bench.send(admin, "setThreshold", acme, 3);
    // All three are needed and one is lost: its place is taken, by another admin as well.
    await bench.send(bench.account(5), "replaceSigner", acme, signers[0].address, bench.account(6).address);
    const claim = await bench.claim();
    await bench.submit(claim, bench.account(6), signers[1], signers[2]);
    expect((await bench.state(claim)).threshold).toBe(3);
    await bench.send(bench.account(5), "removeAdmin", acme, admin.address);
    await bench.send(bench.account(5), "setThreshold", acme, 1);
  });

  test("bound the threshold", async () => {
    expect(await bench.revert(admin, "setThreshold", acme, 1)).toEqual(["ThresholdInvalid", 1n, 0n]);
    await add(newAddress());
    await add(newAddress());
    expect(await bench.revert(admin, "setThreshold", acme, 0)).toEqual(["ThresholdInvalid", 0n, 2n]);
    expect(await bench.revert(admin, "setThreshold", acme, 3)).toEqual(["ThresholdInvalid", 3n, 2n]);
    expect(await bench.send(admin, "setThreshold", acme, 2)).toEqual([
      ["ThresholdChanged", acme, 2n, admin.address],
    ]);
  });
});
