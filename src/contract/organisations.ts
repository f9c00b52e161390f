import { getAddress } from "ethers";
import { organisationId } from "../claim/claim.ts";
import { DaoChainError, failure } from "../errors.ts";
import type { Signer } from "../signature/signer.ts";
import type { Connection } from "./connection.ts";
import { type BlockReference, callRegistry, callRegistryAll, readable } from "./contract.ts";
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

const pageSize = 200;
const maxOrganisations = 10_000;

/** @returns undefined where there is no such organisation. @throws CHAIN_FAILED, CHAIN_UNREACHABLE */
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

/** @throws ORGANISATION_NOT_FOUND, CHAIN_FAILED, CHAIN_UNREACHABLE */
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

/** The address that admits organisations, checksummed. @throws CHAIN_FAILED, CHAIN_UNREACHABLE */
export async function readGovernor(connection: Connection): Promise<string> {
  const [governor] = await callRegistry(connection, "governor", []);
  return String(governor);
}

/** The names of all organisations, in the order of their admission. @throws CHAIN_FAILED, CHAIN_UNREACHABLE, LIMIT_EXCEEDED */
export async function listOrganisations(connection: Connection): Promise<string[]> {
  const names: string[] = [];
  for (;;) {
    const [page, total] = await callRegistry(connection, "organisations", [names.length, pageSize]);
    names.push(...[...page].map(String));
    if (page.length === 0 || names.length >= Number(total)) return names;
    if (names.length > maxOrganisations) {
      throw new DaoChainError(
        "LIMIT_EXCEEDED",
        `The registry lists more than ${maxOrganisations} organisations.`,
      );
    }
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
 * @throws RULE_VIOLATED, CHAIN_FAILED, CHAIN_UNREACHABLE
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

/** The address with its checksum. @throws USAGE */
export function toAddress(text: string): string {
  try {
    return getAddress(text.trim());
  } catch {
    throw new DaoChainError("USAGE", `${JSON.stringify(text.slice(0, 80))} is not an address.`, {
      hint: "An address is 0x and 40 hex digits; where it mixes upper and lower case, they are its checksum.",
    });
  }
}
