import { createHash } from "node:crypto";
import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import manifest from "../../package.json" with { type: "json" };
import { type AuditedImage, type Place, type VerdictStatus, verdictStatuses } from "../../src/internal.ts";
import { audit as english } from "../words/en/audit.ts";
import { placeText } from "./audit.ts";
import { toJson } from "./sanitize.ts";

type Level = "error" | "warning" | "note";

/** What is said of each status that is not `verified`: programs read it, so it is English. */
const rules: Readonly<Record<Exclude<VerdictStatus, "verified">, readonly [text: string, level: Level]>> = {
  unsigned: ["No claim names this image or its repository and tag.", "error"],
  mismatch: ["The tag is claimed, but for another image.", "error"],
  revoked: ["The image was claimed, then revoked.", "error"],
  expired: ["The claim's time has passed.", "error"],
  untrusted: ["The image is claimed, but not by whom the policy asks for.", "error"],
  pending: ["Fewer signatures than the organisation asks for.", "warning"],
  denied: ["A policy rule says no.", "error"],
  superseded: ["The image was signed, but its tag has moved on.", "error"],
  corrupt: ["The bytes are not what the image's own config, manifest or claim says.", "error"],
  inconclusive: ["It is not known whether the image is what was signed.", "warning"],
};
const ids = Object.keys(rules) as (keyof typeof rules)[];

/**
 * An audit in the Static Analysis Results Interchange Format (OASIS SARIF 2.1.0): a rule for each status, and a result for each place of an
 * image that is not verified.
 */
export function toSarif(audited: readonly AuditedImage[]): string {
  const results = audited.flatMap((image) =>
    image.verdict.status === "verified"
      ? []
      : image.where.map((place) => toResult(image, image.verdict.status, place)),
  );
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "daochain",
            version: manifest.version,
            semanticVersion: manifest.version,
            rules: ids.map((id) => ({
              id,
              name: `Image${id.slice(0, 1).toUpperCase()}${id.slice(1)}`,
              shortDescription: { text: rules[id][0] },
              fullDescription: { text: `${rules[id][0]} daochain verify ends with ${verdictStatuses[id]}.` },
              defaultConfiguration: { level: rules[id][1] },
              properties: { tags: ["security", "supply-chain"] },
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { ROOT: { uri: `${pathToFileURL(process.cwd()).href}/` } },
        results,
      },
    ],
  };
  return `${toJson(log)}\n`;
}

function toResult({ verdict, isBuilt }: AuditedImage, status: VerdictStatus, place: Place): object {
  const id = status as keyof typeof rules;
  const why = verdict.reasons.length === 0 ? "" : `: ${verdict.reasons.join("; ").slice(0, 2000)}`;
  const digest = verdict.subjects[0]?.digest;
  return {
    ruleId: id,
    ruleIndex: ids.indexOf(id),
    level: isBuilt ? "note" : rules[id][1],
    message: { text: `${verdict.image} is ${status}${why} (${placeText(place, english)})` },
    locations: [toLocation(verdict.image, place)],
    // What it is about, and where: not the line, which moves, nor the reason, whose words may change.
    partialFingerprints: {
      "imagePlace/v1": createHash("sha256")
        .update(JSON.stringify([id, verdict.image, place.kind, place.name, place.file ?? null]))
        .digest("hex"),
    },
    properties: {
      image: verdict.image,
      organisation: verdict.organisation,
      depth: verdict.depth,
      ...(digest === undefined ? {} : { digest }),
    },
  };
}

function toLocation(image: string, { kind, name, file, line }: Place): object {
  const logical = {
    name: name === "" ? image : name,
    fullyQualifiedName: `${kind}/${name === "" ? image : name}`,
    kind: kind === "image" || kind === "container" ? "resource" : "member",
  };
  if (file === undefined) return { logicalLocations: [logical] };
  const uri = isAbsolute(file)
    ? { uri: pathToFileURL(file).href }
    : { uri: file.replace(/^\.\//, "").split(/[\\/]/).map(encodeURIComponent).join("/"), uriBaseId: "ROOT" };
  return {
    physicalLocation: {
      artifactLocation: uri,
      ...(line === undefined ? {} : { region: { startLine: line } }),
    },
    ...(name === "" ? {} : { logicalLocations: [logical] }),
  };
}
