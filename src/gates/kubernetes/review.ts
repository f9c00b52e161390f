import { failure, isDaoChainError } from "../../errors.ts";
import { type JsonObject, member, parseStrictJson, stringMember, toObject } from "../../json.ts";
import { toOneLine } from "../one-line.ts";
import { findImages, type ObjectKind, type PlacedImage, toPointer } from "./images.ts";

/** Bytes of a review: an API server takes objects of 3 MiB, and sends the old one beside the new. */
export const maxReview = 8 * 1024 * 1024;

/** What an API server asks (Kubernetes API, `admission.k8s.io/v1` AdmissionReview). */
export interface Review {
  /** to be said again in the answer */
  readonly uid: string;
  /** in one line for people: what is done to which object */
  readonly action: string;
  readonly request: JsonObject;
}

/** What a review would have run. */
export type Demand =
  | { readonly kind: "harmless" }
  /** `images` are those that are new, of which there may be none */
  | { readonly kind: "run"; readonly images: readonly PlacedImage[] }
  | { readonly kind: "refused"; readonly reason: string };

const what = "review";

/** @throws REVIEW_INVALID, REVIEW_INCOMPLETE, JSON_INVALID, JSON_TOO_LARGE where it cannot be told what is asked, so that there is nothing to answer */
export function parseReview(bytes: Uint8Array): Review {
  const review = toObject(parseStrictJson(bytes, what, maxReview), what);
  const apiVersion = member(review, "apiVersion", what);
  if (apiVersion !== "admission.k8s.io/v1" || member(review, "kind", what) !== "AdmissionReview") {
    throw failure("REVIEW_INVALID");
  }
  const request = toObject(member(review, "request", what), what);
  const uid = stringMember(request, "uid", what);
  if (uid === undefined) throw failure("REVIEW_INCOMPLETE", { member: "uid" });
  return { uid, action: describe(request), request };
}

/**
 * The images that a review would have run. Of an object that is changed, those that it did not name at the same place before: whatever is
 * there already was judged when it came, and must stay as easy to scale down, to label and to delete as anything else.
 */
export function readDemand({ request }: Review): Demand {
  try {
    const operation = member(request, "operation", what);
    if (operation === "DELETE" || operation === "CONNECT") return { kind: "harmless" };
    if (operation !== "CREATE" && operation !== "UPDATE") {
      return refuse("this gate does not know what the operation would do");
    }
    const kind = kindOfRequest(request);
    const object = toObject(member(request, "object", what), what);
    if (!isOf(object, kind)) return refuse("the object is of another kind than the request says");
    const images = findImages(object, kind);
    if (images.length === 0) {
      return refuse(
        `this gate finds no image in a ${kind.kind}; the webhook's rules must not name such objects`,
      );
    }
    const before = operation === "UPDATE" ? imagesBefore(request, kind) : new Set<string>();
    return { kind: "run", images: images.filter((image) => !before.has(placeOf(image))) };
  } catch (error) {
    if (isDaoChainError(error, "OBJECT_IMAGES_TOO_MANY", "JSON_LIST_TOO_LONG"))
      return refuse("it names more images than can be judged");
    return refuse("what it would run cannot be read, or can be read in two ways");
  }
}

function refuse(reason: string): Demand {
  return { kind: "refused", reason };
}

function kindOfRequest(request: JsonObject): ObjectKind {
  const stated = toObject(member(request, "kind", what), what);
  const kind = stringMember(stated, "kind", what);
  if (kind === undefined) throw failure("REVIEW_INCOMPLETE", { member: "kind" });
  return { group: stringMember(stated, "group", what) ?? "", kind };
}

/** An API server may leave out what the request says already. */
function isOf(object: JsonObject, { group, kind }: ObjectKind): boolean {
  const own = stringMember(object, "kind", what);
  const apiVersion = stringMember(object, "apiVersion", what);
  const slash = apiVersion?.indexOf("/") ?? -1;
  const ownGroup = slash < 0 ? "" : apiVersion?.slice(0, slash);
  return (own === undefined || own === kind) && (apiVersion === undefined || ownGroup === group);
}

/** Where the old object cannot be read, everything in the new one is new. */
function imagesBefore(request: JsonObject, kind: ObjectKind): Set<string> {
  try {
    const old = toObject(member(request, "oldObject", what), what);
    return new Set(findImages(old, kind).map(placeOf));
  } catch {
    return new Set();
  }
}

function placeOf({ path, image }: PlacedImage): string {
  return `${toPointer(path)} ${image}`;
}

function describe(request: JsonObject): string {
  const text = (name: string): string => {
    const value = request[name];
    return typeof value === "string" ? value : "";
  };
  const { kind } = toObjectOrEmpty(request["kind"]);
  const [operation, namespace, name] = ["operation", "namespace", "name"].map(text);
  const subresource = text("subResource");
  const metadata = toObjectOrEmpty(toObjectOrEmpty(request["object"])["metadata"]);
  const generated = typeof metadata["generateName"] === "string" ? `${metadata["generateName"]}*` : "";
  return toOneLine(
    `${operation?.toLowerCase()} ${typeof kind === "string" ? kind : "object"}${subresource === "" ? "" : `/${subresource}`} ${namespace}/${name || generated}`,
    300,
  );
}

function toObjectOrEmpty(value: unknown): JsonObject {
  return typeof value === "object" && value !== null ? (value as JsonObject) : {};
}
