import { readdir } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import { parse } from "smol-toml";
import * as library from "../../src/internal.ts";
import { call } from "./systemd.ts";

/** Where containerd's program and its configuration are. */
export interface ContainerdPlace {
  readonly containerd: string;
  readonly config: string;
}

/** What of a containerd's configuration bears on whether its pulls are verified. */
export interface ContainerdSettings {
  /** such as `2.1.9`; undefined where its program is not here */
  readonly version: string | undefined;
  readonly disabledPlugins: readonly string[];
  readonly binDir: string;
  /** below 0: as many as there are */
  readonly maxVerifiers: number;
  /** seconds */
  readonly verifierTime: number;
  /** settings of Kubernetes' interface (CRI) by which it pulls past the verifiers */
  readonly localPulls: readonly string[];
}

type Table = Readonly<Record<string, unknown>>;

export const verifierPlugin = "io.containerd.image-verifier.v1.bindir";
/** The tables that Kubernetes' part of pulling has had its settings in, from version 3 of the configuration back to 2. */
const criTables = ["io.containerd.cri.v1.images", "io.containerd.grpc.v1.cri"];
const maxImports = 1000;

/**
 * Reads what containerd goes by: from itself where its program is here, else from its file and those that it imports.
 * @throws CONTAINERD_NOT_FOUND where there is neither; CONTAINERD_CONFIG_REFUSED, CONTAINERD_CONFIG_NOT_TOML, CONTAINERD_BIN_DIR_RELATIVE,
 *   CONTAINERD_SETTINGS_INVALID, CONTAINERD_IMPORTS_TOO_MANY, CONTAINERD_IMPORT_UNKNOWN
 */
export async function readContainerdSettings(place: ContainerdPlace): Promise<ContainerdSettings> {
  const { containerd, config } = place;
  const [told, dumped] = await Promise.all([
    call(containerd, ["--version"]),
    call(containerd, ["--config", config, "config", "dump"]),
  ]);
  if (told.error === undefined) {
    const version = /\sv?(\d+\.\d+\.\d+\S*)/.exec(told.out)?.[1];
    if (dumped.error !== undefined)
      throw library.failure(
        "CONTAINERD_CONFIG_REFUSED",
        { config, said: dumped.said },
        { cause: dumped.error },
      );
    return toSettings(parseToml(dumped.out, `${containerd} config dump`), version);
  }
  const root = await readTable(config);
  if (root === undefined) {
    throw library.failure("CONTAINERD_NOT_FOUND", { containerd, config }, { cause: told.error });
  }
  return toSettings(await withImports(root, config), undefined);
}

/** @param version of containerd's own program; undefined where it is not known */
export function toSettings(root: Table, version: string | undefined): ContainerdSettings {
  const plugins = tableOf(root, "plugins");
  const verifiers = tableOf(plugins, verifierPlugin);
  const {
    disabled_plugins: disabled,
    bin_dir: binDir,
    max_verifiers: most,
    per_verifier_timeout: time,
  } = {
    disabled_plugins: root["disabled_plugins"] ?? [],
    bin_dir: "/opt/containerd/image-verifier/bin",
    max_verifiers: 10,
    per_verifier_timeout: "10s",
    ...verifiers,
  };
  const seconds = typeof time === "string" ? toSeconds(time) : undefined;
  if (typeof binDir === "string" && binDir !== "" && !isAbsolute(binDir))
    throw library.failure("CONTAINERD_BIN_DIR_RELATIVE", { path: JSON.stringify(binDir) });
  if (typeof binDir !== "string" || typeof most !== "number" || seconds === undefined)
    throw library.failure("CONTAINERD_SETTINGS_INVALID", { plugin: verifierPlugin });
  return {
    version,
    disabledPlugins: Array.isArray(disabled) ? disabled.filter((name) => typeof name === "string") : [],
    binDir,
    maxVerifiers: most,
    verifierTime: seconds,
    localPulls: [...new Set(criTables.flatMap((name) => localPulls(tableOf(plugins, name))))],
  };
}

/**
 * Settings with which containerd's CRI pulls images itself rather than by its transfer service, which is what asks the verifiers. Of the first it is
 * told; the others make it "fall back to local image pull mode", as its log has it. Found by starting containerd 2.1.9 with each.
 */
function localPulls(images: Table): string[] {
  const registry = tableOf(images, "registry");
  const isSet = (table: Table, name: string): boolean => Object.keys(tableOf(table, name)).length > 0;
  return [
    ...(images["use_local_image_pull"] === true ? ["use_local_image_pull = true"] : []),
    ...(images["disable_snapshot_annotations"] === false ? ["disable_snapshot_annotations = false"] : []),
    ...(images["discard_unpacked_layers"] === true ? ["discard_unpacked_layers = true"] : []),
    ...(images["image_pull_with_sync_fs"] === true ? ["image_pull_with_sync_fs = true"] : []),
    ...((images["max_concurrent_downloads"] ?? 3) === 3
      ? []
      : [`max_concurrent_downloads = ${images["max_concurrent_downloads"]}`]),
    ...["mirrors", "configs", "auths"]
      .filter((name) => isSet(registry, name))
      .map((name) => `registry.${name}`),
  ];
}

/** A duration as Go writes it ("1m30s"), in seconds. */
function toSeconds(text: string): number | undefined {
  const units: Readonly<Record<string, number>> = {
    ns: 1e-9,
    us: 1e-6,
    µs: 1e-6,
    ms: 1e-3,
    s: 1,
    m: 60,
    h: 3600,
  };
  if (text === "0") return 0;
  if (!/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g);
  return [...parts].reduce((sum, [, value, unit = ""]) => sum + Number(value) * (units[unit] ?? 0), 0);
}

/** A file's settings with those of the files that it imports, which stand above its own. */
async function withImports(root: Table, file: string): Promise<Table> {
  const files = [file];
  let merged = root;
  for (let at = 0; at < files.length; at++) {
    const from = files[at] ?? "";
    const own = at === 0 ? root : await readTable(from);
    if (own === undefined) continue;
    merged = merge(merged, own);
    const imports = own["imports"];
    if (!Array.isArray(imports)) continue;
    for (const pattern of imports.filter((name) => typeof name === "string")) {
      const absolute = isAbsolute(pattern) ? pattern : join(dirname(from), pattern);
      files.push(...(await expand(absolute)).filter((name) => !files.includes(name)));
    }
    if (files.length > maxImports)
      throw library.failure("CONTAINERD_IMPORTS_TOO_MANY", { file, limit: maxImports });
  }
  return merged;
}

/** The files that a pattern stands for: as it is used, one of `*` and `?` in its last part. */
async function expand(pattern: string): Promise<string[]> {
  if (!/[*?[]/.test(pattern)) return [pattern];
  const directory = dirname(pattern);
  const last = basename(pattern);
  if (/[*?[]/.test(directory) || last.includes("["))
    throw library.failure("CONTAINERD_IMPORT_UNKNOWN", { pattern });
  const escaped = last.replace(/[.+^${}()|\\\]]/g, "\\$&");
  const names = new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
  const found = await readdir(directory).catch(() => []);
  return found
    .filter((name) => names.test(name))
    .sort()
    .map((name) => join(directory, name));
}

function merge(below: Table, above: Table): Table {
  const merged: Record<string, unknown> = { ...below };
  for (const [name, value] of Object.entries(above)) {
    const before = merged[name];
    merged[name] = isTable(before) && isTable(value) ? merge(before, value) : value;
  }
  return merged;
}

async function readTable(path: string): Promise<Table | undefined> {
  const text = await library.readSmallFile(path);
  return text === undefined ? undefined : parseToml(text, path);
}

function parseToml(text: string, source: string): Table {
  try {
    return parse(text) as Table;
  } catch (cause) {
    throw library.failure("CONTAINERD_CONFIG_NOT_TOML", { source }, { cause });
  }
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function tableOf(table: Table, name: string): Table {
  const value = Object.hasOwn(table, name) ? table[name] : undefined;
  return isTable(value) ? value : {};
}
