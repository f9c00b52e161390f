import { createHash } from "node:crypto";
import { type BaseWallet, Contract, ContractFactory, isHexString, Result, type Signer } from "ethers";
import { network } from "hardhat";
import { registryAbi, registryBytecode } from "../../src/chain/registry/artifact.ts";
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
import type { Digest } from "../../src/digest/digest.ts";

export type Account = Signer & { readonly address: string };
/** An event or error: its name and its arguments, results as plain arrays. */
export type Named = readonly [name: string, ...args: unknown[]];

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

  /** The governor is account 0. */
  static async deploy(chainId = 31337): Promise<RegistryBench> {
    const connection = await network.create({ override: { chainId } });
    const { ethers } = connection;
    const accounts = await ethers.getSigners();
    const governor = accounts[0];
    if (governor === undefined) throw new Error("The chain has no accounts.");
    const deployed = await new ContractFactory(registryAbi, registryBytecode, governor).deploy(
      governor.address,
    );
    await deployed.waitForDeployment();
    const contract = new Contract(await deployed.getAddress(), registryAbi, governor);
    const send = (method: string, params: unknown[]): Promise<unknown> =>
      ethers.provider.send(method, params);
    return new RegistryBench(contract, chainId, accounts, send, () => connection.close());
  }

  get address(): string {
    return String(this.contract.target);
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
    return claimId(claim, { chainId: this.chainId, registry: this.address });
  }

  async approval(claim: ImageClaim, signer: Account | BaseWallet): Promise<[string, string]> {
    const domain = claimDomain({ chainId: this.chainId, registry: this.address });
    return [signer.address, await signer.signTypedData(domain, claimTypes, toClaimStruct(claim))];
  }

  /** The arguments of `submit` with these signers' signatures. */
  async submission(claim: ImageClaim, signers: readonly (Account | BaseWallet)[], annotations = "") {
    const approvals = await Promise.all(signers.map((signer) => this.approval(claim, signer)));
    return [toClaimStruct(claim), approvals, annotations] as const;
  }

  /** Submits through account 19, who is nobody. */
  async submit(claim: ImageClaim, ...signers: (Account | BaseWallet)[]): Promise<Named[]> {
    return this.send(this.account(19), "submit", ...(await this.submission(claim, signers)));
  }

  /**
   * Admits acme with account 1 as its admin and accounts 2, 3, ... as its signers.
   * @returns the admin and the signers
   */
  async admitAcme(signers: number, threshold = 1): Promise<{ admin: Account; signers: Account[] }> {
    const admin = this.account(1);
    await this.send(this.account(0), "admitOrganisation", "acme", "Acme Inc.", admin.address, false, []);
    const accounts = this.accounts.slice(2, 2 + signers);
    for (const signer of accounts) await this.send(admin, "addSigner", acme, signer.address);
    if (threshold !== 1) await this.send(admin, "setThreshold", acme, threshold);
    return { admin, signers: accounts };
  }

  /** A claim's state by name. */
  async state(claim: ImageClaim) {
    const [submittedAt, threshold, approvals, validApprovals, revokedAt] = (
      (await this.read("claimState", claim.organisation, this.idOf(claim))) as bigint[]
    ).map(Number);
    return { submittedAt, threshold, approvals, validApprovals, revokedAt };
  }

  /** The id of the head of a claim's tag, 32 zero bytes without one. */
  async headId(claim: ImageClaim): Promise<unknown> {
    const head = (await this.read("headOf", claim.organisation, claim.repository, claim.tag)) as unknown[];
    return head[0];
  }
}
