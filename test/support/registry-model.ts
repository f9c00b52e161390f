import { concat, keccak256, id as keccakText, ZeroAddress, ZeroHash } from "ethers";

/** A refusal, as the contract's custom error says it: its name and its arguments. */
export class Refusal extends Error {
  readonly says: readonly [name: string, ...args: unknown[]];
  constructor(name: string, ...args: unknown[]) {
    super(name);
    this.says = [name, ...args];
  }
}

/** A claim as far as the registry's rules look at it. `id` and `hash` come from outside: hashing is tested elsewhere. */
export interface ModelClaim {
  readonly id: string;
  readonly hash: string;
  readonly organisation: string;
  readonly repository: string;
  readonly tag: string;
  readonly subjects: readonly { readonly digest: string; readonly kind: number }[];
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export interface ModelApproval {
  readonly signer: string;
  /** by a good signature, by none at all (the sender's word), or by one that is wrong */
  readonly by: "signature" | "sender" | "nothing";
}

interface WaitingAct {
  readonly call: string;
  readonly readyAt: number;
  readonly by: string;
}

const day = 86_400;
const maximumWaiting = 16;

interface Organisation {
  readonly name: string;
  displayName: string;
  threshold: number;
  suspended: boolean;
  admins: string[];
  /** everyone who ever signed */
  readonly signers: Map<string, { addedAt: number; retiredAt: number; voidSince: number; prefix: string }>;
  namespaces: string[];
}

interface RecordOfClaims {
  readonly organisation: string;
  readonly claims: readonly ModelClaim[];
  readonly single: boolean;
  readonly submittedAt: number;
  countedAt: number;
  threshold: number;
  readonly approvals: { readonly signer: string; readonly time: number; readonly late: boolean }[];
}

/**
 * The registry's rules once more, in plain maps and lists, by its specification. Bounds on sizes are left out: they have tests of
 * their own. Each act takes the block's time and its sender first, and throws a Refusal without having changed anything.
 */
export class RegistryModel {
  governor: string;
  candidate = ZeroAddress;
  readonly organisations = new Map<string, Organisation>();
  readonly records = new Map<string, RecordOfClaims>();
  /** by organisation and the id of a claim, of a record, or of one claim in one batch */
  readonly revocations = new Map<string, { readonly time: number; readonly recordOnly: boolean }>();
  readonly revokedDigests = new Map<string, number>();
  readonly heads = new Map<string, ModelClaim & { readonly block: number }>();
  successor = ZeroAddress;
  /** by organisation; ZeroHash stands for the governor */
  readonly delays = new Map<string, number>();
  readonly waiting = new Map<string, WaitingAct[]>();
  /** the data of the call that is about to happen, by which acts that wait are known, and the number of its block */
  call = "";
  block = 0;

  constructor(governor: string) {
    this.governor = governor;
  }

  // ------------------------------------------------------------------ governor

  transferGovernor(_now: number, sender: string, candidate: string): void {
    this.#onlyGovernor(sender);
    this.candidate = candidate;
  }

  acceptGovernor(_now: number, sender: string): void {
    if (sender !== this.candidate) throw new Refusal("NotGovernorCandidate", sender);
    this.governor = sender;
    this.candidate = ZeroAddress;
  }

  admitOrganisation(now: number, sender: string, name: string, admin: string, signs: boolean): void {
    this.#onlyGovernor(sender);
    if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) throw new Refusal("NameInvalid", name);
    const id = keccakText(name);
    if (this.organisations.has(id)) throw new Refusal("OrganisationExists", id);
    if (admin === ZeroAddress) throw new Refusal("AddressZero");
    const signers: Organisation["signers"] = new Map();
    if (signs) signers.set(admin, { addedAt: now, retiredAt: 0, voidSince: 0, prefix: "" });
    this.organisations.set(id, {
      name,
      displayName: "",
      threshold: 1,
      suspended: false,
      admins: [admin],
      signers,
      namespaces: [],
    });
  }

  addNamespace(now: number, sender: string, id: string, namespace: string): void {
    this.#onlyGovernor(sender);
    const own = this.#organisation(id);
    const component = "[a-z0-9]([a-z0-9._-]*[a-z0-9])?";
    const grammar = new RegExp(`^${component}(:[0-9]+)?(/${component})*$`);
    if (namespace !== "" && !grammar.test(namespace)) throw new Refusal("NamespaceInvalid", namespace);
    const all = [...this.organisations].flatMap(([owner, { namespaces }]) =>
      namespaces.map((other) => ({ owner, other })),
    );
    const same = all.find(({ other }) => other === namespace);
    if (same !== undefined) throw new Refusal("NamespaceTaken", namespace, same.owner);
    // The empty one bars nobody, and nobody bars it.
    const foreign = all.filter(({ owner, other }) => owner !== id && other !== "" && namespace !== "");
    if (foreign.some(({ other }) => holds(namespace, other))) {
      throw new Refusal("NamespaceTaken", namespace, `0x${"0".repeat(64)}`);
    }
    const above = foreign.find(({ other }) => holds(other, namespace));
    if (above !== undefined) throw new Refusal("NamespaceTaken", namespace, above.owner);
    const [holder, longest] = this.ownerOf(namespace);
    const carves = longest === "" && holder !== ZeroHash && holder !== id;
    if (this.#passes(now, sender, ZeroHash, carves)) own.namespaces.push(namespace);
  }

  setSuspended(now: number, sender: string, id: string, suspended: boolean): void {
    this.#onlyGovernor(sender);
    const own = this.#organisation(id);
    if (own.suspended === suspended) throw new Refusal(suspended ? "Suspended" : "NotSuspended", id);
    if (this.#passes(now, sender, ZeroHash, true)) own.suspended = suspended;
  }

  nameSuccessor(now: number, sender: string, registry: string): void {
    this.#onlyGovernor(sender);
    if (this.successor !== ZeroAddress) throw new Refusal("SuccessorNamedAlready", this.successor);
    if (registry === ZeroAddress) throw new Refusal("SuccessorInvalid", registry);
    if (this.#passes(now, sender, ZeroHash, true)) this.successor = registry;
  }

  // ------------------------------------------------------------------ delays

  setDelay(now: number, sender: string, id: string, hours: number): void {
    this.#authorise(sender, id);
    if (hours > 720) throw new Refusal("DelayInvalid", hours);
    if (this.#passes(now, sender, id, hours < (this.delays.get(id) ?? 0))) this.delays.set(id, hours);
  }

  /** @param actIds none: all */
  cancelActs(_now: number, sender: string, id: string, actIds: readonly string[]): void {
    this.#authorise(sender, id);
    let left = [...(this.waiting.get(id) ?? [])];
    for (const actId of actIds) {
      if (!left.some(({ call }) => keccak256(call) === actId)) throw new Refusal("UnknownAct", id, actId);
      left = left.filter(({ call }) => keccak256(call) !== actId);
    }
    this.waiting.set(id, actIds.length === 0 ? [] : left);
  }

  // ------------------------------------------------------------------ admins

  removeNamespace(now: number, sender: string, id: string, namespace: string): void {
    const own = this.#onlyAdmin(sender, id);
    if (!own.namespaces.includes(namespace)) throw new Refusal("NamespaceNotOwned", namespace, id);
    if (!this.#passes(now, sender, id, true)) return;
    own.namespaces = own.namespaces.filter((other) => other !== namespace);
  }

  setDisplayName(_now: number, sender: string, id: string, displayName: string): void {
    this.#onlyAdmin(sender, id).displayName = displayName;
  }

  addAdmin(now: number, sender: string, id: string, admin: string): void {
    const own = this.#onlyAdmin(sender, id);
    if (admin === ZeroAddress) throw new Refusal("AddressZero");
    if (own.admins.includes(admin)) throw new Refusal("AlreadyAdmin", id, admin);
    if (this.#passes(now, sender, id, true)) own.admins.push(admin);
  }

  removeAdmin(now: number, sender: string, id: string, admin: string): void {
    const own = this.#onlyAdmin(sender, id);
    if (!own.admins.includes(admin)) throw new Refusal("NotAdmin", id, admin);
    if (own.admins.length === 1) throw new Refusal("LastAdmin", id);
    if (!this.#passes(now, sender, id, true)) return;
    own.admins = own.admins.filter((other) => other !== admin);
  }

  addSigner(now: number, sender: string, id: string, signer: string, prefix: string): void {
    const own = this.#onlyAdmin(sender, id);
    requireNewSigner(own, id, signer);
    if (!this.#passes(now, sender, id, true)) return;
    own.signers.set(signer, { addedAt: now, retiredAt: 0, voidSince: 0, prefix });
  }

  retireSigner(now: number, sender: string, id: string, signer: string): void {
    const own = this.#onlyAdmin(sender, id);
    const state = this.#currentSigner(own, id, signer);
    const left = current(own).length - 1;
    if (left < own.threshold) throw new Refusal("ThresholdInvalid", own.threshold, left);
    state.retiredAt = now;
  }

  replaceSigner(now: number, sender: string, id: string, signer: string, replacement: string): void {
    const own = this.#onlyAdmin(sender, id);
    const state = this.#currentSigner(own, id, signer);
    requireNewSigner(own, id, replacement);
    if (!this.#passes(now, sender, id, true)) return;
    state.retiredAt = now;
    own.signers.set(replacement, { addedAt: now, retiredAt: 0, voidSince: 0, prefix: state.prefix });
  }

  voidSigner(now: number, sender: string, id: string, signer: string, since: number): void {
    const own = this.#onlyAdmin(sender, id);
    const state = own.signers.get(signer);
    if (since > now) throw new Refusal("VoidInFuture", since);
    if (state === undefined) throw new Refusal("NotSigner", id, signer);
    const from = Math.max(since, 1);
    if (state.voidSince !== 0 && from >= state.voidSince) {
      throw new Refusal("AlreadyVoided", id, signer, state.voidSince);
    }
    state.voidSince = from;
    if (state.retiredAt === 0) state.retiredAt = now;
  }

  setThreshold(now: number, sender: string, id: string, threshold: number): void {
    const own = this.#onlyAdmin(sender, id);
    const signers = current(own).length;
    if (threshold === 0 || threshold > signers) throw new Refusal("ThresholdInvalid", threshold, signers);
    if (this.#passes(now, sender, id, threshold < own.threshold)) own.threshold = threshold;
  }

  revokeDigests(now: number, sender: string, id: string, digests: readonly string[]): void {
    this.#onlyAdmin(sender, id);
    if (digests.length === 0) throw new Refusal("DigestsMissing");
    const seen = new Set<string>();
    for (const digest of digests) {
      if (BigInt(digest) === 0n) throw new Refusal("DigestZero");
      if (seen.has(digest) || this.revokedDigests.has(`${id} ${digest}`)) {
        throw new Refusal("DigestAlreadyRevoked", id, digest);
      }
      seen.add(digest);
    }
    for (const digest of digests) this.revokedDigests.set(`${id} ${digest}`, now);
  }

  // ------------------------------------------------------------------ claims

  submitClaim(now: number, sender: string, claim: ModelClaim, approvals: readonly ModelApproval[]): void {
    this.#record(now, sender, claim.id, [claim], true, approvals);
  }

  /** @param texts how many texts of annotations come along */
  submitBatch(
    now: number,
    sender: string,
    recordId: string,
    claims: readonly ModelClaim[],
    approvals: readonly ModelApproval[],
    texts: number,
  ): void {
    if (claims.length === 0) throw new Refusal("ClaimsMissing");
    if ((this.records.get(recordId)?.threshold ?? 0) === 0 && texts !== claims.length) {
      throw new Refusal("AnnotationsMissing", claims.length, texts);
    }
    this.#record(now, sender, recordId, claims, false, approvals);
  }

  approve(
    now: number,
    sender: string,
    id: string,
    recordId: string,
    approvals: readonly ModelApproval[],
  ): void {
    const record = this.records.get(recordId);
    if (record === undefined || record.organisation !== id) throw new Refusal("UnknownRecord", recordId);
    if (record.threshold === 0) throw new Refusal("RecordPending", recordId);
    this.#approve(now, sender, recordId, record, approvals, []);
  }

  revokeClaim(now: number, sender: string, id: string, claimId: string): void {
    const isAdmin = this.organisations.get(id)?.admins.includes(sender) ?? false;
    if (!isAdmin) {
      this.#revokeAsSigner(now, sender, id, claimId, claimId, claimId);
      return;
    }
    const key = `${id} ${claimId}`;
    if (this.revocations.get(key)?.recordOnly === false) throw new Refusal("ClaimAlreadyRevoked", claimId);
    this.revocations.set(key, { time: now, recordOnly: false });
  }

  /** @param recordId of the batch whose claims' hashes the caller shows */
  revokeClaimInBatch(
    now: number,
    sender: string,
    id: string,
    recordId: string,
    claims: readonly ModelClaim[],
    index: number,
  ): void {
    const claim = claims[index];
    if (claim === undefined) throw new Refusal("IndexInvalid", index, claims.length);
    this.#revokeAsSigner(now, sender, id, recordId, claim.id, keyInBatch(recordId, claim.id));
  }

  // ------------------------------------------------------------------ reads

  ownerOf(repository: string): [owner: string, namespace: string] {
    let found: [string, string] | undefined;
    for (const [owner, { namespaces }] of this.organisations) {
      for (const namespace of namespaces) {
        if (!holds(namespace, repository)) continue;
        if (found === undefined || namespace.length > found[1].length) found = [owner, namespace];
      }
    }
    return found ?? [`0x${"0".repeat(64)}`, ""];
  }

  /** When a claim is revoked in a record, by its id or in this record alone; 0 if it is not. */
  claimRevokedAt(id: string, recordId: string, claimId: string): number {
    const byId = this.revocations.get(`${id} ${claimId}`);
    if (byId?.recordOnly === false) return byId.time;
    return this.revocations.get(`${id} ${keyInBatch(recordId, claimId)}`)?.time ?? 0;
  }

  validApprovals(record: RecordOfClaims): number {
    const { signers } = this.#organisation(record.organisation);
    return record.approvals.filter(({ signer, time }) => {
      const voidSince = signers.get(signer)?.voidSince ?? 0;
      return voidSince === 0 || time < voidSince;
    }).length;
  }

  // ------------------------------------------------------------------ inside

  #record(
    now: number,
    sender: string,
    recordId: string,
    claims: readonly ModelClaim[],
    single: boolean,
    approvals: readonly ModelApproval[],
  ): void {
    const known = this.records.get(recordId);
    const organisation = claims[0]?.organisation ?? "";
    for (const claim of known === undefined || known.threshold === 0 ? claims : []) {
      if (claim.organisation !== organisation) {
        throw new Refusal("OrganisationsDiffer", organisation, claim.organisation);
      }
      if (claim.subjects.length === 0 || claim.repository === "") throw new Refusal("ClaimEmpty");
      if (claim.issuedAt > now + 60) throw new Refusal("IssuedInFuture", claim.issuedAt, now);
      if (claim.issuedAt + 30 * day < now) throw new Refusal("IssuedTooLongAgo", claim.issuedAt, now);
      if (claim.subjects.some(({ digest }) => BigInt(digest) === 0n)) throw new Refusal("DigestZero");
      // Claims of a batch that expired meanwhile do not hold up the others.
      if ((single || known === undefined) && isExpired(claim, now)) {
        throw new Refusal("ClaimExpired", claim.expiresAt, now);
      }
    }
    if (known !== undefined) {
      this.#approve(now, sender, recordId, known, approvals, claims);
      return;
    }
    const record = {
      organisation,
      claims,
      single,
      submittedAt: now,
      countedAt: 0,
      threshold: 0,
      approvals: [],
    };
    this.#approve(now, sender, recordId, record, approvals, claims);
    this.records.set(recordId, record);
  }

  #approve(
    now: number,
    sender: string,
    recordId: string,
    record: RecordOfClaims,
    approvals: readonly ModelApproval[],
    shown: readonly ModelClaim[],
  ): void {
    const id = record.organisation;
    const own = this.#organisation(id);
    if (own.suspended) throw new Refusal("Suspended", id);
    if (this.revocations.has(`${id} ${recordId}`)) throw new Refusal("ClaimAlreadyRevoked", recordId);
    if (approvals.length === 0) throw new Refusal("ApprovalsMissing");
    const fresh: string[] = [];
    for (const { signer, by } of approvals) {
      if (fresh.includes(signer) || record.approvals.some((approval) => approval.signer === signer)) continue;
      if (!current(own).includes(signer)) throw new Refusal("NotSigner", id, signer);
      if (by === "nothing" || (by === "sender" && signer !== sender))
        throw new Refusal("SignatureInvalid", signer);
      fresh.push(signer);
    }
    const prefixOf = (signer: string): string => own.signers.get(signer)?.prefix ?? "";
    if (fresh.some((signer) => prefixOf(signer) !== "")) {
      const repositories = shown.length === 0 ? [""] : shown.map(({ repository }) => repository);
      for (const repository of repositories) {
        for (const { signer } of approvals) {
          if (!holds(prefixOf(signer), repository)) throw new Refusal("SignerBound", id, signer);
        }
      }
    }
    const late = record.threshold !== 0;
    record.approvals.push(...fresh.map((signer) => ({ signer, time: now, late })));
    if (fresh.length === 0 || record.threshold !== 0 || this.validApprovals(record) < own.threshold) return;
    record.threshold = own.threshold;
    record.countedAt = now;
    for (const claim of record.claims) {
      if (claim.tag === "" || isExpired(claim, now)) continue;
      if (this.revocations.get(`${id} ${claim.id}`)?.recordOnly === false) continue;
      const key = JSON.stringify([id, claim.repository, claim.tag]);
      const head = this.heads.get(key);
      if (head === undefined || claim.issuedAt > head.issuedAt) {
        this.heads.set(key, { ...claim, block: this.block });
      }
    }
  }

  #isAuthor(account: string, id: string, recordId: string): boolean {
    const own = this.organisations.get(id);
    const record = this.records.get(recordId);
    if (own === undefined || record === undefined || record.organisation !== id) return false;
    return (
      current(own).includes(account) &&
      record.threshold !== 0 &&
      record.approvals.some(({ signer, late }) => signer === account && !late)
    );
  }

  #revokeAsSigner(
    now: number,
    sender: string,
    id: string,
    recordId: string,
    claimId: string,
    key: string,
  ): void {
    if (!this.#isAuthor(sender, id, recordId)) throw new Refusal("NotAllowedToRevoke", id, sender);
    if (this.revocations.has(`${id} ${key}`)) throw new Refusal("ClaimAlreadyRevoked", claimId);
    this.revocations.set(`${id} ${key}`, { time: now, recordOnly: true });
  }

  /** Whether an act happens now; if not, it waits. Whoever asks has looked at everything else before. */
  #passes(now: number, sender: string, id: string, weakens: boolean): boolean {
    const delay = this.delays.get(id) ?? 0;
    const waits = weakens && delay !== 0;
    const waiting = this.waiting.get(id) ?? [];
    const asked = waiting.find(({ call }) => call === this.call);
    const others = waiting.filter(({ call }) => call !== this.call);
    if (asked !== undefined) {
      if (waits && now < asked.readyAt) throw new Refusal("ActWaits", keccak256(this.call), asked.readyAt);
      this.waiting.set(id, others);
      if (!waits || now <= asked.readyAt + 14 * day) return true;
    }
    if (!waits) return true;
    if (others.length >= maximumWaiting) throw new Refusal("TooMany", "waiting acts", maximumWaiting);
    this.waiting.set(id, [...others, { call: this.call, readyAt: now + delay * 3600, by: sender }]);
    return false;
  }

  #authorise(sender: string, id: string): void {
    if (id === ZeroHash) this.#onlyGovernor(sender);
    else this.#onlyAdmin(sender, id);
  }

  #currentSigner(own: Organisation, id: string, signer: string) {
    const state = own.signers.get(signer);
    if (state === undefined || state.retiredAt !== 0) throw new Refusal("NotSigner", id, signer);
    return state;
  }

  #organisation(id: string): Organisation {
    const found = this.organisations.get(id);
    if (found === undefined) throw new Refusal("UnknownOrganisation", id);
    return found;
  }

  #onlyGovernor(sender: string): void {
    if (sender !== this.governor) throw new Refusal("NotGovernor", sender);
  }

  #onlyAdmin(sender: string, id: string): Organisation {
    const own = this.#organisation(id);
    if (!own.admins.includes(sender)) throw new Refusal("NotAdmin", id, sender);
    return own;
  }
}

/** Current signers of an organisation. */
export function current({ signers }: Organisation): string[] {
  return [...signers].filter(([, { retiredAt }]) => retiredAt === 0).map(([signer]) => signer);
}

function holds(namespace: string, path: string): boolean {
  return namespace === "" || path === namespace || path.startsWith(`${namespace}/`);
}

function isExpired({ expiresAt }: ModelClaim, now: number): boolean {
  return expiresAt !== 0 && expiresAt <= now;
}

function requireNewSigner({ signers }: Organisation, id: string, signer: string): void {
  if (signer === ZeroAddress) throw new Refusal("AddressZero");
  const state = signers.get(signer);
  if (state === undefined) return;
  throw new Refusal(state.retiredAt === 0 ? "AlreadySigner" : "WasSigner", id, signer);
}

/** Under which key a signer revokes one claim of one batch. */
function keyInBatch(recordId: string, claimId: string): string {
  return keccak256(concat([recordId, claimId]));
}
