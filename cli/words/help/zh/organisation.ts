export const organisationHelp: typeof import("../en/organisation.ts").organisationHelp = {};
