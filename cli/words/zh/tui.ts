export const tui: typeof import("../en/tui.ts").tui = {};
