import { basename, resolve } from "node:path";
import { failure } from "../../errors.ts";
import { say } from "../../messages/message.ts";
import type { ImageName } from "../image.ts";
import { carriedName, isTag } from "../reference.ts";
import { annotation, type Descriptor } from "./documents.ts";

const REF_NAME = "org.opencontainers.image.ref.name";
const FULL_NAME = "io.containerd.image.name";

/** The whole names that a layout's table gives an image: some engines take the one annotation, some the other. */
export function namesOf(descriptor: Descriptor): ImageName[] {
  return [annotation(descriptor, FULL_NAME), annotation(descriptor, REF_NAME)]
    .filter((text) => text?.includes("/") === true)
    .map((text) => carriedName(text ?? ""))
    .filter((name) => name !== undefined);
}

/**
 * The image of a layout that a TAG chooses, or its only one.
 * @param image the reference as typed, for messages
 * @throws REFERENCE_INVALID where several could be meant, IMAGE_NOT_FOUND where none is
 */
export function chooseDescriptor(
  descriptors: readonly Descriptor[],
  tag: string | undefined,
  image: string,
): Descriptor {
  const matching =
    tag === undefined
      ? descriptors
      : descriptors.filter((descriptor) =>
          [annotation(descriptor, REF_NAME), annotation(descriptor, FULL_NAME)].includes(tag),
        );
  const [first] = matching;
  const names = descriptors
    .map((descriptor) => annotation(descriptor, REF_NAME) ?? descriptor.digest)
    .slice(0, 20);
  if (first === undefined) {
    const advice =
      names.length > 0 ? say("advice-held", { names: names.join(", ") }) : say("advice-held-nothing");
    throw failure("IMAGE_NOT_FOUND", { place: say("archive-named"), image }, { advice });
  }
  if (matching.some((other) => other.digest !== first.digest || other.size !== first.size)) {
    const advice = say("advice-choose-tag", { names: names.join(", ") });
    throw failure("IMAGE_AMBIGUOUS", { image, count: matching.length }, { advice });
  }
  return first;
}

/**
 * The image's name: what the layout carries, else one made from the file's.
 * @param path the layout's directory or archive
 */
export function layoutImageName(descriptor: Descriptor, path: string, tag: string | undefined): ImageName {
  const [carried] = namesOf(descriptor);
  if (carried !== undefined) return carried;
  const found = [tag, annotation(descriptor, REF_NAME)].find((text) => text !== undefined && isTag(text));
  return nameFromPath(path, found ?? "latest");
}

/** A name for an image that carries none: `localhost/` and the file's name, as far as the grammar allows. */
export function nameFromPath(path: string, tag: string): ImageName {
  const name = basename(resolve(path))
    .toLowerCase()
    .replace(/(?:\.(?:tar|oci|tgz|gz|zst))+$/, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 200)
    .replace(/-+$/, "");
  return { repository: `localhost/${name === "" ? "image" : name}`, tag, carried: false };
}
