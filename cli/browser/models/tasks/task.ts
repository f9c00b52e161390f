import type { Difference, Progress, Verdict, VerdictStatus } from "../../../../src/internal.ts";
import type { Context } from "../../../context.ts";
import type { Line, Note, Task } from "../../browser.ts";
import { isCancelled, toFailure } from "../../failure.ts";
import { Count } from "../image-row.ts";
import { Observed } from "../observable.ts";
import type { Session, Tools } from "../session.ts";

const maxLines = 1000;

/** What came of a task. */
export interface Outcome {
  readonly verdict?: Verdict<VerdictStatus | "signed">;
  readonly differences?: readonly Difference[];
  /** why it came to nothing although nothing broke */
  readonly refusal?: NonNullable<Task["error"]>;
}

/** What does a task: it says in the task how far it is, and throws what keeps it from its end. The context is for what commands share. */
export type Execute = (task: RunningTask, tools: Tools, context: Context) => Promise<Outcome>;

/** Something that a person set going. */
export class RunningTask extends Observed implements Task {
  readonly kind: Task["kind"];
  readonly subject: string;
  readonly began = Date.now();
  /** aborted when it is cancelled or the browser closes */
  readonly signal: AbortSignal;
  /** when it has come to its end, whichever it is */
  readonly ended: Promise<void>;
  readonly #session: Session;
  readonly #stop = new AbortController();
  readonly #onSent: (transaction: string) => void;
  #stage: Task["stage"];
  #count: Count | undefined;
  readonly #lines: Line[] = [];
  /** what is said only until there is more to say */
  #passing: Line | undefined;
  #outcome: Outcome = {};
  #error: Task["error"];
  #isSent = false;
  #shown: Pick<Task, "stage" | "progress" | "lines" | "verdict" | "differences" | "error">;

  /**
   * @param stage the first
   * @param onSent told of transactions of its own
   */
  constructor(
    about: Pick<Task, "kind" | "subject" | "stage">,
    session: Session,
    onSent: (transaction: string) => void,
    execute: Execute,
  ) {
    super();
    this.kind = about.kind;
    this.subject = about.subject;
    this.#stage = about.stage;
    this.#session = session;
    this.#onSent = onSent;
    this.signal = AbortSignal.any([session.signal, this.#stop.signal]);
    this.#shown = this.#snapshot();
    this.ended = this.#run(execute);
  }

  get stage(): Task["stage"] {
    return this.#shown.stage;
  }

  get progress(): Task["progress"] {
    return this.#shown.progress;
  }

  get lines(): readonly Line[] {
    return this.#shown.lines;
  }

  get verdict(): Task["verdict"] {
    return this.#shown.verdict;
  }

  get differences(): Task["differences"] {
    return this.#shown.differences;
  }

  get error(): Task["error"] {
    return this.#shown.error;
  }

  cancel(): void {
    this.#stop.abort();
  }

  /** Whether it has come to its end. */
  get isOver(): boolean {
    return this.#stage === "done" || this.#stage === "failed" || this.#stage === "cancelled";
  }

  /** Goes on to another stage. */
  enter(stage: Task["stage"]): void {
    this.signal.throwIfAborted();
    this.#stage = stage;
    this.#count = undefined;
    this.changed();
  }

  say(line: Line): void {
    this.#passing = undefined;
    if (this.#lines.length < maxLines) this.#lines.push(line);
    this.changed();
  }

  note(note: Note, about = ""): void {
    this.say({ note, about });
  }

  /** Says how far it is, until there is more to say. */
  pass(line: Line): void {
    this.#passing = line;
    this.changed();
  }

  measure(progress: Progress): void {
    this.#count ??= new Count();
    this.#count.add(progress);
    this.changed();
  }

  /** A transaction of its own that the chain took. */
  sent(transaction: string): void {
    this.#isSent = true;
    this.#onSent(transaction);
    this.note("sent", transaction);
  }

  protected override take(): void {
    this.#shown = this.#snapshot();
  }

  #snapshot(): Pick<Task, "stage" | "progress" | "lines" | "verdict" | "differences" | "error"> {
    const { verdict, differences } = this.#outcome;
    return {
      stage: this.#stage,
      progress: this.#count?.amount,
      lines: this.#passing === undefined ? [...this.#lines] : [...this.#lines, this.#passing],
      verdict,
      differences,
      error: this.#error,
    };
  }

  async #run(execute: Execute): Promise<void> {
    try {
      const context = this.#session.contextFor(this.signal, (line) => this.say(line));
      const outcome = await execute(this, await this.#session.tools, context);
      this.#outcome = outcome;
      this.#error = outcome.refusal;
      this.#stage = outcome.refusal === undefined ? "done" : "failed";
    } catch (error) {
      if (this.signal.aborted || isCancelled(error)) {
        this.#stage = "cancelled";
        if (this.#isSent) this.note("maybeRecorded");
      } else {
        this.#stage = "failed";
        this.#error = toFailure(error);
      }
    }
    this.#count = undefined;
    this.#passing = undefined;
    this.changed();
  }
}
