import { failure } from "../errors.ts";
import { type Finding, maxFindings } from "./place.ts";
import { findingOf } from "./references.ts";

/**
 * The images that a list names, one a line; empty lines and those that begin with # do not count.
 * @param file what the list is called
 * @throws TOO_MANY_IMAGES_LISTED
 */
export function readImageList(text: string, file: string): Finding[] {
  const findings = text.split("\n").flatMap((line, at) => {
    const image = line.trim();
    if (image === "" || image.startsWith("#")) return [];
    return [findingOf(image, { kind: "list", name: "", file, line: at + 1 })];
  });
  if (findings.length > maxFindings)
    throw failure("TOO_MANY_IMAGES_LISTED", { path: file, limit: maxFindings });
  return findings;
}
