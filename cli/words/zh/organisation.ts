export const organisation: typeof import("../en/organisation.ts").organisation = {};
