import type { Verdict } from "../../../src/index.ts";
import type { ImageDetail } from "../../tui/state/view.ts";
import type { MarketView } from "../browser.ts";
import { AsyncValue } from "./async-value.ts";

/** Looks up the claim that an image's verdict rests on, and asks what was recorded of its tag; again when another is concerned. */
export function readClaim(
  view: ImageDetail,
  verdict: Verdict | undefined,
  market: MarketView,
  onChange: () => void,
): void {
  const { claim, repository, tag } = verdict ?? {};
  const name = repository == null ? undefined : `${repository}:${tag ?? ""}`;
  const text = claim?.id ?? name;
  const read = `${text} ${verdict?.status} ${market.version}`;
  if (read === view.read) return;
  view.read = read;
  const query = { text, standing: "any", superseded: true, foreign: true } as const;
  const found = text === undefined ? [] : market.page(query, 0, 16);
  const entry = found.find((each) => each.claim === text || `${each.repository}:${each.tag}` === text);
  const before = view.entry;
  view.entry = entry;
  if (entry !== undefined && entry.claim === before?.claim && entry.standing === before.standing) return;
  view.history?.close();
  view.history =
    entry === undefined ? undefined : new AsyncValue((signal) => market.history(entry, signal), onChange);
}
