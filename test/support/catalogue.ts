import type { Catalogue } from "../../src/catalogue/catalogue.ts";
import type { CatalogueEntry, CatalogueOrganisation, Standing } from "../../src/catalogue/entry.ts";
import { claimId, fromClaimStruct, organisationId } from "../../src/claim/claim.ts";
import { placeOf } from "../../src/contract/claims.ts";
import type { Connection } from "../../src/contract/connection.ts";
import {
  callRegistry,
  callRegistryAll,
  eventTopic,
  readBlock,
  readEvents,
} from "../../src/contract/contract.ts";
import { listOrganisations, readOrganisation } from "../../src/contract/organisations.ts";
import { digestToBytes32 } from "../../src/digest/digest.ts";
import { type JsonRpc, JsonRpcFailure, type RpcCall } from "../../src/rpc/json-rpc.ts";
import type { RegistryBench } from "./registry.ts";

/** What a catalogue and the contract must agree on about one claim. */
export type Compared = Omit<CatalogueEntry, "annotations" | "block" | "transaction" | "revocation"> & {
  readonly revokedDigests: readonly string[];
};

/** What the contract says beside that. */
export interface Said extends Compared {
  readonly hasCounted: boolean;
  /** its place among all claims, by when it was recorded */
  readonly at: number;
}

/** A bench's chain as the library takes one. */
export async function connectionTo(bench: RegistryBench): Promise<Connection> {
  const call = async (method: string, ...params: unknown[]): Promise<unknown> => {
    try {
      return await bench.rpc(method, ...params);
    } catch (error) {
      throw new JsonRpcFailure(-32000, String(error), undefined);
    }
  };
  const genesis = await bench.rpc("eth_getBlockByNumber", "0x0", false);
  const rpc = {
    label: "bench",
    call,
    callAll: (calls: readonly RpcCall[]) =>
      Promise.all(calls.map(([method, ...params]) => call(method, ...params).catch((error) => error))),
  };
  return {
    rpc: rpc as unknown as JsonRpc,
    profile: {
      chainId: bench.chainId,
      genesisHash: String((genesis as { hash?: unknown }).hash),
      registry: bench.address,
      rpcUrls: [],
      embedded: false,
    },
  };
}

/** Everything that a catalogue has, as it is to be compared; by claim. */
export function whatCatalogueSays(catalogue: Catalogue, now: number): Map<string, Compared> {
  const query = { standing: "any", superseded: true, foreign: true } as const;
  const entries = catalogue.find(query, { offset: 0, limit: 1_000_000 }, now);
  const compared = entries.map((entry): [string, Compared] => {
    const { annotations, block, transaction, revocation, ...rest } = entry;
    return [entry.claim, { ...rest, revokedDigests: [...(revocation?.digests ?? [])].sort() }];
  });
  return sorted(compared);
}

/** The same as the contract has it, asked claim by claim. */
export async function whatContractSays(connection: Connection, now: number): Promise<Map<string, Said>> {
  const head = await readBlock(connection.rpc);
  const window = { from: 0, to: head.number };
  const events = await readEvents(connection, [eventTopic("ClaimSubmitted")], window, 1_000_000);
  const best = new Map<string, { readonly rank: number; readonly said: Said }>();
  for (const [at, { args }] of events.entries()) {
    const claim = fromClaimStruct(args["claim"]);
    const id = claimId(claim, placeOf(connection));
    const record = String(args["recordId"]) as `0x${string}`;
    const { organisation, repository, tag } = claim;
    const digests = claim.subjects.map(({ digest }) => digest);
    const answers = await callRegistryAll(connection, [
      ["read", [organisation, repository, tag, digests.map(digestToBytes32), [record], [id]]],
      ["approvalsOf", [organisation, record]],
    ]);
    const [reading, approvals] = [answers[0]?.[0], answers[1]];
    const state = reading.records[0];
    const revokedDigests = digests.filter((_, at) => Number(reading.digestRevocations[at]) !== 0);
    const isRevoked =
      Number(state.revokedAt) !== 0 || Number(reading.claimRevocations[0]) !== 0 || revokedDigests.length > 0;
    const [valid, needed] = [Number(state.validApprovals), Number(state.threshold)];
    const isExpired = claim.expiresAt !== 0 && claim.expiresAt <= now;
    const standing: Standing = isRevoked
      ? "revoked"
      : valid === 0
        ? "untrusted"
        : needed === 0 || valid < needed
          ? "pending"
          : isExpired
            ? "expired"
            : "good";
    const said: Said = {
      claim: id,
      record,
      organisation: String(reading.name),
      repository,
      tag,
      issuedAt: claim.issuedAt,
      expiresAt: claim.expiresAt,
      standing,
      isHead: tag !== "" && String(reading.head.claimPrefix) === id.slice(0, 2 + 54),
      byOwner: String(reading.owner) === organisation,
      approvals: valid,
      threshold: needed === 0 ? Number(reading.threshold) : needed,
      signers: [...(approvals?.[0] ?? [])].map(String),
      subjects: claim.subjects,
      revokedDigests: [...new Set(revokedDigests)].sort(),
      hasCounted: needed !== 0,
      at,
    };
    const ranks: Record<Standing, number> = { good: 0, expired: 0, revoked: 1, untrusted: 2, pending: 3 };
    const known = best.get(id);
    // Of a claim in several records the one that a verdict would rest on; of equals, the newest.
    if (known === undefined || ranks[standing] <= known.rank) best.set(id, { rank: ranks[standing], said });
  }
  return sorted([...best].map(([id, { said }]) => [id, said]));
}

/** The organisations as the contract has them, by name. */
export async function organisationsOfContract(connection: Connection): Promise<CatalogueOrganisation[]> {
  const names = await listOrganisations(connection);
  const found = await Promise.all(names.map((name) => readOrganisation(connection, organisationId(name))));
  return found
    .filter((one) => one !== undefined)
    .map(inOrder)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Neither side keeps lists in an order that means anything. */
export function inOrder(organisation: CatalogueOrganisation): CatalogueOrganisation {
  const { admins, signers, namespaces } = organisation;
  return {
    ...organisation,
    admins: admins.toSorted(),
    signers: signers.toSorted(),
    namespaces: namespaces.toSorted(),
  };
}

export async function blockTime(connection: Connection): Promise<number> {
  return (await readBlock(connection.rpc)).time;
}

/** Whom the contract calls the owner of a repository. */
export async function ownerOf(connection: Connection, repository: string): Promise<string> {
  return String((await callRegistry(connection, "ownerOf", [repository]))[0]);
}

function sorted<T>(pairs: readonly (readonly [string, T])[]): Map<string, T> {
  return new Map(pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
