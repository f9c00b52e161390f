import type { CommandHelp } from "../help.ts";

export const accountHelp = {
  account: {
    description: "accounts: the keys that you sign with",
    examples: [
      "daochain account create ci                            a new account, and how CI uses it",
      "daochain account show                                 which one is in use, and why",
    ],
    notes: `
Who acts: the account named with --account, else the key in DAOCHAIN_PRIVATE_KEY or in the file that
DAOCHAIN_PRIVATE_KEY_FILE names, else the one that account use chose, else the only one.`,
  },
  create: {
    description: "make a new account, protected by a password",
    examples: [
      "daochain account create                               an account named default",
      "daochain account create ci --password-fd 0 < FILE     its password from a file",
      "daochain account create ci --json | jq -r .address    only its address",
    ],
    notes: `
The password needs at least 10 characters. Without a terminal, and if none is given, one is generated into a file that
only you can read.`,
  },
  import: {
    description: "take over an account: a private key, a keystore file, or an account at an external signer",
    options: {
      keystore: "a version 3 keystore file, as geth writes it",
      signer:
        "the signer that keeps the key, such as Clef or Web3Signer: https, http on loopback, or unix:PATH",
      address: "the account at the signer (default: the only one that it lists)",
    },
    examples: [
      "daochain account import ci < key.txt                  a private key; on a terminal it is asked for",
      "daochain account import old --keystore UTC--2016-07-22T09-13-52...",
      "daochain account import ledger --signer unix:$HOME/.clef/clef.ipc",
      "daochain account import ci --json < key.txt | jq -r .address",
    ],
  },
  list: {
    description: "list the accounts",
    examples: [
      "daochain account list                                 the one in use has a *",
      `daochain account list --json | jq -r '.[] | select(.current).name'`,
    ],
  },
  use: {
    description: "choose the account to act with",
    examples: ["daochain account use ci", "daochain account use ci --json | jq -r .address"],
  },
  show: {
    description: "show the account that commands act with, and why it is that one",
    examples: [
      "daochain account show                                 the one in force",
      "daochain account show ci                              another one",
      "daochain account show --json | jq -r .reason          why it is the one in force",
    ],
  },
  export: {
    description: "print an account's encrypted keystore file",
    options: {
      output: "write it to a file that only you can read",
      "private-key": "the bare private key instead",
      yes: "do not ask",
    },
    examples: [
      "daochain account export ci --output ci.json           a copy, which its password opens",
      "daochain account export ci --private-key -o key.txt   the bare key, for DAOCHAIN_PRIVATE_KEY_FILE",
      "daochain account export ci | jq -r .address           the keystore file is JSON itself",
    ],
  },
  password: {
    description: "change an account's password",
    options: { "new-password-fd": "read the new password from this descriptor; 0 is stdin" },
    examples: [
      "daochain account password                             of the account in use; asks for both",
      "daochain account password ci --password-fd 3 3< OLD --new-password-fd 4 4< NEW",
      "daochain account password ci --new-password-fd 0 --json < NEW | jq -r .address",
    ],
    notes: `
The old password comes from --password-fd, DAOCHAIN_PASSWORD_FILE, the file generated with the account, or the terminal.`,
  },
  remove: {
    description: "delete an account and its key for good",
    options: { yes: "do not ask; also needed for the account in use" },
    examples: [
      "daochain account export ci -o ci.json && daochain account remove ci",
      "daochain account remove ci --yes --json | jq -r .address",
    ],
  },
} satisfies Record<string, CommandHelp>;
