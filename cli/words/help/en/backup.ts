import type { CommandHelp } from "../help.ts";

/** What the help of backup and restore says. */
export const backupHelp = {
  backup: {
    description: "write the home into one file: chain, accounts, generated passwords, profile, settings",
    examples: [
      "daochain backup daochain.tar                          the chain may run meanwhile",
      "daochain backup daochain-$(date +%F).tar --quiet      each day under a name of its own",
      "daochain backup daochain.tar --json | jq .chain       up to which block it goes",
    ],
    notes: `
Keep the file secret: it holds your keystores and, where passwords were generated, these too. Only you can read it (mode 0600).
The index is left out, since it is made anew from the chain.`,
  } satisfies CommandHelp,
  restore: {
    description: "make a home of a backup, after checking all of it",
    options: { rollback: "replace a home whose chain is longer or another one, and write that down" },
    examples: [
      "daochain restore daochain.tar                         into the usual home, which must not be there yet",
      "daochain restore daochain.tar --home /srv/daochain    into another one",
      "daochain restore daochain.tar --rollback              take back what the backup does not have",
      "daochain restore daochain.tar --json | jq .chain      which chain, and up to which block",
    ],
    notes: `
An older chain takes back what others may have seen: signatures and revocations. --rollback asks for that by name; the home
that was there is kept beside the new one, and daochain status and daochain doctor tell of it from then on.`,
  } satisfies CommandHelp,
};
