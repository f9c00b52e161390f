/** Help of policy. */
export const policyHelp = {
  policy: {
    description: "say who must have signed what: init, check, explain",
    examples: [
      "daochain policy init                                  write daochain.policy.json here",
      "daochain policy check                                 say what it asks for, and what is wrong with it",
      "daochain policy explain docker.io/acme/api:1.4.2      show the policy that holds for an image",
    ],
  },
  init: {
    description: "write a first policy file",
    options: { org: "the organisation that must have signed (default: the owner of the repository)" },
    examples: ["daochain policy init", "daochain policy init /etc/daochain/daochain.policy.json --org acme"],
  },
  check: {
    description: "say what a policy file asks for, and what is wrong with it",
    examples: [
      "daochain policy check                                 daochain.policy.json in this directory",
      "daochain policy check /etc/daochain/daochain.policy.json",
      "daochain policy check --json | jq -r '.[].missingOrganisations[]?'",
    ],
    notes: `
The registry is asked whether the organisations that the file names exist. The exit code is 0 when
the file can be used; 2 when it cannot be read as policies; 20 when an organisation does not exist,
or when the registry could not be asked.`,
  },
  explain: {
    description: "show which policy holds for an image, and what it asks for",
    options: { policy: "the policy file" },
    examples: [
      "daochain policy explain docker.io/acme/api:1.4.2",
      "daochain policy explain --policy /etc/daochain/daochain.policy.json --json acme/api | jq .policy.maxAge",
    ],
    notes: `
The exit code is 0, or 16 when no policy holds for the image: it is denied then.`,
  },
};
