import type { Digest, Progress, Verdict, VerdictStatus } from "../../../src/internal.ts";
import { Meter } from "../../output/meter.ts";
import type { Amount, LocalImage } from "../browser.ts";
import { type Judgement, judgeAgain, unjudged } from "./judgement.ts";
import type { Work } from "./verifications.ts";

/** What the engine says of an image under one of its names. */
export interface ListedImage {
  readonly key: string;
  readonly reference: string;
  readonly name: string | undefined;
  readonly id: Digest;
  readonly created: number;
  readonly size: number;
}

/** One row of the local images, while the browser is open. */
export class ImageRow {
  readonly listed: ListedImage;
  #judgement: Judgement = unjudged;
  #work: Work;
  #count: Count | undefined;
  #snapshot: LocalImage | undefined;

  /** @param settled what the image that had this name before was last found to be */
  constructor(listed: ListedImage, settled?: VerdictStatus) {
    this.listed = listed;
    this.#judgement = { ...unjudged, settled };
  }

  get verdict(): Verdict | undefined {
    return this.#judgement.shown;
  }

  get settled(): VerdictStatus | undefined {
    return this.#judgement.settled;
  }

  judge(verdict: Verdict): void {
    this.#judgement = judgeAgain(this.#judgement, verdict, Date.now());
    this.#snapshot = undefined;
  }

  set work(work: Work) {
    if (work === this.#work) return;
    this.#work = work;
    if (work !== "reading") this.#count = undefined;
    this.#snapshot = undefined;
  }

  get work(): Work {
    return this.#work;
  }

  measure(progress: Progress): void {
    this.#count ??= new Count();
    this.#count.add(progress);
    this.#snapshot = undefined;
  }

  acknowledge(): void {
    this.#judgement = { ...this.#judgement, turned: undefined };
    this.#snapshot = undefined;
  }

  /** The row as it is now: the same object until something of it changes. */
  get snapshot(): LocalImage {
    this.#snapshot ??= {
      ...this.listed,
      verdict: this.#judgement.shown,
      work: this.#work,
      progress: this.#count?.amount,
      turned: this.#judgement.turned,
    };
    return this.#snapshot;
  }
}

/** Bytes as they are read, with their rate. */
export class Count {
  readonly #meter = new Meter(performance.now());
  #last: Progress = { bytes: 0, total: undefined };

  add(progress: Progress): void {
    this.#last = progress;
    this.#meter.add(progress.bytes, performance.now());
  }

  get amount(): Amount {
    const { bytes, total } = this.#last;
    return { bytes, total, rate: this.#meter.rate(performance.now()) };
  }
}
