import { getAddress } from "ethers";
import { organisationId } from "../claim/claim.ts";
import { type DaoChainError, failure } from "../errors.ts";
import type { Signer } from "../signature/signer.ts";
import type { Connection } from "./connection.ts";
import { type BlockReference, callRegistry, callRegistryAll, readable } from "./contract.ts";
import { pageSize } from "./rules.ts";
import { type Confirmation, sendToRegistry } from "./transaction.ts";

/** An organisation as the registry has it. Addresses are checksummed. */
export interface Organisation {
  /** keccak256 of the name */
  readonly id: `0x${string}`;
  readonly name: string;
  readonly displayName: string;
  readonly threshold: number;
  readonly admins: readonly string[];
  readonly signers: readonly string[];
  /** repository prefixes it owns; the empty one is every repository */
  readonly namespaces: readonly string[];
}

const maxOrganisations = 10_000;

/** @returns undefined where there is no such organisation. @throws as `callRegistry` */
export async function readOrganisation(
  connection: Connection,
  id: `0x${string}`,
  block: BlockReference | "latest" = "latest",
): Promise<Organisation | undefined> {
  const [view] = await callRegistry(connection, "organisation", [id], block);
  const name = String(view.name);
  if (name === "") return undefined;
  return {
    id,
    name,
    displayName: readable(() => String(view.displayName)) ?? "",
    threshold: Number(view.threshold),
    admins: [...view.admins].map(String),
    signers: [...view.signers].map(String),
    namespaces: [...view.namespaces].map(String),
  };
}

/** @throws ORGANISATION_NOT_FOUND, and as `callRegistry` */
export async function requireOrganisation(
  connection: Connection,
  name: string,
  block: BlockReference | "latest" = "latest",
): Promise<Organisation> {
  const found = await readOrganisation(connection, organisationId(name), block);
  if (found !== undefined) return found;
  throw organisationNotFound(name);
}

/** What whoever asks for an organisation that is not there is told. */
export function organisationNotFound(name: string): DaoChainError {
  return failure("ORGANISATION_NOT_FOUND", { name: JSON.stringify(name.slice(0, 200)) });
}

/** The address that admits organisations, checksummed. @throws as `callRegistry` */
export async function readGovernor(connection: Connection): Promise<string> {
  const [governor] = await callRegistry(connection, "governor", []);
  return String(governor);
}

/** The names of all organisations, in the order of their admission. @throws TOO_MANY_ORGANISATIONS, and as `callRegistry` */
export async function listOrganisations(connection: Connection): Promise<string[]> {
  const names: string[] = [];
  for (;;) {
    const [page, total] = await callRegistry(connection, "organisations", [names.length, pageSize]);
    names.push(...[...page].map(String));
    if (page.length === 0 || names.length >= Number(total)) return names;
    if (names.length > maxOrganisations) throw failure("TOO_MANY_ORGANISATIONS", { limit: maxOrganisations });
  }
}

/**
 * The organisation that owns the longest namespace which holds a repository.
 * @param repository canonical
 * @returns undefined where nobody owns it
 */
export async function readOwner(
  connection: Connection,
  repository: string,
  block: BlockReference,
): Promise<`0x${string}` | undefined> {
  return (await readOwners(connection, [repository], block)).get(repository);
}

/** The same for many repositories; those that nobody owns are missing. */
export async function readOwners(
  connection: Connection,
  repositories: readonly string[],
  block: BlockReference,
): Promise<Map<string, `0x${string}`>> {
  const asked = [...new Set(repositories)];
  const answers = await callRegistryAll(
    connection,
    asked.map((repository) => ["ownerOf", [repository]]),
    block,
  );
  return new Map(
    asked.flatMap((repository, i) => {
      const owner = String(answers[i]?.[0]) as `0x${string}`;
      return /^0x0*$/.test(owner) ? [] : [[repository, owner] as const];
    }),
  );
}

/**
 * Admits an organisation; the sender must be the governor.
 * @param organisation.admin its first admin and signer
 * @throws as `sendToRegistry`
 */
export async function admitOrganisation(
  connection: Connection,
  governor: Signer,
  organisation: { name: string; displayName: string; admin: string; namespaces: readonly string[] },
): Promise<Confirmation> {
  const { name, displayName, admin, namespaces } = organisation;
  return sendToRegistry(connection, governor, "admitOrganisation", [
    name,
    displayName,
    admin,
    true,
    namespaces,
  ]);
}

/** The address with its checksum. @throws ADDRESS_INVALID */
export function toAddress(text: string): string {
  try {
    return getAddress(text.trim());
  } catch {
    throw failure("ADDRESS_INVALID", { address: JSON.stringify(text.slice(0, 80)) });
  }
}
