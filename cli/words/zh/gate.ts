export const gate: typeof import("../en/gate.ts").gate = {};
