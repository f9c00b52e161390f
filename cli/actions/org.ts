import type { Organisation, OrganisationChange } from "../../src/index.ts";
import * as library from "../../src/index.ts";
import { currentOrganisation, withConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { toJson } from "../output/sanitize.ts";
import { formatTime, table } from "../output/table.ts";
import { confirm, unlockSigner } from "../secrets.ts";
import { parseMoment } from "../time.ts";

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
  return withConnection(context, async (connection) => {
    const names = await library.listOrganisations(connection);
    const { organisation: current } = await library.readSettings(context.home);
    if (context.json) context.result(toJson(names.map((name) => ({ name, current: name === current }))));
    else
      for (const line of table(names.map((name) => [name === current ? "*" : " ", name])))
        context.result(line);
    return 0;
  });
}

export interface ChangeOptions {
  readonly account?: string;
  readonly yes?: boolean;
}

/**
 * Changes an organisation. What cannot be undone is asked for first.
 * @param question what a person is asked where the change is final; undefined where it is not
 */
export async function changeOrganisation(
  context: Context,
  name: string,
  change: OrganisationChange,
  options: ChangeOptions,
  question?: string,
): Promise<number> {
  return withConnection(context, async (connection) => {
    await library.requireOrganisation(connection, name);
    if (question !== undefined) await confirm(context, question, options.yes);
    const sender = await unlockSigner(context, options.account);
    await library.changeOrganisation(connection, sender, name, change);
    return show(context, await library.requireOrganisation(connection, name));
  });
}

export async function addSigner(
  context: Context,
  name: string,
  address: string,
  options: ChangeOptions,
): Promise<number> {
  const signer = library.toAddress(address);
  return changeOrganisation(context, name, { act: "add-signer", signer }, options);
}

export async function retireSigner(
  context: Context,
  name: string,
  address: string,
  options: ChangeOptions,
): Promise<number> {
  const signer = library.toAddress(address);
  const question = `${signer} will sign for ${name} no more, and cannot come back. What it signed stands. Retire it?`;
  return changeOrganisation(context, name, { act: "retire-signer", signer }, options, question);
}

export async function voidSigner(
  context: Context,
  name: string,
  address: string,
  options: ChangeOptions & { readonly since: string },
): Promise<number> {
  const signer = library.toAddress(address);
  const since = parseMoment(options.since, -1);
  if (since === undefined) {
    throw new library.DaoChainError(
      "USAGE",
      `${JSON.stringify(options.since.slice(0, 60))} is not a moment.`,
      { hint: "Write --since 2026-01-31, 2026-01-31T14:00:00Z, or 3d for three days ago." },
    );
  }
  const moment = formatTime(since);
  const question = `Whatever ${signer} signed for ${name} since ${moment} will not count any more, for good. Void it?`;
  return changeOrganisation(context, name, { act: "void-signer", signer, since }, options, question);
}

export async function replaceSigner(
  context: Context,
  name: string,
  address: string,
  replacementAddress: string,
  options: ChangeOptions,
): Promise<number> {
  const signer = library.toAddress(address);
  const replacement = library.toAddress(replacementAddress);
  const question = `${signer} will sign for ${name} no more, and cannot come back; ${replacement} takes its place. Replace it?`;
  return changeOrganisation(context, name, { act: "replace-signer", signer, replacement }, options, question);
}

export async function setThreshold(
  context: Context,
  name: string,
  text: string,
  options: ChangeOptions,
): Promise<number> {
  const threshold = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (threshold < 1) {
    throw new library.DaoChainError(
      "USAGE",
      `${JSON.stringify(text.slice(0, 60))} is not a number of signatures.`,
    );
  }
  return changeOrganisation(context, name, { act: "threshold", threshold }, options);
}

export async function addNamespace(
  context: Context,
  name: string,
  namespace: string,
  options: ChangeOptions,
): Promise<number> {
  return changeOrganisation(context, name, { act: "add-namespace", namespace }, options);
}

export async function removeNamespace(
  context: Context,
  name: string,
  namespace: string,
  options: ChangeOptions,
): Promise<number> {
  const question = `${name} will own ${namespace === "" ? "every repository" : namespace} no more; only the governor can give it back. Remove it?`;
  return changeOrganisation(context, name, { act: "remove-namespace", namespace }, options, question);
}

export async function addAdmin(
  context: Context,
  name: string,
  address: string,
  options: ChangeOptions,
): Promise<number> {
  const admin = library.toAddress(address);
  return changeOrganisation(context, name, { act: "add-admin", admin }, options);
}

export async function removeAdmin(
  context: Context,
  name: string,
  address: string,
  options: ChangeOptions,
): Promise<number> {
  const admin = library.toAddress(address);
  const question = `${admin} will be an admin of ${name} no more. Remove it?`;
  return changeOrganisation(context, name, { act: "remove-admin", admin }, options, question);
}

function show(context: Context, organisation: Organisation): number {
  if (context.json) {
    context.result(toJson(organisation));
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
