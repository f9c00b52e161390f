import type { AccountsView, Browser, ChainView, Health, Observable } from "../browser.ts";

const still: Observable = { version: 0, subscribe: () => () => {} };

/** What there is to see before anything was asked: nothing. The first paint needs no more, and waits for nothing. */
export function emptyBrowser(): Browser {
  const health: Health = { state: "starting", since: Date.now(), failure: undefined };
  const never = (): never => {
    throw new Error("nothing can be done before the browser has started");
  };
  const chain: ChainView = {
    ...still,
    health,
    label: undefined,
    id: undefined,
    registry: undefined,
    blocks: [],
    catching: undefined,
    isCaughtUp: false,
    canStart: false,
    events: [],
  };
  const accounts: AccountsView = {
    ...still,
    accounts: [],
    current: undefined,
    roles: [],
    balance: undefined,
    failure: undefined,
    create: async () => never(),
    import: async () => never(),
    use: async () => never(),
    useOrganisation: async () => never(),
  };
  return {
    chain,
    images: {
      ...still,
      engine: health,
      about: undefined,
      rows: [],
      waiting: 0,
      look: () => {},
      verify: () => {},
      refresh: () => {},
      layers: async () => [],
      acknowledge: () => {},
    },
    organisation: { ...still, name: undefined, organisation: undefined, tags: [], pending: [] },
    market: {
      ...still,
      count: () => 0,
      page: () => [],
      organisations: () => [],
      history: async () => [],
    },
    accounts,
    tasks: {
      ...still,
      all: [],
      secret: async () => never(),
      sign: never,
      approve: never,
      revoke: never,
      falling: async () => never(),
      pull: never,
      diff: never,
      startNeeds: async () => never(),
      start: never,
      dismiss: () => {},
    },
    start: () => {},
    close: async () => {},
  };
}
