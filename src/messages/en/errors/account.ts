import type { ErrorTable } from "../../errors.ts";

/** What happens with accounts, keys and signers. */
export const accountErrors = {
  ACCOUNT_NOT_FOUND: {
    outcome: "usage",
    message: "There is no account named {name}.",
    hint: "daochain account list shows the accounts; daochain account create makes one.",
  },
  ACCOUNT_EXISTS: {
    outcome: "usage",
    message: "There is already an account named {name}.",
    hint: "Choose another name; an account is never overwritten.",
  },
  ACCOUNT_NAME_INVALID: {
    outcome: "usage",
    message: "{name} cannot name an account.",
    hint: "Use up to 63 lowercase letters, digits, '.', '_' and '-', starting with a letter or digit.",
  },
  ACCOUNT_FILE_INVALID: {
    outcome: "usage",
    message: "The file of account {name} does not name an address and a signer.",
    hint: "Import it again under another name: daochain account import NAME --signer URL.",
  },
  KEY_ELSEWHERE: {
    outcome: "usage",
    message: "The key of account {name} is with the signer at {signer}, not here.",
    hint: "Only the signer itself can give its key away.",
  },
  KEY_INVALID: {
    outcome: "usage",
    message: "The private key is not a valid secp256k1 key.",
    hint: "A private key is 64 hex digits, with or without 0x.",
  },
  PUBLIC_KEY_INVALID: {
    outcome: "usage",
    message: "The public key is not one of the curve secp256k1, in DER.",
    hint: "Ask the KMS for a key of the kind ECC_SECG_P256K1 (it has many names), and for its public key as SPKI.",
  },
  KEYSTORE_INVALID: {
    outcome: "usage",
    message: "The file is not a version 3 keystore.",
    hint: "Keystore files are written by daochain, geth and web3 tools; a bare private key is imported as such.",
  },
  KEYSTORE_WITHOUT_ADDRESS: {
    outcome: "usage",
    message: "The keystore file of account {name} names no address.",
    hint: "Move {path} away and import it: daochain account import {name} --keystore FILE.",
  },
  KEYSTORE_KEY_INVALID: {
    outcome: "usage",
    message:
      "The keystore file cannot be decrypted: its key is not one, or not that of the address it names.",
    hint: "Use another copy of the file.",
  },
  PASSWORD_WRONG: {
    outcome: "usage",
    message: "The password does not open this account.",
    hint: "Check DAOCHAIN_PASSWORD_FILE, or type the password that the account was created with.",
  },
  SIGNER_URL_HOLDS_SECRET: {
    outcome: "usage",
    message:
      "The signer's URL holds a user or a password, which would stand in lists of processes and in files.",
    hint: "Reach the signer without them: over a unix socket, on the loopback interface, or through a proxy that adds them.",
  },
  SIGNER_URL_INVALID: {
    outcome: "usage",
    message: "{url} is not a signer's URL.",
    hint: "Write https://..., http:// on this machine's own loopback (127.0.0.1), or unix:/path/to/clef.ipc.",
  },
  SIGNER_UNREACHABLE: {
    outcome: "inconclusive",
    message: "The signer at {endpoint} cannot be reached: {reason}.",
    hint: "Start the signer, or check its URL: daochain account show.",
  },
  SIGNER_DENIED: {
    outcome: "inconclusive",
    message: "The signer at {endpoint} refuses this client: it answers with HTTP status {status}.",
    hint: "Check who may ask it, or whether a proxy stands before it.",
  },
  SIGNER_HTTP_FAILED: {
    outcome: "inconclusive",
    message: "The signer at {endpoint} answers with HTTP status {status}.",
    hint: "Check the signer's URL: daochain account show.",
  },
  SIGNER_NOT_JSON_RPC: {
    outcome: "inconclusive",
    message: "The endpoint {endpoint} does not answer as JSON-RPC does; it does not seem to be a signer.",
    hint: "Check the signer's URL: daochain account show.",
  },
  SIGNER_ANSWER_TOO_LARGE: {
    outcome: "inconclusive",
    message: "The answer of the signer at {endpoint} is larger than {limit} bytes.",
  },
  SIGNER_REFUSED: {
    outcome: "usage",
    message: "The signer at {endpoint} refused: {reason}.",
    hint: "Nothing was signed. Confirm it at the signer, or check that it holds this account and may sign with it.",
  },
  SIGNER_ACCOUNTS_UNTOLD: {
    outcome: "inconclusive",
    message: "The signer at {endpoint} does not list its accounts.",
    hint: "Name the account with --address.",
  },
  SIGNER_SIGNATURE_WRONG: {
    outcome: "inconclusive",
    message: "What came from {signer} is not a signature of {address}.",
    hint: "Nothing was sent. Check that this signer holds the account's key, and that it signs what it is given.",
  },
  SIGNER_TRANSACTION_WRONG: {
    outcome: "inconclusive",
    message: "The signer at {endpoint} signed another transaction than it was asked to.",
    hint: "Nothing was sent. Check what stands behind this URL.",
  },
  PASSWORD_TOO_SHORT: {
    outcome: "usage",
    message: "The new password is too short.",
    hint: "Choose one of at least {least} characters.",
  },
} as const satisfies ErrorTable;
