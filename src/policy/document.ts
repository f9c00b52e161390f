import { parseDuration } from "../duration.ts";
import { type DaoChainError, failure, isDaoChainError } from "../errors.ts";
import { parseStrictJson } from "../json.ts";
import { Message, say } from "../messages/message.ts";
import { isScope } from "./scope.ts";
import { levels, TrustPolicies, type TrustPolicy } from "./trust-policy.ts";

/** Bytes of a document, policies in it, scopes and organisations of one. */
const limits = { bytes: 1 << 20, policies: 100, scopes: 100, organisations: 32 } as const;

/**
 * Reads policies as `daochain.policy.json` has them (docs/policy.md). Nothing that is not understood is passed over: a word misspelt would
 * make a policy mean something else.
 * @param what the document's name for a message
 * @throws POLICY_UNREADABLE, POLICY_INVALID
 */
export function parseTrustPolicies(bytes: Uint8Array, what: string): TrustPolicies {
  const reader = new Reader(what);
  let value: unknown;
  try {
    value = parseStrictJson(bytes, "policy", limits.bytes);
  } catch (cause) {
    if (!isDaoChainError(cause)) throw cause;
    const { reason } = cause.values;
    // Without a reason it is too large: nothing else is said of the whole of it.
    throw failure(
      "POLICY_UNREADABLE",
      { path: what, reason: reason ?? say("policy-too-large", { limit: limits.bytes }) },
      { cause },
    );
  }
  const document = reader.object(value, "", ["version", "trustPolicies"]);
  if (document["version"] !== "1.0")
    throw reader.wrong("version", say("policy-version", { version: '"1.0"' }));
  const policies = reader
    .list(document["trustPolicies"], "trustPolicies", limits.policies)
    .map((policy, at) => toPolicy(reader, policy, `trustPolicies[${at}]`));
  reader.distinct(
    policies.map(({ name }) => name),
    "trustPolicies",
    "policy-name-twice",
  );
  reader.distinct(
    policies.flatMap(({ registryScopes }) => registryScopes),
    "trustPolicies",
    "policy-scope-twice",
  );
  return new TrustPolicies(policies);
}

function toPolicy(reader: Reader, value: unknown, at: string): TrustPolicy {
  const policy = reader.object(value, at, [
    "name",
    "registryScopes",
    "signatureVerification",
    "organisations",
    "maxAge",
    "allowSuperseded",
  ]);
  const name = policy["name"];
  if (typeof name !== "string" || !/^[\w.-]{1,100}$/.test(name))
    throw reader.wrong(`${at}.name`, say("policy-name"));
  const registryScopes = reader.list(policy["registryScopes"], `${at}.registryScopes`, limits.scopes);
  for (const [index, scope] of registryScopes.entries()) {
    if (typeof scope !== "string" || !isScope(scope)) {
      throw reader.wrong(`${at}.registryScopes[${index}]`, say("policy-scope"));
    }
  }
  const verification = reader.object(policy["signatureVerification"], `${at}.signatureVerification`, [
    "level",
  ]);
  const level = levels.find((known) => known === verification["level"]);
  if (level === undefined)
    throw reader.wrong(
      `${at}.signatureVerification.level`,
      say("policy-one-of", { values: levels.join(", ") }),
    );
  const { maxAge, allowSuperseded = false } = policy;
  const seconds = typeof maxAge === "string" ? parseDuration(maxAge) : undefined;
  if (maxAge !== undefined && (seconds === undefined || seconds === 0))
    throw reader.wrong(`${at}.maxAge`, say("policy-span"));
  if (typeof allowSuperseded !== "boolean")
    throw reader.wrong(`${at}.allowSuperseded`, say("policy-boolean"));
  return {
    name,
    registryScopes: registryScopes as string[],
    level,
    ...toOrganisations(reader, policy["organisations"], `${at}.organisations`),
    newest: !allowSuperseded,
    maxAge: seconds,
  };
}

/** `{ "any": [...] }`, `{ "all": [...] }` or `{ "atLeast": 2, "of": [...] }`; absent: whoever owns the repository. */
function toOrganisations(
  reader: Reader,
  value: unknown,
  at: string,
): Pick<TrustPolicy, "organisations" | "needed"> {
  if (value === undefined) return { organisations: [], needed: 1 };
  const wanted = reader.object(value, at, ["any", "all", "atLeast", "of"]);
  const key = Object.keys(wanted).sort().join();
  if (key !== "any" && key !== "all" && key !== "atLeast,of")
    throw reader.wrong(at, say("policy-organisations"));
  const list = key === "atLeast,of" ? "of" : key;
  const organisations = reader.list(wanted[list], `${at}.${list}`, limits.organisations);
  for (const [index, name] of organisations.entries()) {
    if (typeof name !== "string" || name === "" || name.length > 200)
      throw reader.wrong(`${at}.${list}[${index}]`, say("policy-organisation-name"));
  }
  reader.distinct(organisations as string[], `${at}.${list}`, "policy-organisation-twice");
  const count = key === "any" ? 1 : key === "all" ? organisations.length : wanted["atLeast"];
  if (!Number.isSafeInteger(count) || Number(count) < 1 || Number(count) > organisations.length)
    throw reader.wrong(`${at}.atLeast`, say("policy-number", { limit: organisations.length }));
  return { organisations: organisations as string[], needed: Number(count) };
}

/** Reads values, and says where something is wrong. */
class Reader {
  readonly #what: string;

  constructor(what: string) {
    this.#what = what;
  }

  wrong(at: string, rule: Message): DaoChainError {
    return failure("POLICY_INVALID", {
      path: this.#what,
      place: at === "" ? say("policy-document") : at,
      rule,
    });
  }

  object(value: unknown, at: string, known: readonly string[]): Readonly<Record<string, unknown>> {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw this.wrong(at, say("policy-object"));
    for (const name of Object.keys(value)) {
      if (!known.includes(name))
        throw this.wrong(at, say("policy-unknown-member", { name: JSON.stringify(name.slice(0, 60)) }));
    }
    return value as Record<string, unknown>;
  }

  list(value: unknown, at: string, limit: number): readonly unknown[] {
    if (Array.isArray(value) && value.length > 0 && value.length <= limit) return value;
    throw this.wrong(at, say("policy-list", { limit }));
  }

  distinct(
    values: readonly string[],
    at: string,
    rule: "policy-name-twice" | "policy-scope-twice" | "policy-organisation-twice",
  ): void {
    const seen = new Set<string>();
    for (const value of values) {
      if (seen.has(value)) throw this.wrong(at, new Message(rule, { value: JSON.stringify(value) }));
      seen.add(value);
    }
  }
}
