/** What the organisation commands say. */
export const organisation = {
  name: "name",
  threshold: "threshold",
  signers: "signers",
  admins: "admins",
  namespaces: "namespaces",
  every: "every repository",
  named: (name: string, displayName: string) => `${name} (${displayName})`,
  thresholdOf: (threshold: number, signers: number) =>
    `${threshold} of ${signers} ${signers === 1 ? "signer" : "signers"}`,
  used: (name: string) => `Organisation ${name} is in use.`,
  noRole: (account: string, name: string) => `${account} is neither a signer nor an admin of ${name}.`,
  howToAdmit: (name: string, address: string) =>
    `One of its admins can change that: daochain org add-signer ${name} ${address}`,
  // What stands before a question: what will be so afterwards.
  retires: (signer: string, name: string) =>
    `${signer} will not sign for ${name} any more and cannot come back. What it has signed stays valid.`,
  voids: (signer: string, name: string, since: string) =>
    `Whatever ${signer} has signed for ${name} since ${since} becomes invalid, for good.`,
  replaces: (signer: string, name: string, replacement: string) =>
    `${signer} will not sign for ${name} any more and cannot come back. ${replacement} takes its place.`,
  removesNamespace: (name: string, namespace: string) =>
    `${name} will not own ${namespace} any more. Only the registry's governor can give it back.`,
  removesAdmin: (admin: string, name: string) => `${admin} will not be an admin of ${name} any more.`,
  signersLeft: (name: string, left: number, threshold: number) =>
    `${name} then has ${left} ${left === 1 ? "signer" : "signers"}; a claim takes ${threshold} ${threshold === 1 ? "signature" : "signatures"}.`,
  noSpare: (threshold: number): string =>
    threshold === 1
      ? "Whoever has the last key must not lose it."
      : "All of them must sign every claim from then on.",
  tooFew: (name: string, threshold: number) =>
    `That is fewer than a claim takes. Lower the threshold first (daochain org threshold ${name} ${threshold}) or add a signer.`,
  adminsLeft: (name: string, left: number) => `${name} then has ${left} ${left === 1 ? "admin" : "admins"}.`,
  isYou: "That is the account that you act with.",
  retire: "Retire it?",
  void: "Void it?",
  replace: "Replace it?",
  remove: "Remove it?",
};
