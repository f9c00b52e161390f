export const tuiHelp: typeof import("../en/tui.ts").tuiHelp = {};
