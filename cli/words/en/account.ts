import type { AccountInForce } from "../../secrets.ts";

/** What the account commands say. */
export const account = {
  passwordGenerated: (file: string) => `Its password was generated into ${file}.`,
  made: (name: string, address: string) => `Account ${name} is ${address}.`,
  used: (name: string, address: string) => `Account ${name} (${address}) is in use.`,
  external: (signer: string) => `external: ${signer}`,
  none: "There is no account yet: daochain account create makes one.",
  /** where it is as it is, and who decided that */
  why: (source: AccountInForce["source"], variable: string) =>
    ({
      argument: "as named",
      environment: `from ${variable}, which goes before every account`,
      settings: "in use, as daochain account use chose",
      only: "in use, as the only account",
    })[source],
  keyInForce: (variable: string, address: string) =>
    `${variable} is set: its key, ${address}, signs instead of these.`,
  howToUseInCi: (name: string) => [
    "To sign with it in CI, hand over its key as a secret:",
    `  daochain account export ${name} --private-key --output key.txt`,
    "and set DAOCHAIN_PRIVATE_KEY there to what key.txt holds, or DAOCHAIN_PRIVATE_KEY_FILE to a file with it.",
  ],
  howToAdmit: (organisation: string, address: string) =>
    `It may sign for ${organisation} once an admin has run: daochain org add-signer ${organisation} ${address}`,
  showKey: (name: string) => `Whoever sees the bare key of ${name} can sign with it. Show it?`,
  exported: (name: string, file: string) => `Account ${name} was written to ${file}.`,
  passwordChanged: (name: string) => `Account ${name} has a new password.`,
  exportsKeep: "Keystore files that were exported before still open with the old one.",
  removes: (name: string, address: string) =>
    `Account ${name} (${address}) is deleted with its key. Without a copy (daochain account export ${name} --output FILE), nobody can sign with it again.`,
  removesExternal: (name: string, address: string) =>
    `Account ${name} (${address}) is forgotten here; its key stays with its signer.`,
  remove: "Remove it?",
  removed: (name: string) => `Account ${name} was removed.`,
};
