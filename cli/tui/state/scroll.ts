/** Where a person is in a text that is higher than the screen. */
export class Scroll {
  #offset = 0;
  #height = 1;
  #total = 0;

  get offset(): number {
    return this.#offset;
  }

  /** Tells how high the text and its window are now. @returns the first line that is in view */
  fit(total: number, height: number): number {
    this.#total = total;
    this.#height = Math.max(1, height);
    this.move(0);
    return this.#offset;
  }

  move(lines: number): void {
    this.#offset = Math.max(0, Math.min(this.#offset + lines, this.#total - this.#height));
  }

  /** Leaves a line of the page before in view. */
  page(pages: number): void {
    this.move(pages * Math.max(1, this.#height - 1));
  }

  top(): void {
    this.#offset = 0;
  }

  bottom(): void {
    this.move(this.#total);
  }

  /** Brings lines into view. */
  show(from: number, to: number): void {
    if (from < this.#offset) this.#offset = from;
    else if (to > this.#offset + this.#height) this.move(to - this.#height - this.#offset);
  }
}
