export const catalogueHelp: typeof import("../en/catalogue.ts").catalogueHelp = {};
