import type { Digest } from "../../digest/digest.ts";
import { joined } from "../../messages/joined.ts";
import { say } from "../../messages/message.ts";
import type { Value } from "../../messages/template.ts";
import type { ImageFacts, ListedImage } from "../image.ts";
import { type Descriptor, textOfPlatform } from "./documents.ts";

/** Images, or what is none, that one sentence names. */
const maxNamed = 8;

/** What an index says of one that it lists. */
export function mentionOf(descriptor: Descriptor): Pick<ListedImage, "digest" | "platform"> {
  return { digest: descriptor.digest, platform: textOfPlatform(descriptor) };
}

/** The images that an index lists and that were not looked at, though they could run from where the index lies. */
export function unseenImages({ listed }: Pick<ImageFacts, "listed">): readonly ListedImage[] {
  return listed?.filter(({ unseen, isElsewhere }) => unseen !== undefined && !isElsewhere) ?? [];
}

/** Whether an image is no index, or one of which every image was looked at. Of an index by its ID alone nothing else is known. */
export function isSeenWhole({ subjects, listed }: Pick<ImageFacts, "subjects" | "listed">): boolean {
  if (listed !== undefined) return listed.every(({ unseen }) => unseen === undefined);
  return subjects.length === 0 || subjects.some(({ kind }) => kind !== "index");
}

/** Some of what an index lists, in words: `linux/arm64 sha256:... (it is missing), and 3 more`. */
export function tellListed(
  listed: readonly {
    readonly digest: Digest;
    readonly platform: string;
    readonly why?: Value | undefined;
  }[],
): Value {
  const named = listed.slice(0, maxNamed).map(({ digest, platform, why }) => {
    const image = platform === "" ? digest : `${platform} ${digest}`;
    return why === undefined ? image : say("listed-why", { image, why });
  });
  return joined(named, listed.length - named.length);
}
