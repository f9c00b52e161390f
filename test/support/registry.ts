import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import {
  type BaseWallet,
  Contract,
  ContractFactory,
  isHexString,
  Result,
  type Signer,
  ZeroAddress,
} from "ethers";
import { network } from "hardhat";
import { markTestWorkerDone } from "hardhat/internal/coverage";
import { batchId, batchTypes } from "../../src/claim/batch.ts";
import {
  type ClaimSubject,
  claimDomain,
  claimId,
  claimTypes,
  type ImageClaim,
  noAnnotations,
  organisationId,
  toClaimStruct,
} from "../../src/claim/claim.ts";
import { registryAbi, registryActsBytecode, registryBytecode } from "../../src/contract/artifact.ts";
import type { Digest } from "../../src/digest/digest.ts";

export type Account = Signer & { readonly address: string };
/** An event or error: its name and its arguments, results as plain arrays. */
export type Named = readonly [name: string, ...args: unknown[]];

/** Creation code of a registry, with a mark for its library's address, and of the library. */
export interface RegistryCode {
  readonly registry: string;
  readonly acts: string;
}

/** A registry to test in place of the product's: scripts/mutate-contract.ts breaks one, and sees whether a test notices. */
const replacementFile = process.env["DAOCHAIN_TEST_REGISTRY"];
const replacement: RegistryCode | undefined =
  replacementFile === undefined ? undefined : JSON.parse(readFileSync(replacementFile, "utf8"));
/** Creation code of the registry under test. */
export const testedCode = replacement ?? { registry: registryBytecode, acts: registryActsBytecode };
export const testSalt = `0x${"5a".repeat(32)}` as const;

export const acme = organisationId("acme");
export const globex = organisationId("globex");

export function digestOf(seed: string | number): Digest {
  return `sha256:${createHash("sha256").update(`${seed}`).digest("hex")}`;
}

export function subject(seed: string | number, more: Partial<ClaimSubject> = {}): ClaimSubject {
  return { kind: "config", digest: digestOf(seed), platform: "linux/amd64", ...more };
}

/** A fresh registry on a fresh in-memory chain, with the means to call it as anyone at any time. */
export class RegistryBench {
  readonly contract: Contract;
  readonly chainId: number;
  readonly accounts: readonly Account[];
  readonly #send: (method: string, params: unknown[]) => Promise<unknown>;
  readonly close: () => Promise<void>;

  private constructor(
    contract: Contract,
    chainId: number,
    accounts: readonly Account[],
    send: (method: string, params: unknown[]) => Promise<unknown>,
    close: () => Promise<void>,
  ) {
    this.contract = contract;
    this.chainId = chainId;
    this.accounts = accounts;
    this.#send = send;
    this.close = close;
  }

  /**
   * The governor is account 0.
   * @param code of another registry than the product's, which may then be larger than a chain would take
   */
  static async deploy(
    chainId = 31337,
    code = replacement,
    more: { salt?: string; delayHours?: number; predecessor?: string; hardfork?: string } = {},
  ): Promise<RegistryBench> {
    const allowUnlimitedContractSize = code !== undefined;
    const { hardfork = "london" } = more;
    const connection = await network.create({ override: { chainId, allowUnlimitedContractSize, hardfork } });
    const { ethers } = connection;
    const accounts = await ethers.getSigners();
    const governor = accounts[0];
    if (governor === undefined) throw new Error("The chain has no accounts.");
    const { registry, acts } = code ?? testedCode;
    const library = await new ContractFactory([], acts, governor).deploy();
    await library.waitForDeployment();
    const linked = registry.replaceAll(/__\$[0-9a-f]{34}\$__/g, (await library.getAddress()).slice(2));
    const deployed = await new ContractFactory(registryAbi, linked, governor).deploy(
      governor.address,
      more.predecessor ?? ZeroAddress,
      more.salt ?? testSalt,
      more.delayHours ?? 0,
    );
    await deployed.waitForDeployment();
    const contract = new Contract(await deployed.getAddress(), registryAbi, governor);
    const send = (method: string, params: unknown[]): Promise<unknown> =>
      ethers.provider.send(method, params);
    const close = async (): Promise<void> => {
      await connection.close();
      if (process.env["HARDHAT_COVERAGE"] === "true") await markTestWorkerDone("contract");
    };
    return new RegistryBench(contract, chainId, accounts, send, close);
  }

  get address(): string {
    return String(this.contract.target);
  }

  get place() {
    return { chainId: this.chainId, registry: this.address, salt: testSalt };
  }

  account(index: number): Account {
    const account = this.accounts[index];
    if (account === undefined) throw new Error(`There is no account ${index}.`);
    return account;
  }

  rpc(method: string, ...params: unknown[]): Promise<unknown> {
    return this.#send(method, params);
  }

  /** Block time of the newest block, in seconds. */
  async now(): Promise<number> {
    const block = await this.account(0).provider?.getBlock("latest");
    return block?.timestamp ?? 0;
  }

  /** The next block is to have this time. */
  async setNextTime(seconds: number): Promise<void> {
    await this.rpc("evm_setNextBlockTimestamp", seconds);
  }

  /** Sends a transaction that must succeed; its events in their order. */
  async send(from: Account, name: string, ...args: unknown[]): Promise<Named[]> {
    return (await this.transact(from, name, args)).events;
  }

  async transact(from: Account, name: string, args: unknown[]) {
    const data = this.contract.interface.encodeFunctionData(name, args);
    const transaction = await from.sendTransaction({ to: this.address, data, gasLimit: 16_000_000 });
    const receipt = await transaction.wait();
    if (receipt === null) throw new Error("The transaction was not mined.");
    const events = receipt.logs.map((log): Named => {
      const event = this.contract.interface.parseLog(log);
      if (event === null) throw new Error("A log is not one of the contract's events.");
      return [event.name, ...event.args.toArray(true)];
    });
    return { hash: receipt.hash, gasUsed: receipt.gasUsed, events };
  }

  /** Sends a transaction that must revert; its custom error. */
  revert(from: Account, name: string, ...args: unknown[]): Promise<Named> {
    return this.errorOf(this.send(from, name, ...args));
  }

  /** Calls a view; several results as an array. */
  async read(name: string, ...args: unknown[]): Promise<unknown> {
    const value: unknown = await this.contract.getFunction(name).staticCall(...args);
    return value instanceof Result ? value.toArray(true) : value;
  }

  readRevert(name: string, ...args: unknown[]): Promise<Named> {
    return this.errorOf(this.read(name, ...args));
  }

  /** The contract's custom error with which an act must fail. */
  async errorOf(act: Promise<unknown>): Promise<Named> {
    try {
      await act;
    } catch (error) {
      return this.#parseError(error);
    }
    throw new Error("The contract did not revert.");
  }

  /** The custom error in whatever the provider threw. */
  #parseError(error: unknown): Named {
    for (let at: unknown = error, depth = 0; depth < 8 && typeof at === "object" && at !== null; depth++) {
      const data: unknown = "data" in at ? at.data : undefined;
      if (isHexString(data)) {
        const parsed = this.contract.interface.parseError(data);
        if (parsed !== null) return [parsed.name, ...parsed.args.toArray(true)];
      }
      at = typeof data === "object" && data !== null ? data : "cause" in at ? at.cause : undefined;
    }
    throw error;
  }

  // ------------------------------------------------------------------ claims

  /** A claim of acme's, issued now. */
  async claim(more: Partial<ImageClaim> = {}): Promise<ImageClaim> {
    return {
      organisation: acme,
      repository: "docker.io/acme/api",
      tag: "1.4.2",
      subjects: [subject("image")],
      issuedAt: await this.now(),
      expiresAt: 0,
      annotations: noAnnotations,
      ...more,
    };
  }

  idOf(claim: ImageClaim): string {
    return claimId(claim, this.place);
  }

  idOfBatch(claims: readonly ImageClaim[]): string {
    return batchId(claims, this.place);
  }

  async approval(claim: ImageClaim, signer: Account | BaseWallet): Promise<[string, string]> {
    const domain = claimDomain(this.place);
    return [signer.address, await signer.signTypedData(domain, claimTypes, toClaimStruct(claim))];
  }

  /** The arguments of `submit` with these signers' signatures. */
  async submission(claim: ImageClaim, signers: readonly (Account | BaseWallet)[], annotations = "") {
    const approvals = await Promise.all(signers.map((signer) => this.approval(claim, signer)));
    return [toClaimStruct(claim), approvals, annotations] as const;
  }

  /** Submits through account 19, who is nobody. */
  async submit(claim: ImageClaim, ...signers: (Account | BaseWallet)[]): Promise<Named[]> {
    return this.send(this.account(19), "submitClaim", ...(await this.submission(claim, signers)));
  }

  async batchApproval(
    claims: readonly ImageClaim[],
    signer: Account | BaseWallet,
  ): Promise<[string, string]> {
    const domain = claimDomain(this.place);
    const value = { claims: claims.map(toClaimStruct) };
    return [signer.address, await signer.signTypedData(domain, batchTypes, value)];
  }

  /** The arguments of `submitBatch` with these signers' signatures. */
  async batchSubmission(
    claims: readonly ImageClaim[],
    signers: readonly (Account | BaseWallet)[],
    annotations: readonly string[] = claims.map(() => ""),
  ) {
    const approvals = await Promise.all(signers.map((signer) => this.batchApproval(claims, signer)));
    return [claims.map(toClaimStruct), approvals, annotations] as const;
  }

  /** Submits a batch through account 19, who is nobody. */
  async submitBatch(claims: readonly ImageClaim[], ...signers: (Account | BaseWallet)[]): Promise<Named[]> {
    return this.send(this.account(19), "submitBatch", ...(await this.batchSubmission(claims, signers)));
  }

  /**
   * Admits acme with account 1 as its admin and accounts 2, 3, ... as its signers.
   * @returns the admin and the signers
   */
  async admitAcme(signers: number, threshold = 1): Promise<{ admin: Account; signers: Account[] }> {
    const admin = this.account(1);
    await this.send(this.account(0), "admitOrganisation", "acme", "Acme Inc.", admin.address, false, []);
    const accounts = this.accounts.slice(2, 2 + signers);
    for (const signer of accounts) await this.send(admin, "addSigner", acme, signer.address, "");
    if (threshold !== 1) await this.send(admin, "setThreshold", acme, threshold);
    return { admin, signers: accounts };
  }

  /** The state of a claim's own record, or of the record with an id. */
  async state(claim: ImageClaim | string) {
    const [organisation, id] =
      typeof claim === "string" ? [acme, claim] : [claim.organisation, this.idOf(claim)];
    const [submittedAt, countedAt, threshold, approvals, validApprovals, revokedAt] = (
      (await this.read("recordState", organisation, id)) as bigint[]
    ).map(Number);
    return { submittedAt, countedAt, threshold, approvals, validApprovals, revokedAt };
  }

  /** The contract's one read for verifiers, by name. */
  async reading(
    query: {
      organisation?: string;
      repository?: string;
      tag?: string;
      digests?: readonly string[];
      recordIds?: readonly string[];
      claimIds?: readonly string[];
    } = {},
  ) {
    const result = (await this.read(
      "read",
      query.organisation ?? acme,
      query.repository ?? "docker.io/acme/api",
      query.tag ?? "1.4.2",
      query.digests ?? [],
      query.recordIds ?? query.claimIds ?? [],
      query.claimIds ?? query.recordIds ?? [],
    )) as [string, bigint, boolean, string, [string, bigint, bigint], bigint[], bigint[][], bigint[]];
    const [name, threshold, suspended, owner, head, digestRevocations, records, claimRevocations] = result;
    return { name, threshold, suspended, owner, head, digestRevocations, records, claimRevocations };
  }

  /** The head of a claim's tag: the first 22 bytes of its claim's id, and when that was issued. */
  async head(claim: ImageClaim): Promise<{ prefix: string; issuedAt: number }> {
    const { organisation, repository, tag } = claim;
    const { head } = await this.reading({ organisation, repository, tag });
    return { prefix: head[0], issuedAt: Number(head[1]) };
  }

  /** Whether a claim is the head of its tag. */
  async isHead(claim: ImageClaim): Promise<boolean> {
    const { prefix, issuedAt } = await this.head(claim);
    return prefix === this.idOf(claim).slice(0, 2 + 44) && issuedAt === claim.issuedAt;
  }

  /** Whether the tag of a claim has a head. */
  async hasHead(claim: ImageClaim): Promise<boolean> {
    return BigInt((await this.head(claim)).prefix) !== 0n;
  }

  async digestRevokedAt(digest: string, organisation = acme): Promise<number> {
    return Number((await this.reading({ organisation, digests: [digest] })).digestRevocations[0]);
  }

  async claimRevokedAt(claim: ImageClaim): Promise<number> {
    const { organisation } = claim;
    const { claimRevocations } = await this.reading({ organisation, claimIds: [this.idOf(claim)] });
    return Number(claimRevocations[0]);
  }
}
