import type { ErrorTable } from "../../errors.ts";

/** What happens with the command line. */
export const commandLineErrors = {
  DECLINED: { outcome: "cancelled", message: "Nothing was changed." },
  CONFIRMATION_MISSING: {
    outcome: "usage",
    message: "This cannot be undone, and there is no terminal to ask on.",
    hint: "Add --yes to do it without being asked.",
  },
  NETWORK_JOINED: {
    outcome: "usage",
    message: "{home} has joined a network (chain id {chainId}), so there is no chain to start here.",
    hint: "daochain status shows the network. For a chain of your own, use another home: daochain up --home DIR.",
  },
  RPC_URL_SET: {
    outcome: "usage",
    message: "DAOCHAIN_RPC_URL is set: commands ask that endpoint, not the chain that up starts.",
    hint: "Unset DAOCHAIN_RPC_URL, then run daochain up again.",
  },
  ORGANISATION_NOT_CHOSEN: {
    outcome: "usage",
    message: "No organisation is in use.",
    hint: "Run daochain up, choose one with daochain org use NAME, or name one with --org.",
  },
  ACCOUNT_NONE: {
    outcome: "usage",
    message: "There is no account yet.",
    hint: "daochain up makes one; daochain account create or import does too.",
  },
  ACCOUNT_NOT_CHOSEN: {
    outcome: "usage",
    message: "There are several accounts, and none is in use.",
    hint: "Choose one with daochain account use NAME, or name it with --account.",
  },
  ACCOUNT_IN_USE: {
    outcome: "usage",
    message: "Account {name} is the one in use.",
    hint: "Choose another with daochain account use NAME first, or add --yes to remove it all the same.",
  },
  PASSWORD_MISSING: {
    outcome: "usage",
    message: "The password of account {account} is needed.",
    hint: "Put it into a file and name that file in DAOCHAIN_PASSWORD_FILE, pass it with --password-fd 0, or run on a terminal.",
  },
  PASSWORD_FILE_MISSING: {
    outcome: "usage",
    message: "The password file {file} does not exist.",
    hint: "Check DAOCHAIN_PASSWORD_FILE.",
  },
  NEW_PASSWORD_MISSING: {
    outcome: "usage",
    message: "The new password of account {account} is needed.",
    hint: "Pass it with --new-password-fd 0 < FILE, or run on a terminal.",
  },
  PASSWORD_DESCRIPTORS_EQUAL: {
    outcome: "usage",
    message: "--password-fd and --new-password-fd name the same descriptor.",
    hint: "Use two: --password-fd 3 3< OLD --new-password-fd 4 4< NEW.",
  },
  DESCRIPTOR_IS_TERMINAL: {
    outcome: "usage",
    message: "Descriptor {descriptor} is the terminal, which would show the password.",
    hint: "Leave the option out to be asked, or connect it to a file or a pipe.",
  },
  DESCRIPTOR_UNREADABLE: {
    outcome: "usage",
    message: "No password can be read from descriptor {descriptor}.",
    hint: "Connect it: --password-fd 0 < FILE, or --password-fd 3 3< FILE.",
  },
  DESCRIPTOR_TOO_LONG: {
    outcome: "usage",
    message: "Descriptor {descriptor} gives more than a password.",
  },
  PRIVATE_KEY_TWICE: {
    outcome: "usage",
    message: "DAOCHAIN_PRIVATE_KEY and DAOCHAIN_PRIVATE_KEY_FILE are both set.",
    hint: "Unset one of them.",
  },
  PRIVATE_KEY_FILE_MISSING: {
    outcome: "usage",
    message: "The key file {file} does not exist.",
    hint: "Check DAOCHAIN_PRIVATE_KEY_FILE.",
  },
  ADDRESS_WITHOUT_SIGNER: {
    outcome: "usage",
    message: "--address chooses an account of an external signer.",
    hint: "Name the signer with --signer.",
  },
  KEYSTORE_AND_SIGNER: {
    outcome: "usage",
    message: "An account is either in a keystore file or with an external signer.",
    hint: "Leave out --keystore or --signer.",
  },
  KEYSTORE_FILE_MISSING: { outcome: "usage", message: "The keystore file {file} does not exist." },
  SIGNER_HAS_NO_ACCOUNT: { outcome: "usage", message: "The signer lists no account." },
  SIGNER_ACCOUNT_NOT_CHOSEN: {
    outcome: "usage",
    message: "The signer lists {count|account|accounts}.",
    hint: "Name the one to use with --address.",
  },
  SINCE_INVALID: {
    outcome: "usage",
    message: "{text} is not a date or time.",
    hint: "Write --since 2026-01-31, 2026-01-31T14:00:00Z, or 3d for three days ago.",
  },
  THRESHOLD_INVALID: { outcome: "usage", message: "{text} is not a number of signatures." },
} as const satisfies ErrorTable;
