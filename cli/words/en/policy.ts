const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** What policy says. */
export const policy = {
  written: (file: string) => `Written to ${file}. docs/policy.md says what it may hold.`,
  /** @param asks what it asks for, with the words below */
  policy: (name: string, level: string, scopes: string, asks: string) =>
    `policy ${name} (${level}) for ${scopes}: ${asks}`,
  list: ", ",
  signedByOwner: "signed by the owner of the repository",
  signedBy: (organisation: string) => `signed by ${organisation}`,
  signedByAny: (organisations: string) => `signed by any of ${organisations}`,
  signedByAll: (organisations: string) => `signed by all of ${organisations}`,
  signedBySome: (needed: number, organisations: string) => `signed by at least ${needed} of ${organisations}`,
  within: (span: string) => `within the last ${span}`,
  newest: "the newest of its tag",
  supersededToo: "superseded or not",
  spans: {
    y: (count: number) => plural(count, "year"),
    d: (count: number) => plural(count, "day"),
    h: (count: number) => plural(count, "hour"),
    m: (count: number) => plural(count, "minute"),
    s: (count: number) => plural(count, "second"),
  },
  missing: (policy: string, organisation: string) =>
    `warning: policy ${policy} asks for ${organisation}, and the registry knows no organisation of that name`,
  notAsked: (why: string) =>
    `warning: the registry could not be asked whether the organisations in this file exist: ${why}`,
  holds: (about: string, policy: string) => `${about}: ${policy}`,
  denied: (about: string) => `${about}: denied, since no policy's registry scopes match it`,
  withoutName: "an image without a name",
};
