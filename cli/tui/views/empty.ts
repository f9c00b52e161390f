import type { Shell } from "../shell.ts";

/** Sentences, one below the other. */
type Texts = readonly (string | undefined)[];

/** Why there is nothing on a page where there could be something, and what to do about it. The first says it all in a line. */
export function emptyTexts(shell: Shell): Texts {
  const { words, pages, page } = shell;
  if (page === "local") return localTexts(shell);
  if (page === "organisation") return organisationTexts(shell);
  if (page === "account") return [words.empty.accounts];
  const isNarrowed = pages.market.search.text !== "" || pages.market.isFiltered;
  return unknownTexts(shell) ?? [words.empty[isNarrowed ? "marketSearch" : "market"]];
}

/** Why it is not known what the chain holds. @returns undefined where it is known */
export function unknownTexts({ browser, words, tell }: Shell): Texts | undefined {
  const { health, isCaughtUp, canStart } = browser.chain;
  if (isCaughtUp) return undefined;
  if (health.state === "starting") return [words.empty.chainStarting];
  if (health.failure === undefined) return [words.empty.chainReading];
  const { message, hint } = tell(health.failure);
  return canStart ? [message, words.empty.startChain] : [words.empty.chainUnknown, message, hint];
}

function localTexts({ browser, pages, words, tell }: Shell): Texts {
  const { state, failure } = browser.images.engine;
  const { search, filter } = pages.local;
  const isNarrowed = search.text !== "" || filter !== "all";
  const why = state === "down" ? "engineDown" : state === "starting" ? "engineStarting" : "local";
  const { message, hint } = failure === undefined ? {} : tell(failure);
  return [words.empty[isNarrowed && state !== "down" ? "search" : why], message, hint];
}

function organisationTexts(shell: Shell): Texts {
  const { browser, pages, words } = shell;
  const { name, organisation } = browser.organisation;
  const { search, filter } = pages.organisation;
  if (organisation !== undefined) {
    return [words.empty[search.text !== "" || filter !== "all" ? "search" : "market"]];
  }
  const unknown = unknownTexts(shell);
  if (unknown !== undefined) return unknown;
  return [name === undefined ? words.empty.organisation : words.organisation.absent(name)];
}
