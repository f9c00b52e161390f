import type { CommandHelp } from "../help.ts";

export const organisationHelp = {
  org: {
    description: "organisations: who signs for which repositories",
    examples: [
      "daochain org show                                        the one in use",
      "daochain org add-signer acme 0x5aAe...                   let another key sign",
    ],
  },
  show: {
    description: "show an organisation",
    examples: [
      "daochain org show                                        the one in use",
      "daochain org show acme --json | jq .threshold            how many signatures a claim takes",
    ],
  },
  list: {
    description: "list all organisations",
    examples: [
      "daochain org list                                        the one in use has a *",
      "daochain org list --json | jq -r '.[].name'",
    ],
  },
  use: {
    description: "choose the organisation to act for",
    examples: [
      "daochain org use acme                                    sign and revoke for acme from now on",
      "daochain org use acme --json | jq -r '.signers[]'        and who signs for it",
    ],
  },
  /** of create and admit */
  founding: {
    "display-name": "its name for people",
    namespace: "repositories that it owns; may be given several times",
    account: "account to act with (default: the one in use)",
  },
  create: {
    description: "admit an organisation of your own to the registry that you govern",
    options: { admin: "its first admin and signer (default: you)" },
    examples: [
      "daochain org create acme --namespace docker.io/acme",
      "daochain org create acme --json | jq -r .id",
    ],
  },
  admit: {
    description: "admit somebody else's organisation to the registry that you govern",
    options: { admin: "its first admin and signer" },
    examples: [
      "daochain org admit acme --admin 0x5aAe... --namespace docker.io/acme --namespace registry.acme.io",
      "daochain org admit acme --admin 0x5aAe... --json | jq -r .id",
    ],
  },
  /** of every change */
  change: {
    account: "account to act with (default: the one in use)",
    yes: "do not ask",
  },
  "add-signer": {
    description: "let another key sign for an organisation",
    examples: [
      "daochain org add-signer acme 0x5aAe...",
      "daochain org add-signer acme 0x5aAe... --json | jq -r '.signers[]'",
    ],
  },
  "retire-signer": {
    description: "stop a key from signing for good; what it signed stays valid",
    examples: [
      "daochain org retire-signer acme 0x5aAe...                says first how many signers are left",
      "daochain org retire-signer acme 0x5aAe... --yes --json | jq -r '.signers[]'",
    ],
  },
  "void-signer": {
    description: "disown what a key has signed since a moment, such as when it was stolen",
    options: { since: "a date or time, or a span back from now" },
    examples: [
      "daochain org void-signer acme 0x5aAe... --since 2026-01-31T14:00:00Z",
      "daochain org void-signer acme 0x5aAe... --since 3d",
      "daochain org void-signer acme 0x5aAe... --since 3d --yes --json | jq -r '.signers[]'",
    ],
  },
  "replace-signer": {
    description: "retire one key and let another sign, in one act",
    examples: [
      "daochain org replace-signer acme 0x5aAe... 0x2B5A...",
      "daochain org replace-signer acme 0x5aAe... 0x2B5A... --yes --json | jq -r '.signers[]'",
    ],
  },
  threshold: {
    description: "set how many signatures a claim takes",
    examples: ["daochain org threshold acme 2", "daochain org threshold acme 2 --json | jq .threshold"],
  },
  "add-namespace": {
    description: "give repositories to an organisation; for the registry's governor",
    examples: [
      "daochain org add-namespace acme docker.io/acme",
      "daochain org add-namespace acme docker.io/acme --json | jq -r '.namespaces[]'",
    ],
  },
  "remove-namespace": {
    description: "give repositories back",
    examples: [
      "daochain org remove-namespace acme docker.io/acme",
      "daochain org remove-namespace acme docker.io/acme --yes --json | jq -r '.namespaces[]'",
    ],
  },
  "add-admin": {
    description: "let another key change an organisation",
    examples: [
      "daochain org add-admin acme 0x5aAe...",
      "daochain org add-admin acme 0x5aAe... --json | jq -r '.admins[]'",
    ],
  },
  "remove-admin": {
    description: "stop a key from changing an organisation; the last admin stays",
    examples: [
      "daochain org remove-admin acme 0x5aAe...",
      "daochain org remove-admin acme 0x5aAe... --yes --json | jq -r '.admins[]'",
    ],
  },
} satisfies Record<string, CommandHelp | Readonly<Record<string, string>>>;
