import type { Organisation, OrganisationChange } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import { confirm } from "../ask.ts";
import { currentOrganisation, withConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { sanitizeLine, toJson } from "../output/sanitize.ts";
import { formatTime, table } from "../output/table.ts";
import { accountInForce, unlockSigner } from "../secrets.ts";
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

/** Chooses the organisation that commands act for where they name none. */
export async function useOrganisation(context: Context, name: string): Promise<number> {
  const { organisation: words } = context.words;
  return withConnection(context, async (connection) => {
    const organisation = await library.requireOrganisation(connection, name);
    await library.changeSettings(context.home, { organisation: organisation.name });
    if (context.json) context.result(toJson(organisation));
    else if (!context.quiet) context.result(words.used(sanitizeLine(organisation.name)));
    const address = await addressInForce(context, undefined);
    if (address !== undefined && !isMember(organisation, address)) {
      context.note(words.noRole(address, sanitizeLine(organisation.name)));
      context.note(words.howToAdmit(sanitizeLine(organisation.name), address));
    }
    return 0;
  });
}

function isMember({ signers, admins }: Organisation, address: string): boolean {
  return signers.includes(address) || admins.includes(address);
}

/** The address that acts; undefined where it is not decided who does. */
async function addressInForce(context: Context, name: string | undefined): Promise<string | undefined> {
  try {
    const inForce = await accountInForce(context, name);
    return inForce.source === "environment" ? inForce.signer.address : inForce.account.address;
  } catch {
    return undefined;
  }
}

export interface ChangeOptions {
  readonly account?: string;
  readonly yes?: boolean;
}

/** A change that is final: what a person reads before it is asked for. */
interface Final {
  /** what it does, and what will be so afterwards */
  readonly consequences: (organisation: Organisation, you: string | undefined) => readonly string[];
  readonly question: string;
}

/**
 * Changes an organisation. What cannot be undone is asked for first.
 * @param final undefined where the change is not final
 */
export async function changeOrganisation(
  context: Context,
  name: string,
  change: OrganisationChange,
  options: ChangeOptions,
  final?: Final,
): Promise<number> {
  return withConnection(context, async (connection) => {
    const organisation = await library.requireOrganisation(connection, name);
    if (final !== undefined) {
      if (options.yes !== true && context.interactive) {
        const you = await addressInForce(context, options.account);
        for (const line of final.consequences(organisation, you)) context.note(sanitizeLine(line));
      }
      await confirm(context, final.question, options.yes);
    }
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
  const { organisation: words } = context.words;
  return changeOrganisation(context, name, { act: "retire-signer", signer }, options, {
    consequences: (organisation, you) => [
      words.retires(signer, name),
      ...signersAfter(context, organisation, signer),
      ...(signer === you ? [words.isYou] : []),
    ],
    question: words.retire,
  });
}

export async function voidSigner(
  context: Context,
  name: string,
  address: string,
  options: ChangeOptions & { readonly since: string },
): Promise<number> {
  const signer = library.toAddress(address);
  const since = parseMoment(options.since, -1);
  if (since === undefined)
    throw library.failure("SINCE_INVALID", { text: JSON.stringify(options.since.slice(0, 60)) });
  const { organisation: words } = context.words;
  return changeOrganisation(context, name, { act: "void-signer", signer, since }, options, {
    consequences: (organisation, you) => [
      words.voids(signer, name, formatTime(since)),
      ...signersAfter(context, organisation, signer),
      ...(signer === you ? [words.isYou] : []),
    ],
    question: words.void,
  });
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
  const { organisation: words } = context.words;
  return changeOrganisation(context, name, { act: "replace-signer", signer, replacement }, options, {
    consequences: (_organisation, you) => [
      words.replaces(signer, name, replacement),
      ...(signer === you ? [words.isYou] : []),
    ],
    question: words.replace,
  });
}

export async function setThreshold(
  context: Context,
  name: string,
  text: string,
  options: ChangeOptions,
): Promise<number> {
  const threshold = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (threshold < 1) throw library.failure("THRESHOLD_INVALID", { text: JSON.stringify(text.slice(0, 60)) });
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
  const { organisation: words } = context.words;
  return changeOrganisation(context, name, { act: "remove-namespace", namespace }, options, {
    consequences: () => [words.removesNamespace(name, namespace === "" ? words.every : namespace)],
    question: words.remove,
  });
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
  const { organisation: words } = context.words;
  return changeOrganisation(context, name, { act: "remove-admin", admin }, options, {
    consequences: ({ admins }, you) => [
      words.removesAdmin(admin, name),
      words.adminsLeft(name, admins.filter((other) => other !== admin).length),
      ...(admin === you ? [words.isYou] : []),
    ],
    question: words.remove,
  });
}

/** How many signers stay when one goes, and what that means. */
function signersAfter(context: Context, organisation: Organisation, signer: string): string[] {
  const { organisation: words } = context.words;
  const { name, threshold } = organisation;
  const left = organisation.signers.filter((other) => other !== signer).length;
  return [
    words.signersLeft(name, left, threshold),
    ...(left < threshold ? [words.tooFew(name, Math.max(1, left))] : []),
    ...(left === threshold ? [words.noSpare(threshold)] : []),
  ];
}

function show(context: Context, organisation: Organisation): number {
  if (context.json) {
    context.result(toJson(organisation));
    return 0;
  }
  const { organisation: words } = context.words;
  const { name, displayName, threshold, admins, signers, namespaces } = organisation;
  const list = (label: string, values: readonly string[]): string[][] =>
    values.map((value, i) => [i === 0 ? label : "", value]);
  const rows = [
    [words.name, displayName === "" ? name : words.named(name, displayName)],
    [words.threshold, words.thresholdOf(threshold, signers.length)],
    ...list(words.signers, signers),
    ...list(words.admins, admins),
    ...list(
      words.namespaces,
      namespaces.map((namespace) => (namespace === "" ? words.every : namespace)),
    ),
  ];
  if (!context.quiet) for (const line of table(rows)) context.result(line);
  return 0;
}
