import { failure } from "../errors.ts";
import type { ImageFacts } from "../image/image.ts";
import { isSeenWhole, tellListed } from "../image/oci/listed.ts";
import { say } from "../messages/message.ts";

/**
 * What of an image may be claimed. Whoever claims an index vouches for every image that it lists: it is claimed only where all of them were
 * looked at. An engine may hold a few of them; then those are claimed, and not the index.
 * @returns the image with the digests to be claimed, and a note of what was left out
 * @throws INDEX_UNREAD, INDEX_IN_PART where an index was not looked at whole
 */
export function signable(facts: ImageFacts): ImageFacts {
  if (isSeenWhole(facts)) return facts;
  const { image, transport, subjects, notes } = facts;
  const unseen = facts.listed?.filter((listed) => listed.unseen !== undefined) ?? [];
  const which = tellListed(unseen.map((listed) => ({ ...listed, why: listed.unseen })));
  const rest = subjects.filter(({ kind }) => kind !== "index");
  const mayDoWithout = unseen.every(({ isElsewhere }) => isElsewhere === true);
  if (transport === "docker-daemon" && unseen.length > 0 && mayDoWithout && rest.length > 0) {
    const note = say("index-left-out", { images: which });
    return { ...facts, subjects: rest, listed: undefined, notes: [...notes, note] };
  }
  throw unseen.length === 0
    ? failure("INDEX_UNREAD", { image })
    : failure("INDEX_IN_PART", { image, images: which });
}
