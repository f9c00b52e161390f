/** What a claim must be for an image to be verified by it. Integrity is not a matter of policy: it is always demanded. */
export interface Policy {
  /** name of the organisation that must have claimed the image; undefined: the one that owns the repository */
  readonly organisation: string | undefined;
  /** whether an image that its tag has moved on from is `superseded` rather than verified with a warning */
  readonly newest: boolean;
  /** seconds after it was issued in which a claim is good; undefined: for as long as it says itself */
  readonly maxAge?: number | undefined;
}

/** What holds where nothing else is said: the owner of the longest matching namespace must have claimed the image. */
export const defaultPolicy: Policy = { organisation: undefined, newest: false };
