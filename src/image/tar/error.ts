/** What makes bytes no tar archive, or one too large, as the end of a sentence about it. */
export class TarError extends Error {
  override readonly name = "TarError";
  readonly isLimit: boolean;
  /** it is an archive, but readers would find different files in it */
  readonly isAmbiguous: boolean;

  constructor(message: string, options: { readonly isLimit?: boolean; readonly isAmbiguous?: boolean } = {}) {
    super(message);
    this.isLimit = options.isLimit ?? false;
    this.isAmbiguous = options.isAmbiguous ?? false;
  }
}
