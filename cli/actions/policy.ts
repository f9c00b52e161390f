import type { Connection, DaoChainError, TrustPolicy } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import { withConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { sanitizeLine, toJson } from "../output/sanitize.ts";

type PolicyWords = Context["words"]["policy"];

export interface PolicyOptions {
  readonly org?: string;
}

/** Writes a policy file that says what holds without one. @throws POLICY_FILE_EXISTS */
export async function initPolicy(context: Context, file: string, { org }: PolicyOptions): Promise<number> {
  const document = {
    version: "1.0",
    trustPolicies: [
      {
        name: "everything",
        registryScopes: ["*"],
        signatureVerification: { level: "strict" },
        ...(org === undefined ? {} : { organisations: { any: [org] } }),
      },
    ],
  };
  const text = `${JSON.stringify(document, null, 2)}\n`;
  library.parseTrustPolicies(Buffer.from(text), file);
  try {
    await library.writeFileAtomic(file, text, { mode: 0o644, exclusive: true });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    throw library.failure("POLICY_FILE_EXISTS", { file }, { cause });
  }
  context.note(sanitizeLine(context.words.policy.written(file)));
  return exitCodes.success;
}

/**
 * Says what a policy file asks for, and which of its organisations do not exist.
 * @returns 20 where an organisation does not exist, or where the registry could not be asked
 * @throws what reading the file throws, where it cannot be used
 */
export async function checkPolicy(context: Context, file: string): Promise<number> {
  const { policy: words } = context.words;
  const { all } = await library.readTrustPolicies(file);
  const known = await askRegistry(
    context,
    all.flatMap(({ organisations }) => organisations),
  );
  const couldAsk = !(known instanceof library.DaoChainError);
  const missingOf = ({ organisations }: TrustPolicy): string[] =>
    couldAsk ? organisations.filter((name) => !known.has(name)) : [];
  if (context.json) {
    const shown = all.map((policy) => ({
      ...toShown(policy),
      missingOrganisations: couldAsk ? missingOf(policy) : null,
    }));
    context.result(toJson(shown));
  } else for (const policy of all) context.result(sanitizeLine(describe(context, policy)));
  const missing = all.flatMap((policy) => missingOf(policy).map((name) => [policy.name, name] as const));
  for (const [policy, name] of missing) context.note(sanitizeLine(words.missing(policy, name)));
  if (!couldAsk) context.note(sanitizeLine(words.notAsked(context.translator.say(known))));
  return couldAsk && missing.length === 0 ? exitCodes.success : exitCodes.inconclusive;
}

/** @returns those of some organisations that the registry has, or why it could not be asked */
async function askRegistry(
  context: Context,
  names: readonly string[],
): Promise<ReadonlySet<string> | DaoChainError> {
  const distinct = [...new Set(names)];
  if (distinct.length === 0) return new Set();
  try {
    const found = await withConnection(context, (connection) =>
      Promise.all(distinct.map((name) => exists(connection, name))),
    );
    return new Set(distinct.filter((_, at) => found[at]));
  } catch (error) {
    if (!library.isDaoChainError(error) || error.outcome === "cancelled") throw error;
    return error;
  }
}

async function exists(connection: Connection, name: string): Promise<boolean> {
  try {
    await library.requireOrganisation(connection, name);
    return true;
  } catch (error) {
    if (!library.isDaoChainError(error, "ORGANISATION_NOT_FOUND")) throw error;
    return false;
  }
}

/** Shows the policy that holds for an image's name. */
export async function explainPolicy(context: Context, file: string, image: string): Promise<number> {
  const policies = await library.readTrustPolicies(file);
  const parsed = library.parseImageReference(image);
  const named = "named" in parsed ? parsed.named : undefined;
  const repository = named?.repository;
  const policy = policies.for({
    name: repository === undefined ? undefined : { repository, tag: "", carried: true },
  });
  const { policy: words } = context.words;
  const about = repository ?? words.withoutName;
  if (context.json)
    context.result(
      toJson({ image, repository: repository ?? null, policy: policy ? toShown(policy) : null }),
    );
  else if (policy === undefined) context.result(words.denied(about));
  else context.result(sanitizeLine(words.holds(about, describe(context, policy))));
  return policy === undefined ? library.verdictStatuses.denied : exitCodes.success;
}

function toShown(policy: TrustPolicy) {
  const { name, registryScopes, level, organisations, needed, newest, maxAge } = policy;
  return {
    name,
    registryScopes,
    level,
    organisations,
    needed,
    allowSuperseded: !newest,
    maxAge: maxAge ?? null,
  };
}

function describe({ words: { policy: words } }: Context, policy: TrustPolicy): string {
  const { name, registryScopes, level, newest, maxAge } = policy;
  const asks = [
    signedBy(words, policy),
    ...(maxAge === undefined ? [] : [words.within(spanOf(words, maxAge))]),
    newest ? words.newest : words.supersededToo,
  ];
  return words.policy(name, level, registryScopes.join(words.list), asks.join(words.list));
}

function signedBy(words: PolicyWords, { organisations, needed }: TrustPolicy): string {
  const [first = "", ...others] = organisations;
  const names = organisations.join(words.list);
  if (first === "") return words.signedByOwner;
  if (others.length === 0) return words.signedBy(first);
  if (needed === 1) return words.signedByAny(names);
  return needed === organisations.length ? words.signedByAll(names) : words.signedBySome(needed, names);
}

/** Seconds in the largest unit that divides them, as a policy file would have it. */
function spanOf({ spans }: PolicyWords, seconds: number): string {
  const units = [
    [31_536_000, spans.y],
    [86_400, spans.d],
    [3600, spans.h],
    [60, spans.m],
  ] as const;
  const [length, say] = units.find(([unit]) => seconds % unit === 0) ?? [1, spans.s];
  return say(seconds / length);
}
