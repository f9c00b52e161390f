import * as library from "../../src/internal.ts";
import { openConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { chainChecks, checkRollbacks } from "../doctor/chain.ts";
import { type Check, type CheckName, type CheckResult, runCheck, type Speaker } from "../doctor/check.ts";
import { checkKeys, checkPermissions, policyCheck } from "../doctor/keys.ts";
import { checkDisk, checkEngine, checkGates, checkHome, checkVersions } from "../doctor/machine.ts";
import { exitCodes } from "../exit-codes.ts";
import { sanitizeLine, toJson } from "../output/sanitize.ts";
import { wordsIn } from "../words/words.ts";

export interface DoctorOptions {
  readonly policy?: string;
}

/** Looks at everything that a home needs, and changes nothing. The exit code is 20 where something is wrong or not known. */
export async function doctor(context: Context, options: DoctorOptions): Promise<number> {
  const { chain, clock, index } = chainChecks();
  const checks: Readonly<Record<CheckName, Check>> = {
    versions: checkVersions,
    home: checkHome,
    disk: checkDisk,
    engine: checkEngine,
    chain,
    clock,
    rollback: checkRollbacks,
    keys: checkKeys,
    permissions: checkPermissions,
    policy: policyCheck(options.policy, openConnection),
    index,
    gates: checkGates,
  };
  const found = await Promise.all(
    (Object.entries(checks) as [CheckName, Check][]).map(async ([name, check]) => {
      const results = await runCheck(context, check);
      return results.map((result) => ({ name, ...result }));
    }),
  );
  const results = found.flat();
  const isHealthy = results.every(({ status }) => status === "ok");
  if (context.json) await showJson(context, results, isHealthy);
  else showText(context, results);
  return isHealthy ? exitCodes.success : exitCodes.inconclusive;
}

type NamedResult = CheckResult & { readonly name: CheckName };

/** What programs read stays English. */
async function showJson(
  context: Context,
  results: readonly NamedResult[],
  isHealthy: boolean,
): Promise<void> {
  const [{ doctor: words }, translator] = await Promise.all([wordsIn("en"), library.translatorFor("en")]);
  context.result(
    toJson({
      home: context.home.directory,
      healthy: isHealthy,
      checks: results.map(({ name, status, message, command }) => ({
        check: name,
        status,
        message: message({ words, translator }),
        command: command ?? null,
      })),
    }),
  );
}

function showText(context: Context, results: readonly NamedResult[]): void {
  const { style, translator } = context;
  const words = context.words.doctor;
  const speaker: Speaker = { words, translator };
  const marks = { ok: "verified", finding: "corrupt", unknown: "inconclusive" } as const;
  const shown = results.map(({ name, status, message, command }) => ({
    status,
    command,
    cells: [words.names[name], words.statuses[status]],
    text: sanitizeLine(message(speaker)),
  }));
  const widths = [0, 1].map((at) => Math.max(...shown.map(({ cells }) => width(cells[at] ?? ""))));
  for (const { status, cells, text, command } of shown) {
    const [name = "", state = ""] = cells.map(
      (cell, at) => cell + " ".repeat((widths[at] ?? 0) - width(cell)),
    );
    context.result(`${name}  ${style.status(marks[status], state)}  ${text}`);
    if (command !== undefined) {
      const indent = " ".repeat((widths[0] ?? 0) + (widths[1] ?? 0) + 4);
      context.result(`${indent}${words.mend(style.bold(sanitizeLine(command)))}`);
    }
  }
  const count = (status: CheckResult["status"]): number =>
    results.filter((result) => result.status === status).length;
  context.note(words.summary(count("finding"), count("unknown")));
}

/** Columns of a terminal that a name takes: our own words are plain letters, or Chinese ones of two columns. */
function width(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter > "\u2e80" ? 2 : 1), 0);
}
