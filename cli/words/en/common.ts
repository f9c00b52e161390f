/** What all commands say. */
export const common = {
  defect: "an unexpected error, which is a defect of daochain's:",
  cancelled: "Cancelled.",
  /** the line under which several images are counted while they are read */
  images: "images",
  imagesRead: (read: number, all: number): string => `${read} of ${all} read`,
  warning: (text: string) => `warning: ${text}`,
  yesOrNo: (question: string) => `${question} [y/N] `,
  isYes: /^y(es)?$/i,
  passwordOf: (account: string) => `Password of account ${account}: `,
  passwordWrong: (left: number) =>
    `That password does not open the account; ${left === 1 ? "one more try" : `${left} more tries`}.`,
  newPassword: (account: string, least: number) =>
    `New password for account ${account} (at least ${least} characters): `,
  samePassword: "The same again: ",
  passwordsDiffer: "The two differ. Once more:",
  passwordTooShort: (least: number) => `That is too short: at least ${least} characters. Once more:`,
  privateKey: "Private key: ",
  keyFileOpen: (file: string, mode: string) =>
    `warning: other users of this machine can read the key in ${file} (mode ${mode}). Close it with chmod 600.`,
  waitingForSigner: (label: string) => `Waiting for the signer at ${label} to confirm.`,
  waitingForAccounts: (label: string) => `Waiting for the signer at ${label} to list its accounts.`,
  registry: "registry",
  readingBlock: (block: number, head: number) => `reading block ${block} of ${head}`,
  staleIndex: (why: string, block: number, time: string) =>
    `warning: ${why} What follows is as of block ${block}, ${time}; what was revoked since is not in it.`,
};
