import type { CommandHelp } from "../help.ts";

/** What the help of doctor says. */
export const doctorHelp = {
  doctor: {
    description: "look at everything that daochain needs, and say how to mend what is wrong",
    options: { policy: "the policy file to look at" },
    examples: [
      "daochain doctor                    engine, chain, keys, policy, clock, index, gates, disk, versions",
      "daochain doctor --policy /etc/daochain/daochain.policy.json",
      `daochain doctor --json | jq -r '.checks[] | select(.status != "ok") | .command // .message'`,
    ],
    notes: `
Nothing is changed by it. The exit code is 0 where everything is in order, and 20 where something is wrong or not known.`,
  } satisfies CommandHelp,
};
