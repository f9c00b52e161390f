import { isDaoChainError } from "../errors.ts";
import { openImage } from "../image/open.ts";
import { formatNamedReference, parseImageReference, parseNamedReference } from "../image/reference.ts";
import type { Finding, Place } from "./place.ts";

/**
 * An image that is named by a reference, as `daochain verify` takes it.
 * @param image as it is written
 */
export function findingOf(image: string, place: Place): Finding {
  try {
    return { place, image, key: keyOf(image), open: () => openImage(image) };
  } catch (error) {
    if (!isDaoChainError(error, "REFERENCE_INVALID")) throw error;
    return { place, image, reason: error };
  }
}

/**
 * An image that is named as engines name it, where no transport is known: what looks like one is a part of the name.
 * @param image as it is written
 */
export function findingOfName(image: string, place: Place): Finding {
  try {
    const reference = parseImageReference(image);
    const isPlain = reference.transport === "docker-daemon" && !reference.explicit;
    return findingOf(isPlain ? image : formatNamedReference(parseNamedReference(image)), place);
  } catch (error) {
    if (!isDaoChainError(error, "REFERENCE_INVALID")) throw error;
    return { place, image, reason: error };
  }
}

/** The same for every spelling of one reference. @throws REFERENCE_INVALID */
export function keyOf(image: string): string {
  const reference = parseImageReference(image);
  switch (reference.transport) {
    case "docker":
      return `docker://${formatNamedReference(reference.named)}`;
    case "docker-daemon":
      return `${reference.explicit ? "docker-daemon:" : ""}${reference.query}`;
    default:
      return image;
  }
}
