export const organisationHelp = {};
