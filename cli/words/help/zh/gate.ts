export const gateHelp: typeof import("../en/gate.ts").gateHelp = {};
