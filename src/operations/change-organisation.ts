import { organisationId } from "../claim/claim.ts";
import type { Connection } from "../contract/connection.ts";
import { type Confirmation, sendToRegistry } from "../contract/transaction.ts";
import type { Signer } from "../signature/signer.ts";

/** What can be changed about an organisation: by its admins, and `add-namespace` by the registry's governor. */
export type OrganisationChange =
  | { readonly act: "add-signer" | "retire-signer"; readonly signer: string }
  /** `since` in seconds since 1970: what the signer approved from then on falls */
  | { readonly act: "void-signer"; readonly signer: string; readonly since: number }
  | { readonly act: "replace-signer"; readonly signer: string; readonly replacement: string }
  | { readonly act: "threshold"; readonly threshold: number }
  | { readonly act: "add-admin" | "remove-admin"; readonly admin: string }
  /** a repository prefix; the empty one is every repository */
  | { readonly act: "add-namespace" | "remove-namespace"; readonly namespace: string };

/**
 * Changes an organisation, and waits until the change stands in a block.
 * @param organisation its name
 * @throws as `sendToRegistry`
 */
export async function changeOrganisation(
  connection: Connection,
  sender: Signer,
  organisation: string,
  change: OrganisationChange,
): Promise<Confirmation> {
  const [method, ...arguments_] = toCall(change);
  return sendToRegistry(connection, sender, method, [organisationId(organisation), ...arguments_]);
}

function toCall(change: OrganisationChange): [method: string, ...arguments_: unknown[]] {
  switch (change.act) {
    case "add-signer":
      return ["addSigner", change.signer];
    case "retire-signer":
      return ["retireSigner", change.signer];
    case "void-signer":
      return ["voidSigner", change.signer, change.since];
    case "replace-signer":
      return ["replaceSigner", change.signer, change.replacement];
    case "threshold":
      return ["setThreshold", change.threshold];
    case "add-admin":
      return ["addAdmin", change.admin];
    case "remove-admin":
      return ["removeAdmin", change.admin];
    case "add-namespace":
      return ["addNamespace", change.namespace];
    case "remove-namespace":
      return ["removeNamespace", change.namespace];
  }
}
