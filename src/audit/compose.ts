import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { failure, isDaoChainError } from "../errors.ts";
import { readSmallFile } from "../files.ts";
import { type Message, say } from "../messages/message.ts";
import { interpolate, parseDotenv } from "./interpolate.ts";
import { type Finding, maxFindings, type Place } from "./place.ts";
import { findingOfName } from "./references.ts";
import { parseYaml, readYamlFile, type YamlDocument } from "./yaml.ts";

/** Names of a compose file in a folder, in the order in which compose looks for them. */
const usualNames = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

type Mapping = Readonly<Record<string, unknown>>;

/**
 * The images of a compose file's services (compose-spec), whatever profiles they have: with variables from the environment and from a `.env`
 * file beside it. What is in other files (`include`, `extends` with a file) is not read, and said not to be.
 * @param path a compose file, or a folder that holds one
 * @param environment variables, which count more than the file's
 * @throws COMPOSE_FILE_MISSING, TOO_MANY_IMAGES_LISTED, VARIABLES_INVALID, and as `readYamlFile`
 */
export async function readComposeFile(
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Finding[]> {
  const file = await fileAt(path);
  return read(file, await readYamlFile(file), await readVariables(dirname(file), environment));
}

/** The same of a text, such as `docker compose config` prints it. @param file what it is called */
export function readCompose(
  text: string,
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Finding[] {
  return read(file, parseYaml(text, file), toVariables(environment));
}

function read(
  file: string,
  documents: readonly YamlDocument[],
  variables: ReadonlyMap<string, string>,
): Finding[] {
  const findings = documents.flatMap((document) => new ComposeReader(file, document, variables).findings());
  if (findings.length > maxFindings)
    throw failure("TOO_MANY_IMAGES_LISTED", { path: file, limit: maxFindings });
  return findings;
}

async function fileAt(path: string): Promise<string> {
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isDirectory() !== true) return path;
  for (const name of usualNames) {
    const file = join(path, name);
    if ((await stat(file).catch(() => undefined))?.isFile() === true) return file;
  }
  throw failure("COMPOSE_FILE_MISSING", { directory: path, names: usualNames.join(", ") });
}

async function readVariables(
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ReadonlyMap<string, string>> {
  const own = toVariables(environment);
  const text = await readSmallFile(join(directory, ".env"));
  return text === undefined ? own : new Map([...parseDotenv(text, own), ...own]);
}

function toVariables(environment: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  );
}

class ComposeReader {
  readonly #file: string;
  readonly #document: YamlDocument;
  readonly #variables: ReadonlyMap<string, string>;

  constructor(file: string, document: YamlDocument, variables: ReadonlyMap<string, string>) {
    this.#file = file;
    this.#document = document;
    this.#variables = variables;
  }

  findings(): Finding[] {
    const root = asMapping(this.#document.value);
    if (this.#document.value === null) return [];
    if (root === undefined) return [this.#unread("", [], say("audit-not-compose"))];
    const services = asMapping(root["services"]);
    const included = root["include"] === undefined ? [] : [this.#included()];
    if (services === undefined) {
      const isNamed = root["services"] !== undefined && root["services"] !== null;
      if (isNamed || included.length === 0)
        included.push(this.#unread("", ["services"], say("audit-no-services")));
      return included;
    }
    return [
      ...included,
      ...Object.entries(services).flatMap(([name, service]) => [
        this.#service(name, service, services),
        ...this.#volumes(name, service),
      ]),
    ];
  }

  #included(): Finding {
    return this.#unread("include", ["include"], say("audit-included"));
  }

  #service(name: string, value: unknown, services: Mapping): Finding {
    const path = ["services", name];
    const service = asMapping(value);
    if (service === undefined) return this.#unread(name, path, say("audit-service-no-mapping"));
    if (service["image"] !== undefined && service["image"] !== null)
      return this.#image(name, [...path, "image"], service["image"]);
    const inherited = this.#inherited(name, service, services);
    if (inherited !== undefined) return inherited;
    if (service["build"] !== undefined && service["build"] !== null)
      return this.#built(name, [...path, "build"]);
    return this.#unread(name, path, say("audit-service-no-image"));
  }

  #built(name: string, path: readonly string[]): Finding {
    const reason = say("audit-service-built");
    return { place: this.#place(name, path), image: `${this.#file}: ${name}`, reason, isBuilt: true };
  }

  /** The image that a service has from another of the same file; what is in other files is not read. */
  #inherited(name: string, service: Mapping, services: Mapping): Finding | undefined {
    let at = service;
    const seen = new Set<string>([name]);
    for (;;) {
      const extended = at["extends"];
      if (extended === undefined || extended === null) return undefined;
      const [base, file] =
        typeof extended === "string"
          ? [extended, undefined]
          : [asMapping(extended)?.["service"], asMapping(extended)?.["file"]];
      const path = ["services", name, "extends"];
      if (typeof base !== "string" || (file !== undefined && file !== null))
        return this.#unread(name, path, say("audit-extends-file"));
      const next = asMapping(services[base]);
      if (next === undefined || seen.has(base))
        return this.#unread(
          name,
          path,
          say("audit-extends-nothing", { base: JSON.stringify(base.slice(0, 100)) }),
        );
      if (next["image"] !== undefined && next["image"] !== null)
        return this.#image(name, ["services", base, "image"], next["image"]);
      if (next["build"] !== undefined && next["build"] !== null) return this.#built(name, path);
      seen.add(base);
      at = next;
    }
  }

  /** Images that are mounted as volumes. */
  #volumes(name: string, value: unknown): Finding[] {
    const volumes = asMapping(value)?.["volumes"];
    if (!Array.isArray(volumes)) return [];
    return volumes.flatMap((volume, at) => {
      const mount = asMapping(volume);
      if (mount?.["type"] !== "image") return [];
      return [this.#image(name, ["services", name, "volumes", at, "source"], mount["source"])];
    });
  }

  #image(name: string, path: readonly (string | number)[], value: unknown): Finding {
    if (typeof value !== "string") return this.#unread(name, path, say("audit-image-no-text"));
    try {
      const { text, unset } = interpolate(value, this.#variables);
      const finding = findingOfName(text, this.#place(name, path));
      if (!("reason" in finding) || unset.length === 0) return finding;
      return {
        ...finding,
        image: value,
        reason: say("audit-not-set", { names: unset.join(", "), reason: finding.reason }),
      };
    } catch (error) {
      if (!isDaoChainError(error, "VARIABLES_INVALID")) throw error;
      return { place: this.#place(name, path), image: value, reason: error };
    }
  }

  #unread(name: string, path: readonly (string | number)[], reason: Message): Finding {
    return {
      place: this.#place(name, path),
      image: name === "" ? this.#file : `${this.#file}: ${name}`,
      reason,
    };
  }

  #place(name: string, path: readonly (string | number)[]): Place {
    return { kind: "compose", name, file: this.#file, line: this.#document.lineOf(path) };
  }
}

function asMapping(value: unknown): Mapping | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Mapping)
    : undefined;
}
