import type { Organisation } from "../../src/index.ts";
import { currentOrganisation, withConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { table } from "../output/table.ts";
import { unlockSigner } from "../secrets.ts";

export interface CreateOptions {
  readonly displayName?: string;
  /** repository prefix, as often as there are any */
  readonly namespace?: readonly string[];
  /** its first admin and signer; the sender's own address without */
  readonly admin?: string;
  readonly account?: string;
}

/** Admits an organisation; for whoever governs the registry, as one does on one's own chain. */
export async function createOrganisation(
  context: Context,
  name: string,
  options: CreateOptions,
): Promise<number> {
  const { library } = context;
  return withConnection(context, async (connection) => {
    const governor = await unlockSigner(context, options.account);
    await library.admitOrganisation(connection, governor, {
      name,
      displayName: options.displayName ?? "",
      admin: options.admin === undefined ? governor.address : library.toAddress(options.admin),
      namespaces: options.namespace ?? [],
    });
    return show(context, await library.requireOrganisation(connection, name));
  });
}

export async function showOrganisation(context: Context, name: string | undefined): Promise<number> {
  return withConnection(context, async (connection) =>
    show(context, await currentOrganisation(context, connection, name)),
  );
}

export async function listOrganisations(context: Context): Promise<number> {
  const { library } = context;
  return withConnection(context, async (connection) => {
    const names = await library.listOrganisations(connection);
    const { organisation: current } = await library.readSettings(context.home);
    if (context.json)
      context.result(
        JSON.stringify(
          names.map((name) => ({ name, current: name === current })),
          null,
          2,
        ),
      );
    else
      for (const line of table(names.map((name) => [name === current ? "*" : " ", name])))
        context.result(line);
    return 0;
  });
}

export async function addSigner(
  context: Context,
  name: string,
  address: string,
  options: { account?: string },
): Promise<number> {
  const { library } = context;
  return withConnection(context, async (connection) => {
    const signer = library.toAddress(address);
    await library.requireOrganisation(connection, name);
    const admin = await unlockSigner(context, options.account);
    await library.addSigner(connection, admin, name, signer);
    return show(context, await library.requireOrganisation(connection, name));
  });
}

function show(context: Context, organisation: Organisation): number {
  if (context.json) {
    context.result(JSON.stringify(organisation, null, 2));
    return 0;
  }
  const { name, displayName, threshold, admins, signers, namespaces } = organisation;
  const list = (label: string, values: readonly string[]): string[][] =>
    values.map((value, i) => [i === 0 ? label : "", value]);
  const rows = [
    ["name", displayName === "" ? name : `${name} (${displayName})`],
    ["threshold", `${threshold} of ${signers.length} signers`],
    ...list("signers", signers),
    ...list("admins", admins),
    ...list(
      "namespaces",
      namespaces.map((namespace) => (namespace === "" ? "every repository" : namespace)),
    ),
  ];
  if (!context.quiet) for (const line of table(rows)) context.result(line);
  return 0;
}
