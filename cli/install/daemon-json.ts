import * as library from "../../src/internal.ts";

/** The name by which an engine's configuration calls the gate: that of its socket. */
export const pluginName = "daochain";

const key = "authorization-plugins";

/** An engine's configuration, as it stands in its file. */
export interface DaemonJson {
  readonly text: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly plugins: readonly string[];
}

/** @returns without a file what an engine goes by then @throws DAEMON_JSON_INVALID, DAEMON_JSON_PLUGINS_INVALID */
export async function readDaemonJson(path: string): Promise<DaemonJson> {
  const text = await library.readSmallFile(path);
  let fields: unknown = {};
  try {
    // An engine takes an empty file for an empty object.
    if (text !== undefined && text.trim() !== "") fields = JSON.parse(text);
  } catch (cause) {
    throw library.failure("DAEMON_JSON_INVALID", { file: path }, { cause });
  }
  if (typeof fields !== "object" || fields === null || Array.isArray(fields))
    throw library.failure("DAEMON_JSON_INVALID", { file: path });
  const own = fields as Record<string, unknown>;
  const plugins = own[key] ?? [];
  if (!Array.isArray(plugins) || !plugins.every((plugin) => typeof plugin === "string"))
    throw library.failure("DAEMON_JSON_PLUGINS_INVALID", { file: path, key });
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
