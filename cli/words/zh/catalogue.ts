export const catalogue: typeof import("../en/catalogue.ts").catalogue = {};
