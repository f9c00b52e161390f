/** Rows that can be asked for one by one, however many there are. */
export interface Rows<Row> {
  readonly count: number;
  at(index: number): Row | undefined;
  /** What names a row wherever it stands; undefined for one that the cursor passes over. */
  keyOf(row: Row): string | undefined;
  /** Where a row stands now. @param near where it stood */
  find(key: string, near: number): number | undefined;
}

/** A cursor in rows that come, go and move: it stays on its row, and where that is gone, in its place. */
export class List<Row> {
  rows: Rows<Row>;
  #index = 0;
  #key: string | undefined;
  #offset = 0;
  #height = 1;

  constructor(rows: Rows<Row>) {
    this.rows = rows;
    this.settle();
  }

  get index(): number {
    return this.#index;
  }

  get offset(): number {
    return this.#offset;
  }

  get height(): number {
    return this.#height;
  }

  /** The row that the cursor is on. */
  get current(): Row | undefined {
    const row = this.rows.at(this.#index);
    return row === undefined || this.rows.keyOf(row) === undefined ? undefined : row;
  }

  /** Rows that are in view. */
  window(): { readonly row: Row; readonly index: number }[] {
    const shown: { row: Row; index: number }[] = [];
    const end = Math.min(this.rows.count, this.#offset + this.#height);
    for (let index = this.#offset; index < end; index++) {
      const row = this.rows.at(index);
      if (row !== undefined) shown.push({ row, index });
    }
    return shown;
  }

  /** Puts the cursor where its row is now. */
  settle(): void {
    const found = this.#key === undefined ? undefined : this.rows.find(this.#key, this.#index);
    // The view moves with the row, except at the top, where what is new comes into view.
    if (found !== undefined && this.#offset > 0) this.#offset += found - this.#index;
    this.#put(found ?? this.#index, 1);
  }

  /** @param height rows that are in view */
  resize(height: number): void {
    this.#height = Math.max(1, height);
    this.#show();
  }

  move(steps: number): void {
    this.#put(this.#index + steps, Math.sign(steps));
  }

  /** @param pages half a page is 0.5 */
  page(pages: number): void {
    this.move(Math.sign(pages) * Math.max(1, Math.floor(Math.abs(pages) * this.#height)));
  }

  top(): void {
    this.#put(0, 1);
  }

  bottom(): void {
    this.#put(this.rows.count - 1, -1);
  }

  /** Puts the cursor on a row, where there is one of that name. */
  select(key: string): boolean {
    const found = this.rows.find(key, this.#index);
    if (found !== undefined) this.#put(found, 1);
    return found !== undefined;
  }

  /** To the place, or the nearest row that can have the cursor: first in the direction, then in the other. */
  #put(index: number, direction: number): void {
    const last = this.rows.count - 1;
    const wanted = Math.max(0, Math.min(last, index));
    this.#index = this.#seek(wanted, direction || 1) ?? this.#seek(wanted, -(direction || 1)) ?? wanted;
    const row = this.rows.at(this.#index);
    this.#key = row === undefined ? undefined : this.rows.keyOf(row);
    this.#show();
  }

  #seek(from: number, direction: number): number | undefined {
    // Headings stand alone or in twos: a few steps suffice, whatever the number of rows.
    for (let at = from, steps = 0; at >= 0 && at < this.rows.count && steps < 64; at += direction, steps++) {
      const row = this.rows.at(at);
      if (row !== undefined && this.rows.keyOf(row) !== undefined) return at;
    }
    return undefined;
  }

  #show(): void {
    const lastOffset = Math.max(0, this.rows.count - this.#height);
    let offset = Math.min(this.#offset, this.#index);
    if (this.#index >= offset + this.#height) offset = this.#index - this.#height + 1;
    this.#offset = Math.max(0, Math.min(offset, lastOffset));
    // The headings above the first row are in view with it.
    if (this.#offset > 0 && this.#seek(0, 1) === this.#index && this.#index < this.#height) this.#offset = 0;
  }
}

/** Rows that are all at hand. */
export class ArrayRows<Row> implements Rows<Row> {
  readonly #rows: readonly Row[];
  readonly keyOf: (row: Row) => string | undefined;

  constructor(rows: readonly Row[], keyOf: (row: Row) => string | undefined) {
    this.#rows = rows;
    this.keyOf = keyOf;
  }

  get count(): number {
    return this.#rows.length;
  }

  at(index: number): Row | undefined {
    return this.#rows[index];
  }

  find(key: string, near: number): number | undefined {
    const there = this.#rows[near];
    if (there !== undefined && this.keyOf(there) === key) return near;
    const found = this.#rows.findIndex((row) => this.keyOf(row) === key);
    return found === -1 ? undefined : found;
  }
}
