import type { PageSearch } from "../../browser/state/search.ts";
import { LineEdit } from "./line-edit.ts";

/** The line on which it is typed what a page is searched for. What was typed comes to the page a moment later. */
export class SearchLine {
  readonly #search: PageSearch;
  readonly edit = new LineEdit("", 200);
  isTyping = false;

  constructor(search: PageSearch) {
    this.#search = search;
  }

  get isActive(): boolean {
    return this.isTyping || this.#search.text !== "" || this.edit.text !== "";
  }

  /** Has the page shown for what was typed. */
  apply(): void {
    this.#search.text = this.edit.text;
  }

  clear(): void {
    this.edit.clear();
    this.apply();
    this.isTyping = false;
  }
}
