import { HDNodeWallet, keccak256, id as keccakText, Mnemonic, TypedDataEncoder, ZeroAddress } from "ethers";
import { batchTypes } from "../../src/claim/batch.ts";
import { claimDomain, claimTypes } from "../../src/claim/claim.ts";
import { digestOf, type RegistryBench } from "./registry.ts";
import { registryInterface } from "./registry-interface.ts";
import {
  current,
  type ModelApproval,
  type ModelClaim,
  Refusal,
  type RegistryModel,
} from "./registry-model.ts";

const phrase = "test test test test test test test test test test test junk";
const keys = Array.from({ length: 10 }, (_, i) =>
  HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(phrase), `m/44'/60'/0'/0/${i}`),
);
export const actors = keys.map(({ address }) => address);
export const names = ["acme", "globex", "-", "initech"];
const ids = names.map(keccakText);
export const repositories = ["docker.io/acme/api", "docker.io/globex", "docker.io/acme", "r.io:5000/x"];
const namespaces = [
  "docker.io/acme",
  "docker.io",
  "docker.io/acme/api",
  "docker.io/globex",
  "",
  "r.io:5000",
  "A/b",
];
export const tags = ["1", "2", ""];
export const digests = ["a", "b", "c", "d"].map((seed) => `0x${digestOf(seed).slice(7)}`);
const zero = `0x${"00".repeat(32)}`;
const claimEncoder = TypedDataEncoder.from(claimTypes);

/** One act, ready for both sides. */
interface Act {
  readonly sender: string;
  readonly name: string;
  readonly args: readonly unknown[];
  readonly model: (now: number) => void;
}

/** The contract and its model, side by side, and acts on both that numbers choose. */
export class RegistryWorld {
  readonly #bench: RegistryBench;
  readonly #model: RegistryModel;
  readonly #domain: ReturnType<typeof claimDomain>;
  readonly #claims: ModelClaim[] = [];
  readonly #batches: { readonly id: string; readonly claims: readonly ModelClaim[] }[] = [];
  /** how often each answer was given, to see that a run reaches all of them */
  readonly answers = new Map<string, number>();
  /** acts that were asked for and may wait */
  readonly #asked: Act[] = [];
  #now = 0;
  #drawn: number[] = [];

  constructor(bench: RegistryBench, model: RegistryModel) {
    this.#bench = bench;
    this.#model = model;
    this.#domain = claimDomain(bench.place);
  }

  /** Both sides answer the same act; what each said. */
  async act(
    numbers: readonly number[],
  ): Promise<{ act: string; contract: unknown; model: unknown; transaction: string | undefined }> {
    this.#drawn = [...numbers];
    if (this.#now === 0) this.#now = await this.#bench.now();
    const step = this.#draw(64);
    this.#now += [3600, 7200, 15 * 86_400][step - 61] ?? 1 + (step % 4);
    const chosen = this.#choose();
    const { sender, name, args, model } = chosen;
    const data = registryInterface.encodeFunctionData(name, args);
    this.#model.call = data;
    this.#model.block = 1 + Number(await this.#bench.rpc("eth_blockNumber"));
    let expected: unknown = [];
    try {
      model(this.#now);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      expected = error.says;
    }
    const waits = [...this.#model.waiting.values()].some((acts) => acts.some(({ call }) => call === data));
    if (waits && !this.#asked.includes(chosen)) this.#asked.push(chosen);
    await this.#bench.setNextTime(this.#now);
    const sent = this.#bench.rpc("eth_sendTransaction", {
      from: sender,
      to: this.#bench.address,
      data,
      gas: "0x989680",
    });
    let transaction: string | undefined;
    const done = sent.then((hash) => {
      transaction = String(hash);
      throw new Done();
    });
    const contract = await this.#bench.errorOf(done).catch((error) => {
      if (error instanceof Done) return [];
      throw error;
    });
    const granted = waits ? "waits" : "done";
    const answer = `${name} ${contract.length === 0 ? granted : contract[0]}`;
    this.answers.set(answer, (this.answers.get(answer) ?? 0) + 1);
    return { act: `${name} by ${sender}`, contract: plain(contract), model: plain(expected), transaction };
  }

  /** Everything that either side says of itself. */
  async state(): Promise<{ contract: unknown; model: unknown }> {
    const contract: unknown[] = [];
    const model: unknown[] = [];
    const compare = async (expected: unknown, name: string, ...args: unknown[]): Promise<void> => {
      contract.push([name, plain(args), plain(await this.#bench.read(name, ...args))]);
      model.push([name, plain(args), plain(expected)]);
    };
    const { organisations, records, heads, revocations, revokedDigests } = this.#model;
    await compare(this.#model.governor, "governor");
    await compare(this.#model.candidate, "governorCandidate");
    await compare(this.#model.successor, "successor");
    await compare(
      [[...organisations.values()].map(({ name }) => name), organisations.size],
      "organisations",
      0,
      100,
    );
    for (const repository of [...repositories, "elsewhere"]) {
      await compare(this.#model.ownerOf(repository), "ownerOf", repository);
    }
    // Each claim in its own record, and in each of its batches.
    const pairs = [
      ...this.#claims.map(({ id }) => [id, id] as const),
      ...this.#batches.flatMap((batch) => batch.claims.map(({ id }) => [batch.id, id] as const)),
    ];
    const [recordIds, claimIds] = [pairs.map(([recordId]) => recordId), pairs.map(([, claimId]) => claimId)];
    for (const id of [zero, ...ids]) {
      // The contract keeps these in no particular order.
      const waiting = (await this.#bench.read("waitingActs", id)) as unknown[][];
      contract.push(["waitingActs", id, waiting.map((act) => `${plain(act)}`).toSorted()]);
      const expected = (this.#model.waiting.get(id) ?? []).map(
        ({ call, readyAt, by }) => `${[keccak256(call), readyAt, by]}`,
      );
      model.push(["waitingActs", id, expected.toSorted()]);
    }
    for (const id of ids) {
      const own = organisations.get(id);
      for (const actor of actors) {
        const state = own?.signers.get(actor);
        const times = [
          state?.addedAt ?? 0,
          state?.retiredAt ?? 0,
          state?.voidSince ?? 0,
          (state?.prefix ?? "") !== "",
        ];
        await compare(state?.prefix ?? "", "signerPrefix", id, actor);
        await compare(times, "signerState", id, actor);
        await compare(own?.admins.includes(actor) ?? false, "isAdmin", id, actor);
        await compare(own !== undefined && current(own).includes(actor), "isSigner", id, actor);
      }
      const states = recordIds.map((recordId) => {
        const record = records.get(recordId);
        const revokedAt = revocations.get(`${id} ${recordId}`)?.time ?? 0;
        if (record === undefined || record.organisation !== id) return [0, 0, 0, 0, 0, revokedAt];
        const { submittedAt, countedAt, threshold, approvals } = record;
        const valid = this.#model.validApprovals(record);
        return [submittedAt, countedAt, threshold, approvals.length, valid, revokedAt];
      });
      for (const repository of repositories) {
        for (const tag of tags) {
          const head = heads.get(JSON.stringify([id, repository, tag]));
          const expected = [
            own?.name ?? "",
            own?.threshold ?? 0,
            own?.suspended ?? false,
            this.#model.ownerOf(repository)[0],
            [(head?.id ?? zero).slice(0, 46), head?.issuedAt ?? 0, head?.block ?? 0],
            digests.map((digest) => revokedDigests.get(`${id} ${digest}`) ?? 0),
            states,
            pairs.map(([recordId, claimId]) => this.#model.claimRevokedAt(id, recordId, claimId)),
          ];
          await compare(expected, "read", id, repository, tag, digests, recordIds, claimIds);
        }
      }
      // The contract keeps these in no particular order.
      const view = (await this.#bench.read("organisation", id)) as unknown[];
      contract.push(plain(view.map((part) => (Array.isArray(part) ? part.toSorted() : part))));
      const lists = own === undefined ? [[], [], []] : [own.admins, current(own), own.namespaces];
      const texts = [own?.name ?? "", own?.displayName ?? "", own?.threshold ?? 0];
      const more = [own?.suspended ?? false, this.#model.delays.get(id) ?? 0];
      model.push(plain([...texts, ...more, ...lists.map((list) => list.toSorted())]));
    }
    for (const [recordId, { organisation, approvals }] of records) {
      const expected = [approvals.map(({ signer }) => signer), approvals.map(({ time }) => time)];
      await compare(expected, "approvalsOf", organisation, recordId);
    }
    return { contract, model };
  }

  // ------------------------------------------------------------------ choosing

  /** The next number below a bound; 0 where they have run out, which is what failures shrink to. */
  #draw(below: number): number {
    return (this.#drawn.shift() ?? 0) % below;
  }

  #pick<T>(from: readonly T[]): T {
    const picked = from[this.#draw(from.length)];
    if (picked === undefined) throw new Error("There is nothing to pick from.");
    return picked;
  }

  #choose(): Act {
    const model = this.#model;
    const kind = this.#draw(48);
    if (kind < 4) return this.#governorAct(kind);
    const id = this.#pick([0, 0, 0, 0, 1, 1, 3].map((index) => ids[index] ?? zero));
    const own = model.organisations.get(id);
    const anyone = this.#pick(actors);
    const admin = this.#draw(8) === 0 ? anyone : (own?.admins[this.#draw(own.admins.length)] ?? anyone);
    const someone = this.#draw(20) === 0 ? ZeroAddress : this.#pick(actors);
    if (kind < 22) return this.#adminAct(kind, id, admin, someone);
    if (kind >= 40) return this.#delayAct(kind, id, admin);
    return this.#claimAct(kind, id, this.#draw(3) === 0 ? admin : anyone);
  }

  #governorAct(kind: number): Act {
    const model = this.#model;
    const sender = this.#draw(8) === 0 ? this.#pick(actors) : model.governor;
    const actor = this.#draw(20) === 0 ? ZeroAddress : this.#pick(actors);
    if (kind === 0) {
      return act(sender, "transferGovernor", [actor], (now) => model.transferGovernor(now, sender, actor));
    }
    if (kind === 1) {
      const candidate = model.candidate === ZeroAddress ? sender : model.candidate;
      return act(candidate, "acceptGovernor", [], (now) => model.acceptGovernor(now, candidate));
    }
    if (kind === 2) {
      const [name, signs] = [this.#pick(names), this.#draw(2) === 1];
      return act(sender, "admitOrganisation", [name, "", actor, signs, []], (now) =>
        model.admitOrganisation(now, sender, name, actor, signs),
      );
    }
    const [id, namespace] = [this.#pick(ids), this.#pick(namespaces)];
    return act(sender, "addNamespace", [id, namespace], (now) =>
      model.addNamespace(now, sender, id, namespace),
    );
  }

  /** What waits, and what it waits for. */
  #delayAct(kind: number, own: string, admin: string): Act {
    const model = this.#model;
    if (kind > 43 && this.#asked.length > 0) {
      return this.#pick(this.#asked);
    }
    const ofGovernor = this.#draw(3) === 0;
    const id = ofGovernor ? zero : own;
    const sender = ofGovernor ? (this.#draw(8) === 0 ? admin : model.governor) : admin;
    if (kind === 40) {
      const hours = this.#pick([0, 1, 1, 2, 721]);
      return act(sender, "setDelay", [id, hours], (now) => model.setDelay(now, sender, id, hours));
    }
    if (kind === 41) {
      const some = (model.waiting.get(id) ?? []).slice(0, this.#draw(2)).map(({ call }) => keccak256(call));
      const actIds = this.#draw(8) === 0 ? [zero] : some;
      return act(sender, "cancelActs", [id, actIds], (now) => model.cancelActs(now, sender, id, actIds));
    }
    if (kind === 42 && this.#draw(8) === 0) {
      const registry = this.#draw(4) === 0 ? ZeroAddress : (actors[9] ?? ZeroAddress);
      return act(sender, "nameSuccessor", [registry], (now) => model.nameSuccessor(now, sender, registry));
    }
    const governor = this.#draw(8) === 0 ? admin : model.governor;
    const suspends = this.#draw(4) === 0;
    const name = suspends ? "suspendOrganisation" : "restoreOrganisation";
    return act(governor, name, [own, ""], (now) => model.setSuspended(now, governor, own, suspends));
  }

  #adminAct(kind: number, id: string, sender: string, actor: string): Act {
    const model = this.#model;
    if (kind < 9) {
      const prefix = this.#pick(["", "", "", "docker.io/acme", "docker.io/acme/api"]);
      return act(sender, "addSigner", [id, actor, prefix], (now) =>
        model.addSigner(now, sender, id, actor, prefix),
      );
    }
    if (kind === 9)
      return act(sender, "addAdmin", [id, actor], (now) => model.addAdmin(now, sender, id, actor));
    if (kind === 10) {
      return act(sender, "removeAdmin", [id, actor], (now) => model.removeAdmin(now, sender, id, actor));
    }
    if (kind === 11) {
      return act(sender, "retireSigner", [id, actor], (now) => model.retireSigner(now, sender, id, actor));
    }
    if (kind === 12) {
      const replacement = this.#pick(actors);
      return act(sender, "replaceSigner", [id, actor, replacement], (now) =>
        model.replaceSigner(now, sender, id, actor, replacement),
      );
    }
    if (kind === 13) {
      const since = this.#pick([this.#now - 20, this.#now - 5, this.#now, this.#now + 1, 0, 1]);
      return act(sender, "voidSigner", [id, actor, since], (now) =>
        model.voidSigner(now, sender, id, actor, since),
      );
    }
    if (kind < 17) {
      const threshold = this.#draw(4);
      return act(sender, "setThreshold", [id, threshold], (now) =>
        model.setThreshold(now, sender, id, threshold),
      );
    }
    if (kind === 17) {
      const namespace = this.#pick(namespaces);
      return act(sender, "removeNamespace", [id, namespace], (now) =>
        model.removeNamespace(now, sender, id, namespace),
      );
    }
    if (kind === 18) {
      const text = `${this.#draw(5)}`;
      return act(sender, "setDisplayName", [id, text], (now) => model.setDisplayName(now, sender, id, text));
    }
    if (kind === 19) {
      const some = Array.from({ length: this.#draw(3) }, () => this.#pick([...digests, ...digests, zero]));
      return act(sender, "revokeDigests", [id, some, ""], (now) =>
        model.revokeDigests(now, sender, id, some),
      );
    }
    const claimId = this.#recordId();
    return act(sender, "revokeClaim", [id, claimId, ""], (now) =>
      model.revokeClaim(now, sender, id, claimId),
    );
  }

  #claimAct(kind: number, id: string, sender: string): Act {
    const model = this.#model;
    if (kind < 31) {
      const claim = kind < 28 || this.#claims.length === 0 ? this.#claim(id) : this.#pick(this.#claims);
      const approvals = this.#approvals(claim.organisation, claim.id);
      return act(sender, "submitClaim", [structOf(claim), approvals.signed, ""], (now) =>
        model.submitClaim(now, sender, claim, approvals.plain),
      );
    }
    if (kind < 35) {
      const known = kind < 33 || this.#batches.length === 0 ? undefined : this.#pick(this.#batches);
      const { id: recordId, claims } = known ?? this.#batch(id);
      const approvals = this.#approvals(claims[0]?.organisation ?? id, recordId);
      const texts = claims.length + (this.#draw(10) === 0 ? 1 : 0);
      return act(
        sender,
        "submitBatch",
        [claims.map(structOf), approvals.signed, new Array(texts).fill("")],
        (now) => model.submitBatch(now, sender, recordId, claims, approvals.plain, texts),
      );
    }
    if (kind < 38) {
      const recordId = this.#recordId();
      const organisation = this.#model.records.get(recordId)?.organisation ?? id;
      const approvals = this.#approvals(organisation, recordId);
      return act(sender, "approve", [organisation, recordId, approvals.signed], (now) =>
        model.approve(now, sender, organisation, recordId, approvals.plain),
      );
    }
    const batch = this.#batches.length === 0 ? this.#batch(id) : this.#pick(this.#batches);
    const index = this.#draw(batch.claims.length + 1);
    const organisation = batch.claims[0]?.organisation ?? id;
    const record = model.records.get(batch.id);
    const author = this.#draw(3) === 0 ? sender : (record?.approvals[0]?.signer ?? sender);
    const hashes = batch.claims.map(({ hash }) => hash);
    return act(author, "revokeClaimInBatch", [organisation, hashes, index, ""], (now) =>
      model.revokeClaimInBatch(now, author, organisation, batch.id, batch.claims, index),
    );
  }

  #recordId(): string {
    const known = [...this.#claims, ...this.#batches].map(({ id }) => id);
    const made = [...this.#model.records.keys()];
    const kind = this.#draw(20);
    if (kind === 0 || known.length === 0) return digests[0] ?? zero;
    return this.#pick(kind < 4 || made.length === 0 ? known : made);
  }

  #claim(organisation: string): ModelClaim {
    const claim = {
      organisation,
      repository: this.#draw(30) === 29 ? "" : this.#pick(repositories),
      tag: this.#pick(tags),
      subjects: Array.from({ length: this.#draw(20) === 19 ? 0 : 1 + this.#draw(2) }, () => ({
        digest: this.#draw(30) === 29 ? zero : this.#pick(digests),
        kind: this.#draw(30) === 29 ? 255 : this.#draw(5),
      })),
      issuedAt: this.#now + this.#pick([0, 0, -1, -1, -100, 30, 60, 61]),
      expiresAt: this.#pick([0, 0, 0, 0, 0, this.#now + 6, this.#now + 20, this.#now + 60, this.#now]),
    };
    const struct = structOf(claim);
    const id = TypedDataEncoder.hash(this.#domain, claimTypes, struct);
    const known = this.#claims.find((other) => other.id === id);
    if (known !== undefined) return known;
    const added = { ...claim, id, hash: claimEncoder.hash(struct) };
    this.#claims.push(added);
    return added;
  }

  #batch(organisation: string): { id: string; claims: readonly ModelClaim[] } {
    const claims = Array.from({ length: this.#draw(4) }, () =>
      this.#draw(3) === 0 && this.#claims.length > 0
        ? this.#pick(this.#claims)
        : this.#claim(this.#draw(30) === 29 ? zero : organisation),
    );
    const id = TypedDataEncoder.hash(this.#domain, batchTypes, { claims: claims.map(structOf) });
    const batch = this.#batches.find((other) => other.id === id) ?? { id, claims };
    if (!this.#batches.includes(batch)) this.#batches.push(batch);
    return batch;
  }

  /** Mostly of current signers, mostly well signed. */
  #approvals(organisation: string, recordId: string) {
    const own = this.#model.organisations.get(organisation);
    const signers = own === undefined ? [] : current(own);
    const approvals = Array.from({ length: this.#draw(20) === 19 ? 0 : 1 + this.#draw(3) }, () => {
      const rare = this.#draw(24);
      const anyone = rare > 21 || signers.length === 0;
      const signer = rare === 21 ? ZeroAddress : this.#pick(anyone ? actors : signers);
      const kind = this.#draw(12);
      const by = kind < 9 ? "signature" : kind < 11 ? "sender" : "nothing";
      return { signer, by } satisfies ModelApproval;
    });
    const signed = approvals.map(({ signer, by }) => {
      const key = keys.find(({ address }) => address === signer);
      if (by === "sender" || key === undefined) return [signer, "0x"];
      return [signer, key.signingKey.sign(by === "signature" ? recordId : keccakText(recordId)).serialized];
    });
    return { plain: approvals, signed };
  }
}

class Done extends Error {}

function act(sender: string, name: string, args: readonly unknown[], model: (now: number) => void): Act {
  return { sender, name, args, model };
}

function structOf(claim: Omit<ModelClaim, "id" | "hash">) {
  const subjects = claim.subjects.map((subject) => ({ ...subject, platform: "" }));
  return { ...claim, subjects, annotations: zero };
}

/** Numbers of either kind as texts, so that both sides compare. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === "bigint" || typeof value === "number" ? `${value}` : value;
}
