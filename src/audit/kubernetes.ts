import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type DaoChainError, failure, isDaoChainError } from "../errors.ts";
import { unreadableDirectory } from "../files.ts";
import { findImages, kindOf } from "../gates/kubernetes/images.ts";
import type { JsonObject } from "../json.ts";
import { type Message, say } from "../messages/message.ts";
import { type Finding, maxFindings, type Place } from "./place.ts";
import { findingOf } from "./references.ts";
import { parseYaml, readYamlFile, type YamlDocument } from "./yaml.ts";

/** Files in a folder, and folders within it, that are looked through. */
const maxFiles = 10_000;
const maxDepth = 32;
const manifest = /\.(?:ya?ml|json)$/i;

/**
 * The images that objects of Kubernetes would have run, from every manifest in YAML or JSON of a folder. Documents that are no objects are left
 * out; templates of Helm and overlays of Kustomize are not rendered, and said not to be read. A name means the registry's image, as it does to
 * a kubelet.
 * @param path a file, or a folder
 * @throws MANIFESTS_MISSING, TOO_MANY_IMAGES_LISTED, TOO_MANY_MANIFESTS, FOLDER_TOO_DEEP, DIRECTORY_UNREADABLE
 */
export async function readManifests(path: string): Promise<Finding[]> {
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined) throw failure("MANIFESTS_MISSING", { path });
  const files = facts.isDirectory() ? await listFiles(path) : [path];
  const findings: Finding[] = [];
  for (const file of files) {
    findings.push(...(await readManifest(file)));
    if (findings.length > maxFindings) throw failure("TOO_MANY_IMAGES_LISTED", { path, limit: maxFindings });
  }
  return findings;
}

/** By name; links to folders are not followed, and what begins with a dot is left out. */
async function listFiles(root: string): Promise<string[]> {
  const files: string[] = [];
  const walk = async (directory: string, depth: number): Promise<void> => {
    if (depth > maxDepth) throw failure("FOLDER_TOO_DEEP", { path: root });
    const entries = await readdir(directory, { withFileTypes: true }).catch((cause) => {
      throw unreadableDirectory(directory, cause);
    });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith(".")) continue;
      const path = join(directory, entry.name);
      if (entry.isDirectory()) await walk(path, depth + 1);
      else if (manifest.test(entry.name)) files.push(path);
      if (files.length > maxFiles) throw failure("TOO_MANY_MANIFESTS", { limit: maxFiles, path: root });
    }
  };
  await walk(root, 0);
  return files;
}

async function readManifest(file: string): Promise<Finding[]> {
  try {
    return toFindings(file, await readYamlFile(file));
  } catch (error) {
    if (!isDaoChainError(error) || error.outcome === "cancelled") throw error;
    return [unread(file, await explain(file, error))];
  }
}

/** The images of manifests in a text, such as `helm template` prints it. @param file what it is called @throws as `readManifests` */
export function readManifestText(text: string, file: string): Finding[] {
  return toFindings(file, parseYaml(text, file));
}

function unread(file: string, reason: Message | DaoChainError, line = 1, name = ""): Finding {
  return { place: { kind: "kubernetes", name, file, line }, image: file, reason };
}

function toFindings(file: string, documents: readonly YamlDocument[]): Finding[] {
  return documents.flatMap((document): Finding[] => {
    const { value, line } = document;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
    const object = value as JsonObject;
    const { apiVersion, kind } = object;
    if (typeof apiVersion !== "string" || typeof kind !== "string") {
      // Values for a template and the like; what has one of the two was meant to be an object.
      return apiVersion === undefined && kind === undefined
        ? []
        : [unread(file, say("audit-not-an-object"), line)];
    }
    if (apiVersion.startsWith("kustomize.config.k8s.io/"))
      return [unread(file, say("audit-kustomize"), line, kind)];
    try {
      return findImages(object, kindOf(object)).map(({ image, path }) => {
        const place: Place = {
          kind: "kubernetes",
          name: nameOf(object, path),
          file,
          line: document.lineOf(path),
        };
        if (image.includes("{{")) return { place, image, reason: say("audit-template") };
        if (image === "") return { place, image: file, reason: say("audit-container-no-image") };
        return findingOf(`docker://${image}`, place);
      });
    } catch (error) {
      // What is wrong in one object is no reason to leave the others out.
      if (!isDaoChainError(error) || error.outcome !== "inconclusive") throw error;
      return [unread(file, error, line, nameOf(object, []))];
    }
  });
}

/** A template is mostly no YAML before it is rendered. */
async function explain(file: string, error: DaoChainError): Promise<Message | DaoChainError> {
  const { readSmallFile } = await import("../files.ts");
  const text = await readSmallFile(file, 64 << 20).catch(() => undefined);
  return text?.includes("{{") === true ? say("audit-template") : error;
}

/** Kind and name, of an object in a list its own. */
function nameOf(object: JsonObject, path: readonly (string | number)[]): string {
  let named = object;
  let at: unknown = object;
  for (const part of path) {
    at = (at as Record<string | number, unknown> | undefined)?.[part];
    if (isObject(at) && typeof at["kind"] === "string" && isObject(at["metadata"])) named = at;
  }
  const { kind, metadata } = named;
  const name = isObject(metadata) ? metadata["name"] : undefined;
  return `${String(kind)}${typeof name === "string" ? `/${name}` : ""}`;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
