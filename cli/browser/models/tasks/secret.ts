/** A password until it is used: it can be taken once, and is not kept after that. */
export class Secret {
  #text: string | undefined;

  constructor(text: string | undefined) {
    this.#text = text;
  }

  take(): string | undefined {
    const text = this.#text;
    this.#text = undefined;
    return text;
  }
}
