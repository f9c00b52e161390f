import type { DaoChainError, HistoryEntry, Message, Translator } from "../../src/internal.ts";
import type { Browser, Observable, Task } from "../browser/browser.ts";
import { defect, type Failure, toFailure } from "../browser/failure.ts";
import { AccountPage } from "../browser/state/account.ts";
import { emptyBrowser } from "../browser/state/empty-browser.ts";
import { LocalPage } from "../browser/state/local.ts";
import { MarketPage } from "../browser/state/market.ts";
import { OrganisationPage } from "../browser/state/organisation.ts";
import { isRunning } from "../browser/state/task.ts";
import type { Part } from "../browser/text/part.ts";
import type { Words } from "../words/browser/browser-words.ts";
import { type Action, findBinding, type Place } from "./keys/bindings.ts";
import type { Press } from "./keys/names.ts";
import type { PageName } from "./state/pages.ts";
import { Confirmation, type OpenQuestion, Prompt, type Question, Waiting } from "./state/question.ts";
import { SearchLine } from "./state/search-line.ts";
import { Throttle } from "./state/throttle.ts";
import type { View } from "./state/view.ts";

/** Least time between two drawings of what changes by itself, in milliseconds: 30 times a second at most. */
const frame = 34;
/** How long it is waited for more to be typed before the market is searched, in milliseconds: what was typed is drawn first. */
const patience = 40;

/** What is told of something that went wrong or was not done; not yet plain. */
export interface Problem {
  readonly message: string;
  readonly hint?: string | undefined;
}

/** What the shell needs of the terminal that it is shown on. */
export interface Outside {
  /** draws the screen again, from nothing */
  redraw(): void;
  /** leaves the browser */
  exit(error?: unknown): void;
  /** gives the terminal to `daochain run`, and comes back */
  run(reference: string): Promise<void>;
}

/** What is done for a key, by the place where it was found. */
export type Actions = Readonly<Record<Place, (shell: Shell, action: Action) => void>>;

/** Where a person is in the browser and what was asked of them: everything but how it looks. */
export class Shell {
  readonly words: Words;
  readonly #actions: Actions;
  browser: Browser = emptyBrowser();
  outside: Outside = { redraw: () => {}, exit: () => {}, run: async () => {} };
  /** is told of every change that is to be drawn */
  onChange: () => void = () => {};
  /** of what the library says; there once that is loaded */
  #translator: Translator | undefined;

  page: PageName = "local";
  readonly pages = {
    local: new LocalPage(),
    organisation: new OrganisationPage(),
    market: new MarketPage(),
    account: new AccountPage(),
  };
  readonly #searchLines = {
    local: new SearchLine(this.pages.local.search),
    organisation: new SearchLine(this.pages.organisation.search),
    market: new SearchLine(this.pages.market.search),
    account: undefined,
  } satisfies Record<PageName, SearchLine | undefined>;
  /** what lies over the page, the last on top */
  readonly views: View[] = [];
  question: OpenQuestion | undefined;
  /** something that was to be told about the last key */
  notice: Problem | undefined;

  readonly #throttle = new Throttle(() => this.update(), frame);
  readonly #subscriptions: (() => void)[] = [];
  #searching: NodeJS.Timeout | undefined;
  #clock: NodeJS.Timeout | undefined;
  /** newest task that a person has seen */
  #seen: HistoryEntry | undefined;
  #looked = "";

  constructor(words: Words, actions: Actions) {
    this.words = words;
    this.#actions = actions;
  }

  get view(): View | undefined {
    return this.views.at(-1);
  }

  /** Where keys are looked up, the nearest place first. */
  get places(): readonly Place[] {
    return this.view?.places ?? [this.page, "list", "everywhere"];
  }

  get search(): SearchLine | undefined {
    return this.#searchLines[this.page];
  }

  /** What others recorded since the browser was opened and nobody has looked at, newest first. */
  get unseen(): readonly HistoryEntry[] {
    const { events } = this.browser.chain;
    const at = this.#seen === undefined ? -1 : events.findIndex((entry) => isSame(entry, this.#seen));
    return at === -1 ? events : events.slice(0, at);
  }

  /** Whether a chain is to be started, and is not yet. */
  get lacksChain(): boolean {
    return this.browser.chain.canStart && !this.running.some(({ kind }) => kind === "start");
  }

  get running(): readonly Task[] {
    return this.browser.tasks.all.filter(isRunning);
  }

  /** What the library says, in the reader's language. */
  readonly say = (said: string | Message): string => this.#translator?.say(said) ?? String(said);

  /** What went wrong, in the reader's language. */
  readonly tell = (failure: Failure): Problem => {
    if (failure.code === defect) return { message: this.words.defect(failure.message) };
    if (failure.values === undefined) return failure;
    return this.#translator?.error(failure as DaoChainError) ?? failure;
  };

  /** Shows what a browser knows, from now on. */
  attach(browser: Browser, translator?: Translator): void {
    this.detach();
    this.#translator = translator;
    this.browser = browser;
    const { chain, images, organisation, market, accounts, tasks } = browser;
    for (const view of [chain, images, organisation, market, accounts, tasks] satisfies Observable[]) {
      this.#subscriptions.push(view.subscribe(this.#throttle.request));
    }
    // Ages and rates change with time alone.
    this.#clock = setInterval(this.#throttle.request, 1000);
    this.update();
  }

  detach(): void {
    for (const end of this.#subscriptions.splice(0)) end();
    this.#subscribe([]);
    clearInterval(this.#clock);
    clearTimeout(this.#searching);
    this.#throttle.stop();
    for (const view of this.views) view.close();
  }

  /** Takes in what has changed, and has it drawn. */
  update(): void {
    const { browser, pages } = this;
    pages.local.update(browser.images);
    pages.organisation.update(browser.organisation);
    pages.account.update(browser);
    // Only who looks at the market pays for searching it.
    if (this.page === "market") pages.market.update(browser.market);
    this.#subscribe(browser.tasks.all);
    for (const view of this.views) this.#read(view);
    this.onChange();
  }

  /** Takes in keys, and has them drawn once. */
  press(presses: readonly Press[]): void {
    for (const { name, text } of presses) this.#press(name, text);
    this.onChange();
  }

  paste(text: string): void {
    if (this.question?.kind === "prompt") this.question.paste(text);
    else if (this.search?.isTyping === true) {
      this.search.edit.insert(text);
      this.#searchSoon();
    }
    this.onChange();
  }

  goTo(page: PageName): void {
    if (this.search !== undefined) this.search.isTyping = false;
    this.page = page;
    this.#looked = "";
    this.update();
  }

  open(view: View): void {
    this.views.push(view);
    this.#read(view);
  }

  back(): void {
    this.views.pop()?.close();
  }

  /** The rows in view are looked at first. */
  look(): void {
    if (this.page !== "local" || this.views.length > 0) return;
    const keys = this.pages.local.list.window().map(({ row }) => row.key);
    const looked = keys.join("\n");
    if (looked === this.#looked) return;
    this.#looked = looked;
    if (keys.length > 0) this.browser.images.look(keys);
  }

  /** A person has seen what happened. */
  see(): void {
    this.#seen = this.browser.chain.events[0] ?? this.#seen;
  }

  /** Begins something that takes its time; what goes wrong with it is told. */
  begin(task: () => Promise<void>): void {
    task().catch((error: unknown) => {
      this.notice = this.tell(toFailure(error));
      this.onChange();
    });
  }

  /** @returns the answer; undefined where the person gives up */
  ask(question: Question): Promise<string | undefined> {
    return new Promise((resolve) => this.pose(new Prompt(question, resolve)));
  }

  confirm(title: string, about: readonly (readonly Part[])[] = [], isForced = false): Promise<boolean> {
    return new Promise((resolve) => this.pose(new Confirmation(title, about, resolve, isForced)));
  }

  /**
   * Finds something out that a question depends on.
   * @returns undefined where the person gives up
   */
  async findOut<T>(title: string, task: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    const waiting = new Waiting(title);
    this.pose(waiting);
    const { signal } = waiting;
    const given = new Promise<undefined>((resolve) => {
      signal.addEventListener("abort", () => resolve(undefined));
    });
    try {
      const found = await Promise.race([task(signal), given]);
      return signal.aborted ? undefined : found;
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    } finally {
      if (this.question === waiting) this.question = undefined;
      this.onChange();
    }
  }

  /** Asks one thing at a time: what was asked before is given up. */
  pose(question: OpenQuestion): void {
    const before = this.question;
    this.question = question;
    this.notice = undefined;
    if (before?.kind === "prompt") before.close(undefined);
    else if (before?.kind === "confirmation") before.close(false);
    else if (before?.kind === "waiting") before.close();
    this.onChange();
  }

  quit(): void {
    const running = this.running.length;
    if (running === 0) this.outside.exit();
    else
      this.begin(async () => {
        const { words } = this;
        const about = [[{ text: words.nothingToDo.pressAgain }]];
        if (await this.confirm(words.ask.quit(running), about, true)) this.outside.exit();
      });
  }

  #press(name: string, text: string): void {
    this.notice = undefined;
    const { question, search } = this;
    if (question !== undefined) {
      if (question.press(name, text) && this.question === question) this.question = undefined;
      return;
    }
    if (search?.isTyping === true && this.view === undefined && this.#type(search, name, text)) return;
    const found = findBinding(this.places, name);
    if (found !== undefined) this.#actions[found.place](this, found.action);
  }

  /** @returns whether the key belongs to what is searched for */
  #type(search: SearchLine, name: string, text: string): boolean {
    if (name === "C-c" || name === "up" || name === "down" || name === "pageup" || name === "pagedown")
      return false;
    if (name === "enter" || name === "tab") search.isTyping = false;
    else if (name === "esc") search.clear();
    else if (!search.edit.key(name)) search.edit.insert(text);
    this.#searchSoon();
    return true;
  }

  #searchSoon(): void {
    clearTimeout(this.#searching);
    const search = this.search;
    this.#searching = setTimeout(() => {
      search?.apply();
      this.update();
    }, patience);
  }

  #read(view: View): void {
    if (view.kind !== "image") return;
    const verdict = this.pages.local.image(view.key)?.verdict;
    view.claim.update(verdict, this.browser.market, () => this.onChange());
  }

  /** Tasks change by themselves too. */
  readonly #subscribed = new Map<Task, () => void>();
  #subscribe(tasks: readonly Task[]): void {
    for (const task of tasks) {
      if (!this.#subscribed.has(task)) this.#subscribed.set(task, task.subscribe(this.#throttle.request));
    }
    for (const [task, end] of this.#subscribed) {
      if (tasks.includes(task)) continue;
      end();
      this.#subscribed.delete(task);
    }
  }
}

function isSame(a: HistoryEntry, b: HistoryEntry | undefined): boolean {
  return (
    a.block === b?.block && a.transaction === b.transaction && a.act === b.act && a.subject === b.subject
  );
}
