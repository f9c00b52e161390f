import { failure } from "../../errors.ts";
import { arrayMember, type JsonObject, member, toObject } from "../../json.ts";

/** What an object is, without the version: where its pods stand is the same in all of them. */
export interface ObjectKind {
  /** empty for the core group */
  readonly group: string;
  readonly kind: string;
}

/** An image that an object would have run, or mounted. */
export interface PlacedImage {
  /** as it is written; empty where the name is missing */
  readonly image: string;
  /** names of members and positions in arrays, from the object on */
  readonly path: readonly (string | number)[];
}

/** Images in one object, or in one list of them, at most. */
const maxImages = 1000;

const template = ["spec", "template", "spec"];
/** Where the pod's specification stands, by `group/kind` (Kubernetes API reference, "Workload Resources"). */
const podSpecs: Readonly<Record<string, readonly string[]>> = {
  "/Pod": ["spec"],
  "/PodTemplate": ["template", "spec"],
  "/ReplicationController": template,
  "apps/Deployment": template,
  "apps/ReplicaSet": template,
  "apps/StatefulSet": template,
  "apps/DaemonSet": template,
  "batch/Job": template,
  "batch/CronJob": ["spec", "jobTemplate", ...template],
};
const containerLists = ["initContainers", "containers", "ephemeralContainers"] as const;
const podSpecMembers: readonly string[] = [...containerLists, "volumes"];

/** The kind that an object says it is of. @throws JSON_INVALID */
export function kindOf(object: JsonObject): ObjectKind {
  const [apiVersion, kind] = ["apiVersion", "kind"].map((name) => member(object, name, "object"));
  const slash = typeof apiVersion === "string" ? apiVersion.indexOf("/") : -1;
  return {
    group: typeof apiVersion === "string" && slash > 0 ? apiVersion.slice(0, slash) : "",
    kind: typeof kind === "string" ? kind : "",
  };
}

/**
 * Every image that an object of Kubernetes would have run, in the order in which they stand: of containers, init containers and ephemeral
 * ones, and those that are mounted as volumes. In an object of a kind that Kubernetes itself does not have (and in a `List`), pod
 * specifications are looked for wherever they may stand.
 * @throws JSON_INVALID where it can be read in two ways or is not what its kind asks for; OBJECT_IMAGE_NOT_TEXT, OBJECT_IMAGES_TOO_MANY
 */
export function findImages(object: JsonObject, kind: ObjectKind = kindOf(object)): PlacedImage[] {
  const found: PlacedImage[] = [];
  const path = podSpecs[`${kind.group}/${kind.kind}`];
  if (path === undefined) search(object, [], found);
  else {
    let at: unknown = object;
    for (const name of path) at = member(toObject(at ?? {}, "object"), name, "object");
    readPodSpec(toObject(at ?? {}, "object"), path, found, true);
  }
  return found;
}

/** A path as a JSON pointer (RFC 6901). */
export function toPointer(path: PlacedImage["path"]): string {
  return path.map((part) => `/${`${part}`.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** @param isWhole whether each container must name its image: overlays of others' making may list some by their names alone */
function readPodSpec(
  spec: JsonObject,
  path: PlacedImage["path"],
  found: PlacedImage[],
  isWhole: boolean,
): void {
  for (const list of containerLists) {
    for (const [at, value] of arrayMember(spec, list, "object", maxImages).entries()) {
      if (!isWhole && !namesImage(value)) continue;
      const container = toObject(value, "object");
      add(found, member(container, "image", "object"), [...path, list, at, "image"]);
    }
  }
  // A list of containers that a later Kubernetes may have.
  for (const [list, value] of Object.entries(spec)) {
    if (podSpecMembers.includes(list) || !Array.isArray(value)) continue;
    for (const [at, container] of value.entries()) {
      if (namesImage(container)) add(found, container["image"], [...path, list, at, "image"]);
    }
  }
  for (const [at, value] of arrayMember(spec, "volumes", "object", 10 * maxImages).entries()) {
    const image = member(toObject(value, "object"), "image", "object");
    if (image === undefined || image === null) continue;
    const reference = member(toObject(image, "object"), "reference", "object");
    add(found, reference, [...path, "volumes", at, "image", "reference"]);
  }
}

/** Looks for pod specifications: objects with a list of containers of which one names an image. */
function search(value: unknown, path: PlacedImage["path"], found: PlacedImage[]): void {
  if (Array.isArray(value)) {
    for (const [at, element] of value.entries()) search(element, [...path, at], found);
  } else if (typeof value === "object" && value !== null) {
    const object = value as JsonObject;
    const isPodSpec = containerLists.some((list) => {
      const containers = member(object, list, "object");
      return Array.isArray(containers) && containers.some(namesImage);
    });
    if (isPodSpec) readPodSpec(object, path, found, false);
    for (const [name, element] of Object.entries(object)) {
      if (!isPodSpec || !podSpecMembers.includes(name)) search(element, [...path, name], found);
    }
  }
}

function namesImage(value: unknown): value is JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return member(value as JsonObject, "image", "object") !== undefined;
}

function add(found: PlacedImage[], image: unknown, path: PlacedImage["path"]): void {
  if (found.length >= maxImages) {
    throw failure("OBJECT_IMAGES_TOO_MANY", { limit: maxImages });
  }
  if (image !== undefined && image !== null && typeof image !== "string") {
    throw failure("OBJECT_IMAGE_NOT_TEXT", { place: toPointer(path) });
  }
  found.push({ image: image ?? "", path });
}
