/** What makes bytes no tar archive, or one too large, as the end of a sentence about it. */
export class TarError extends Error {
  override readonly name = "TarError";
  readonly isLimit: boolean;

  constructor(message: string, options: { readonly isLimit?: boolean } = {}) {
    super(message);
    this.isLimit = options.isLimit ?? false;
  }
}
