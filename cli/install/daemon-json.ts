import * as library from "../../src/index.ts";

/** The name by which an engine's configuration calls the gate: that of its socket. */
export const pluginName = "daochain";

const key = "authorization-plugins";

/** An engine's configuration, as it stands in its file. */
export interface DaemonJson {
  readonly text: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly plugins: readonly string[];
}

/** @returns without a file what an engine goes by then @throws CONFIGURATION_INVALID where it is not one that could be changed */
export async function readDaemonJson(path: string): Promise<DaemonJson> {
  const text = await library.readSmallFile(path);
  const invalid = (what: string, cause?: unknown) =>
    new library.DaoChainError("CONFIGURATION_INVALID", `The engine's configuration ${path} ${what}.`, {
      hint: "Repair it first: it is left as it is.",
      cause,
    });
  let fields: unknown = {};
  try {
    // An engine takes an empty file for an empty object.
    if (text !== undefined && text.trim() !== "") fields = JSON.parse(text);
  } catch (cause) {
    throw invalid("is not JSON", cause);
  }
  if (typeof fields !== "object" || fields === null || Array.isArray(fields))
    throw invalid("is not an object");
  const own = fields as Record<string, unknown>;
  const plugins = own[key] ?? [];
  if (!Array.isArray(plugins) || !plugins.every((plugin) => typeof plugin === "string"))
    throw invalid(`has ${key} that are not names`);
  return { text, fields: own, plugins };
}

/** The file's text with the gate asked after all others, or not at all; everything else stays. */
export function withGate({ fields, plugins, text }: DaemonJson, isAsked: boolean): string {
  const others = plugins.filter((plugin) => plugin !== pluginName);
  const wanted = isAsked ? [...others, pluginName] : others;
  const { [key]: _, ...rest } = fields;
  const changed = wanted.length === 0 ? rest : { ...fields, [key]: wanted };
  const indent = /^([ \t]+)"/m.exec(text ?? "")?.[1] ?? "  ";
  return `${JSON.stringify(changed, null, indent)}\n`;
}
