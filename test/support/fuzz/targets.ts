import { archiveTargets } from "./archives.ts";
import { documentTargets } from "./documents.ts";
import { imageTargets } from "./images.ts";
import { placeTargets } from "./places.ts";
import type { FuzzTarget } from "./target.ts";

/** Every parser of what comes from outside with an image, or names one. */
export const fuzzTargets: readonly FuzzTarget[] = [
  ...archiveTargets,
  ...documentTargets,
  ...imageTargets,
  ...placeTargets,
];
