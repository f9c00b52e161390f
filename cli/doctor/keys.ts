import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { environmentKey } from "../environment-key.ts";
import { currentAccount } from "../secrets.ts";
import { type Check, type CheckResult, ok, saying, shellWord, wrong } from "./check.ts";

/** Keystores and passwords that are looked at; a home has a few. */
const maxFiles = 1000;

/** Whether there is a key to act with, and every account can be read. */
export const checkKeys: Check = async (context) => {
  const { env, home } = context;
  const results: CheckResult[] = [];
  const file = env["DAOCHAIN_PASSWORD_FILE"] ?? "";
  if (file !== "" && (await lstat(file).catch(() => undefined)) === undefined)
    results.push(wrong(({ words }) => words.passwordFileMissing(file)));
  const attempt = async (task: () => Promise<CheckResult>, command?: string): Promise<void> => {
    try {
      results.push(await task());
    } catch (error) {
      if (!library.isDaoChainError(error)) throw error;
      results.push(wrong(saying(error), command));
    }
  };
  await attempt(
    async () => {
      const key = await environmentKey(context);
      if (key !== undefined) {
        const { variable, signer } = key;
        return ok(({ words }) => words.keyOfEnvironment(variable, signer.address));
      }
      const { name, address } = await currentAccount(context);
      return ok(({ words }) => words.account(name, address));
    },
    (await isEmpty(home.accounts)) ? "daochain up" : "daochain account list",
  );
  return results;
};

/** Whether what holds secrets is closed to others, and all of it is this user's. */
export const checkPermissions: Check = async ({ home, env }) => {
  const user = process.geteuid?.();
  if (user === undefined) return [ok(({ words }) => words.noPermissions)];
  const results: CheckResult[] = [];
  let looked = 0;
  /** @param isSecret whether nobody else may even read it */
  const look = async (path: string, isSecret: boolean): Promise<void> => {
    const facts = await lstat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw library.failure("PATH_CLOSED", { path }, { cause: error });
    });
    if (facts === undefined) return;
    looked++;
    const mode = (facts.mode & 0o777).toString(8).padStart(4, "0");
    const word = shellWord(path);
    // What root runs here may be another user's home.
    if (user !== 0 && facts.uid !== user) {
      const owner = facts.uid;
      results.push(
        wrong(({ words }) => words.otherOwner(path, owner, user), `sudo chown -R ${user} ${word}`),
      );
    }
    if (facts.isSymbolicLink()) return void results.push(wrong(({ words }) => words.linkInstead(path)));
    const close = facts.isDirectory() ? "700" : "600";
    if (isSecret && (facts.mode & 0o077) !== 0)
      results.push(wrong(({ words }) => words.readableByOthers(path, mode), `chmod ${close} ${word}`));
    else if ((facts.mode & 0o022) !== 0)
      results.push(wrong(({ words }) => words.writableByOthers(path, mode), `chmod go-w ${word}`));
  };
  const lookWithin = async (directory: string): Promise<void> => {
    await look(directory, true);
    const names = await readdir(directory).catch(() => []);
    for (const name of names.slice(0, maxFiles)) await look(join(directory, name), true);
    if (names.length > maxFiles) results.push(wrong(({ words }) => words.tooManyFiles(directory, maxFiles)));
  };
  await look(home.directory, false);
  for (const path of [
    home.chain,
    join(home.chain, "chain.json"),
    join(home.chain, "journal"),
    home.network,
    home.settings,
  ])
    await look(path, false);
  for (const directory of [home.accounts, home.passwords]) await lookWithin(directory);
  for (const name of ["DAOCHAIN_PASSWORD_FILE", "DAOCHAIN_PRIVATE_KEY_FILE"]) {
    const file = env[name] ?? "";
    if (file !== "") await look(file, true);
  }
  return results.length === 0 ? [ok(({ words }) => words.permissions(looked))] : results;
};

/** Whether the policy file can be used, and the organisations that it asks for are there. */
export function policyCheck(
  given: string | undefined,
  open: (context: Context) => Promise<library.Connection>,
): Check {
  const file = given ?? "daochain.policy.json";
  return async (context, signal) => {
    const text = await library.readSmallFile(file);
    if (text === undefined) {
      return [
        given === undefined
          ? ok(({ words }) => words.noPolicy(file))
          : wrong(({ words }) => words.policyMissing(file), `daochain policy init ${shellWord(file)}`),
      ];
    }
    let policies: library.TrustPolicies;
    try {
      policies = await library.readTrustPolicies(file);
    } catch (error) {
      if (!library.isDaoChainError(error)) throw error;
      return [wrong(saying(error), `daochain policy check ${shellWord(file)}`)];
    }
    const found = ok(({ words }) => words.policy(file, policies.all.length));
    const required = policies.all.flatMap(({ name, organisations }) =>
      organisations.map((organisation) => ({ policy: name, organisation })),
    );
    if (required.length === 0) return [found];
    const connection = await open({ ...context, signal }).catch(() => undefined);
    // That the chain does not answer is said where it belongs.
    if (connection === undefined) return [found];
    try {
      const missing: CheckResult[] = [];
      for (const { policy, organisation } of required) {
        try {
          await library.requireOrganisation(connection, organisation);
        } catch (error) {
          if (!library.isDaoChainError(error, "ORGANISATION_NOT_FOUND")) throw error;
          missing.push(
            wrong(
              ({ words }) => words.policyOrganisation(file, policy, organisation),
              `daochain policy check ${shellWord(file)}`,
            ),
          );
        }
      }
      return missing.length === 0 ? [found] : missing;
    } finally {
      connection.rpc.close();
    }
  };
}

async function isEmpty(directory: string): Promise<boolean> {
  return readdir(directory).then(
    (names) => names.length === 0,
    () => true,
  );
}
