import type { Part } from "../../browser/text/part.ts";
import { LineEdit } from "./line-edit.ts";

/** Something that a person is asked. */
export interface Question {
  readonly title: string;
  /** what should be known before answering, each on lines of its own */
  readonly about?: readonly (readonly Part[])[];
  /** what stands before the line that is typed */
  readonly label: string;
  /** whether what is typed must not be seen */
  readonly hidden?: boolean;
  /** @returns what is wrong with an answer */
  readonly check?: (text: string) => string | undefined;
}

/** A question that is open, answered by a line of text. */
export class Prompt {
  readonly kind = "prompt";
  readonly question: Question;
  problem: string | undefined;
  // Not where a listing of the object would show it.
  readonly #edit = new LineEdit("", 16_384);
  readonly #answer: (text: string | undefined) => void;

  constructor(question: Question, answer: (text: string | undefined) => void) {
    this.question = question;
    this.#answer = answer;
  }

  /** What may be shown of what is typed, before and after the cursor. */
  get shown(): { readonly before: string; readonly after: string } {
    if (this.question.hidden === true) return { before: "", after: "" };
    return { before: this.#edit.before, after: this.#edit.after };
  }

  /** @returns whether the question is closed now */
  press(name: string, text: string): boolean {
    if (name === "esc" || name === "C-c") return this.close(undefined);
    if (name === "enter") {
      const answer = this.#edit.text;
      this.problem = this.question.check?.(answer);
      return this.problem === undefined && this.close(answer);
    }
    this.problem = undefined;
    if (!this.#edit.key(name)) this.#edit.insert(text);
    return false;
  }

  paste(text: string): void {
    this.problem = undefined;
    this.#edit.insert(text);
  }

  close(answer: string | undefined): true {
    this.#edit.clear();
    this.#answer(answer);
    return true;
  }
}

/** A question that is open, answered by yes or no. */
export class Confirmation {
  readonly kind = "confirmation";
  readonly title: string;
  readonly about: readonly (readonly Part[])[];
  /** whether Ctrl-C is a yes: it asks to leave already */
  readonly #isForced: boolean;
  readonly #answer: (yes: boolean) => void;

  constructor(
    title: string,
    about: readonly (readonly Part[])[],
    answer: (yes: boolean) => void,
    isForced = false,
  ) {
    this.title = title;
    this.about = about;
    this.#answer = answer;
    this.#isForced = isForced;
  }

  press(name: string): boolean {
    if (name === "y" || name === "Y") return this.close(true);
    if (name === "C-c") return this.close(this.#isForced);
    return ["n", "N", "q", "esc", "enter"].includes(name) && this.close(false);
  }

  close(yes: boolean): true {
    this.#answer(yes);
    return true;
  }
}

/** Something that is found out before the next question; a person may give up on it. */
export class Waiting {
  readonly kind = "waiting";
  readonly title: string;
  readonly #controller = new AbortController();

  constructor(title: string) {
    this.title = title;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  press(name: string): boolean {
    return (name === "esc" || name === "C-c" || name === "q") && this.close();
  }

  close(): true {
    this.#controller.abort();
    return true;
  }
}

export interface MenuItem {
  readonly label: string;
  readonly isOn: boolean;
  /** whether the menu stays when this is chosen */
  readonly stays?: boolean;
  choose(): void;
}

/** What a person is asked, one thing at a time. */
export type OpenQuestion = Prompt | Confirmation | Menu | Waiting;

/** A few things of which one, or several, can be chosen. */
export class Menu {
  readonly kind = "menu";
  readonly title: string;
  readonly #items: () => readonly MenuItem[];
  index: number;

  constructor(title: string, items: () => readonly MenuItem[]) {
    this.title = title;
    this.#items = items;
    this.index = Math.max(
      0,
      items().findIndex(({ isOn }) => isOn),
    );
  }

  get items(): readonly MenuItem[] {
    return this.#items();
  }

  press(name: string): boolean {
    const { items } = this;
    const last = items.length - 1;
    if (["esc", "q", "C-c", "h", "left"].includes(name)) return true;
    if (name === "j" || name === "down" || name === "tab")
      this.index = this.index >= last ? 0 : this.index + 1;
    else if (name === "k" || name === "up" || name === "S-tab")
      this.index = this.index <= 0 ? last : this.index - 1;
    else if (name === "g" || name === "home") this.index = 0;
    else if (name === "G" || name === "end") this.index = last;
    else if (name === "enter" || name === "space") {
      const item = items[this.index];
      item?.choose();
      return item?.stays !== true;
    }
    return false;
  }
}
