export const serviceHelp: typeof import("../en/service.ts").serviceHelp = {};
