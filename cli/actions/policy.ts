import type { TrustPolicy } from "../../src/index.ts";
import * as library from "../../src/index.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { sanitizeLine, toJson } from "../output/sanitize.ts";

export interface PolicyOptions {
  readonly org?: string;
}

/** Writes a policy file that says what holds without one. @throws CONFIGURATION_INVALID where there is one */
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
    throw new library.DaoChainError("CONFIGURATION_INVALID", `There is a file ${file} already.`, {
      hint: "daochain policy check says whether it can be used.",
      cause,
    });
  }
  context.note(sanitizeLine(`Written: ${file}. docs/policy.md says what it may hold.`));
  return exitCodes.success;
}

/** Says what a policy file says. @throws CONFIGURATION_INVALID where that is nothing */
export async function checkPolicy(context: Context, file: string): Promise<number> {
  const { all } = await library.readTrustPolicies(file);
  if (context.json) context.result(toJson(all.map(toShown)));
  else for (const policy of all) context.result(sanitizeLine(describe(policy)));
  return exitCodes.success;
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
  const about = repository ?? "an image without a name";
  if (context.json)
    context.result(
      toJson({ image, repository: repository ?? null, policy: policy ? toShown(policy) : null }),
    );
  else if (policy === undefined) context.result(`${about}: no policy's registry scopes hold it: denied`);
  else context.result(sanitizeLine(`${about}: ${describe(policy)}`));
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

function describe({
  name,
  registryScopes,
  level,
  organisations,
  needed,
  newest,
  maxAge,
}: TrustPolicy): string {
  const who =
    organisations.length === 0 ? "the owner of the repository" : `${needed} of ${organisations.join(", ")}`;
  return [
    `policy ${name} (${level}) for ${registryScopes.join(", ")}: signed by ${who}`,
    ...(maxAge === undefined ? [] : [`at most ${maxAge} seconds ago`]),
    newest ? "and the newest of its tag" : "superseded or not",
  ].join(", ");
}
