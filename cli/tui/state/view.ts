import type { CatalogueEntry, DaemonLayer, HistoryEntry } from "../../../src/internal.ts";
import type { AsyncValue } from "../../browser/state/async-value.ts";
import { ImageClaim } from "../../browser/state/image-claim.ts";
import type { Place } from "../keys/bindings.ts";
import { Scroll } from "./scroll.ts";

/** What lies over a page until a person goes back: a text that scrolls. */
export type View = HelpView | EventsView | TasksPanel | ImageDetail | EntryDetail;

abstract class TextView {
  readonly scroll = new Scroll();
  abstract readonly places: readonly Place[];
  close(): void {}
}

/** Every key of the place it was opened from. */
export class HelpView extends TextView {
  readonly kind = "help";
  readonly places = ["text", "everywhere"] as const;
  readonly about: readonly Place[];

  constructor(about: readonly Place[]) {
    super();
    this.about = about;
  }
}

/** What has happened on the chain. */
export class EventsView extends TextView {
  readonly kind = "events";
  readonly places = ["text", "everywhere"] as const;
}

/** What is under way, and what it came to. */
export class TasksPanel extends TextView {
  readonly kind = "tasks";
  readonly places = ["tasks", "text", "everywhere"] as const;
  index = 0;
  /** whether the task that is chosen is to be brought into view */
  followsIndex = false;
}

/** A local image. */
export class ImageDetail extends TextView {
  readonly kind = "image";
  readonly places = ["imageDetail", "text", "everywhere"] as const;
  readonly key: string;
  readonly claim = new ImageClaim();
  readonly layers: AsyncValue<readonly DaemonLayer[]>;

  constructor(key: string, layers: AsyncValue<readonly DaemonLayer[]>) {
    super();
    this.key = key;
    this.layers = layers;
  }

  override close(): void {
    this.layers.close();
    this.claim.close();
  }
}

/** A claim. */
export class EntryDetail extends TextView {
  readonly kind = "entry";
  readonly places = ["entryDetail", "text", "everywhere"] as const;
  entry: CatalogueEntry;
  history: AsyncValue<readonly HistoryEntry[]>;

  constructor(entry: CatalogueEntry, history: AsyncValue<readonly HistoryEntry[]>) {
    super();
    this.entry = entry;
    this.history = history;
  }

  override close(): void {
    this.history.close();
  }
}
