/** Where keys mean something: a page, a view over it, and what all lists or all texts have in common. */
export type Place = keyof typeof bindings;

/** What a key does. Each has its words, and its code beside the place's (actions/). */
export type ActionOf<P extends Place> = (typeof bindings)[P][number]["action"];
export type Action = ActionOf<Place>;

export interface Binding {
  /** as keys/names.ts calls them */
  readonly keys: readonly string[];
  readonly action: Action;
}

/**
 * Every key there is. What is pressed is looked up here, and so are help and the line of keys: neither can say anything else. Where a key
 * stands in two places that are in force, the first counts.
 */
export const bindings = {
  local: [
    { keys: ["enter"], action: "details" },
    { keys: ["s"], action: "sign" },
    { keys: ["v"], action: "verify" },
    { keys: ["V"], action: "chooseDepth" },
    { keys: ["d"], action: "diff" },
    { keys: ["r"], action: "run" },
    { keys: ["p"], action: "pull" },
    { keys: ["R"], action: "revoke" },
    { keys: ["/"], action: "search" },
    { keys: ["f"], action: "filter" },
    { keys: ["o"], action: "order" },
    { keys: ["C-r"], action: "refresh" },
    { keys: ["esc"], action: "unsearch" },
  ],
  organisation: [
    { keys: ["enter"], action: "details" },
    { keys: ["a"], action: "approve" },
    { keys: ["R"], action: "revoke" },
    { keys: ["p"], action: "pull" },
    { keys: ["/"], action: "search" },
    { keys: ["f"], action: "filter" },
    { keys: ["o"], action: "order" },
    { keys: ["O"], action: "chooseOrganisation" },
    { keys: ["esc"], action: "unsearch" },
  ],
  market: [
    { keys: ["enter"], action: "details" },
    { keys: ["p"], action: "pull" },
    { keys: ["/"], action: "search" },
    { keys: ["f"], action: "filter" },
    { keys: ["o"], action: "order" },
    { keys: ["R"], action: "revoke" },
    { keys: ["esc"], action: "unsearch" },
  ],
  account: [
    { keys: ["u", "enter"], action: "useAccount" },
    { keys: ["c"], action: "createAccount" },
    { keys: ["i"], action: "importAccount" },
    { keys: ["O"], action: "chooseOrganisation" },
  ],
  imageDetail: [
    { keys: ["s"], action: "sign" },
    { keys: ["v"], action: "verify" },
    { keys: ["V"], action: "chooseDepth" },
    { keys: ["d"], action: "diff" },
    { keys: ["r"], action: "run" },
    { keys: ["p"], action: "pull" },
    { keys: ["R"], action: "revoke" },
  ],
  entryDetail: [
    { keys: ["p"], action: "pull" },
    { keys: ["a"], action: "approve" },
    { keys: ["R"], action: "revoke" },
  ],
  tasks: [
    { keys: ["x"], action: "dismiss" },
    { keys: ["J", "tab"], action: "nextTask" },
    { keys: ["K", "S-tab"], action: "previousTask" },
  ],
  text: [
    { keys: ["esc", "q", "h", "left", "enter"], action: "back" },
    { keys: ["j", "down"], action: "down" },
    { keys: ["k", "up"], action: "up" },
    { keys: ["C-d", "pagedown", "space"], action: "pageDown" },
    { keys: ["C-u", "pageup"], action: "pageUp" },
    { keys: ["g", "home"], action: "top" },
    { keys: ["G", "end"], action: "bottom" },
  ],
  list: [
    { keys: ["j", "down"], action: "down" },
    { keys: ["k", "up"], action: "up" },
    { keys: ["C-d"], action: "halfDown" },
    { keys: ["C-u"], action: "halfUp" },
    { keys: ["pagedown", "C-f", "space"], action: "pageDown" },
    { keys: ["pageup", "C-b"], action: "pageUp" },
    { keys: ["g", "home"], action: "top" },
    { keys: ["G", "end"], action: "bottom" },
    { keys: ["l", "right", "tab"], action: "nextPage" },
    { keys: ["h", "left", "S-tab"], action: "previousPage" },
    { keys: ["1"], action: "pageLocal" },
    { keys: ["2"], action: "pageOrganisation" },
    { keys: ["3"], action: "pageMarket" },
    { keys: ["4"], action: "pageAccount" },
    { keys: ["x"], action: "dismiss" },
    { keys: ["q"], action: "quit" },
  ],
  everywhere: [
    { keys: ["A"], action: "tasks" },
    { keys: ["!"], action: "events" },
    { keys: ["U"], action: "startChain" },
    { keys: ["?"], action: "help" },
    { keys: ["C-l"], action: "redraw" },
    { keys: ["C-c"], action: "quit" },
  ],
} as const satisfies Record<string, readonly { keys: readonly string[]; action: string }[]>;

/** The binding of a key at places, the nearest first. */
export function findBinding(
  places: readonly Place[],
  key: string,
): { readonly place: Place; readonly action: Action } | undefined {
  for (const place of places) {
    const found = (bindings[place] as readonly Binding[]).find(({ keys }) => keys.includes(key));
    if (found !== undefined) return { place, action: found.action };
  }
  return undefined;
}

/** Everything that can be done at places, with those keys that are not taken by a nearer place. */
export function bindingsAt(
  places: readonly Place[],
): { readonly place: Place; readonly bindings: Binding[] }[] {
  const taken = new Set<string>();
  return places.map((place) => {
    const open = (bindings[place] as readonly Binding[])
      .map((binding) => ({ ...binding, keys: binding.keys.filter((key) => !taken.has(key)) }))
      .filter(({ keys }) => keys.length > 0);
    for (const { keys } of open) for (const key of keys) taken.add(key);
    return { place, bindings: open };
  });
}
