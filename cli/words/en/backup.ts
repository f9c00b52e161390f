/** What backup and restore say. */
export const backup = {
  written: (file: string, size: string) => `Backed up into ${file} (${size}).`,
  chain: (blocks: number, time: string | undefined) =>
    time === undefined
      ? "The chain is in it, without a block yet."
      : `The chain is in it up to block ${blocks}, ${time}. What is recorded from now on is not.`,
  noChain: "There is no chain in this home: accounts, profile and settings are in it.",
  passwords: (accounts: readonly string[]) =>
    `KEEP IT SECRET: with the generated ${accounts.length === 1 ? "password" : "passwords"} of ${accounts.join(", ")}, whoever has this file can sign with ${accounts.length === 1 ? "that account" : "those accounts"}.`,
  keystores: (accounts: readonly string[]) =>
    `It holds the keystores of ${accounts.join(", ")}, which open with their passwords; those are not in it.`,
  left: (names: readonly string[]) => `Not daochain's, and not in the backup: ${names.join(", ")}`,

  restored: (directory: string, file: string) => `Restored ${directory} from ${file}.`,
  asOf: (blocks: number, time: string) =>
    `Its chain ends with block ${blocks}, ${time}. What was signed or revoked later is not in it: if anyone has seen that, do it again.`,
  rolledBack: (what: string, kept: string) =>
    `THE CHAIN WAS ROLLED BACK: ${what}. Gates and others that have followed it may rely on what is gone, and may refuse this chain: tell them. daochain status and daochain doctor say so from now on. The home that was there is ${kept}.`,
  lostBlocks: (first: number, last: number) =>
    first === last ? `block ${first} was taken back` : `blocks ${first} to ${last} were taken back`,
  lostUnknown: "a chain that could not be read was replaced",
  next: "Next: daochain up",
  rollbackKnown: (at: string, what: string) =>
    `An older chain was restored at ${at}: ${what}. daochain doctor says what to do.`,
};
