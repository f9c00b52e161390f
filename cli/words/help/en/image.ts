import type { CommandHelp } from "../help.ts";

/** Options that several of these commands take. */
const options = {
  signFor: "organisation to sign for (default: the one in use)",
  signWith: "account to sign with (default: the one in use)",
  expires: "90d, 12h, ... from now, or a date (default: never)",
  annotation: "something to record beside the digests; may be given several times",
  list: "a file that lists images, one a line; - for standard input",
  until:
    "what to wait for: that the claim is recorded, or that enough others have approved it (15 if --timeout ends first)",
  claimOf: "organisation whose claim counts (default: the owner of the repository)",
  depth:
    "how deep to look: id asks the engine, manifest the registry, content reads every layer, runtime what would run",
  policy: "policies by repository, who must have signed and how lately (docs/policy.md)",
};

export const imageHelp = {
  references: `
An IMAGE is a name or ID in the local Docker Engine, else a name in its registry, or one of
  docker-daemon:REF   docker://REF   docker-archive:FILE[:REF|:@N]   oci:DIR[:TAG]   oci-archive:FILE[:TAG]`,
  sign: {
    description: "sign images: record their digests on the chain",
    options: {
      org: options.signFor,
      account: options.signWith,
      expires: options.expires,
      annotation: options.annotation,
      depth:
        "how deep to look: runtime (the default in engines and registries), content (layers), manifest (no layers)",
      file: options.list,
      batch: "sign all images at once: one signature, one transaction, all or none",
      output: "write the signed claim to a file for daochain submit; needs no chain",
      "dry-run": "show what would be signed; asks for no password, records nothing",
      until: options.until,
    },
    examples: [
      "daochain sign acme/api:1.4.2",
      "daochain sign oci:./layout:1.4.2 --annotation revision=$(git rev-parse HEAD) --expires 90d",
      "daochain sign --dry-run acme/api:1.4.2                  what would be signed, and what stands in the way",
      "daochain sign --until approved --timeout 1h acme/api:1.4.2   wait for the other signers",
      "daochain sign --file images.txt --json | jq -r '.[] | [.image, .status] | @tsv'",
    ],
    notes: `
Where the organisation asks for several signatures, the claim is pending until daochain approve has brought enough of them;
sign ends with 0 all the same, unless --until approved has it wait for them.`,
  },
  verify: {
    description: "check images against what was signed; the exit code is the answer",
    options: {
      org: options.claimOf,
      depth: options.depth,
      policy: options.policy,
      at: "judge as of a block, a date or time, or a span back from now",
      file: options.list,
    },
    examples: [
      "daochain verify acme/api:1.4.2 && docker run acme/api:1.4.2",
      "daochain verify docker-archive:api.tar",
      "daochain verify --depth id $(docker images --quiet --no-trunc)",
      "daochain verify --at 2026-01-31 acme/api:1.4.2       was it good then?",
      "daochain verify --json acme/api:1.4.2 | jq -r '.status, .reasons[]'",
    ],
  },
  inspect: {
    description:
      "show everything that is known of an image: what it is, whether it is verified, who signed it",
    options: {
      org: options.claimOf,
      depth: options.depth,
      policy: options.policy,
      limit: "acts of its history at most",
    },
    examples: [
      "daochain inspect acme/api:1.4.2",
      "daochain inspect oci-archive:api.tar --depth manifest",
      "daochain inspect --json acme/api:1.4.2 | jq -r '.claims[] | [.organisation, .status, .claim.signedAt] | @tsv'",
    ],
    notes: `
The exit code is that of verify. Claims and history are as the chain had them a moment ago; without a chain, inspect says
what is known of the image itself.`,
  },
  diff: {
    description: "show how what would run differs from the image's layers, path by path",
    examples: [
      "daochain diff acme/api:1.4.2",
      "daochain diff --json acme/api:1.4.2 | jq -r '.differences[].path'",
    ],
  },
  approve: {
    description: "add a second signature to a claim that waits for it",
    options: { org: options.signFor, account: options.signWith, until: options.until },
    examples: [
      "daochain approve acme/api:1.4.2 --account release",
      "daochain approve 0x5f3c...                   by the claim's id",
      "daochain approve --json acme/api:1.4.2 | jq -r '.status'",
    ],
  },
  submit: {
    description: "record a claim that was signed elsewhere with sign --output",
    options: { account: "account that sends it (default: the one in use)", until: options.until },
    examples: [
      "daochain submit claim.json",
      "daochain submit --json claim.json | jq -r '.claim.transaction'",
    ],
  },
  revoke: {
    description: "take a signature back, for good",
    options: {
      reason: "why, for everyone to read",
      org: "organisation that revokes (default: the one in use)",
      account: "account to act with (default: the one in use)",
      yes: "do not ask",
    },
    examples: [
      'daochain revoke acme/api:1.4.2 --reason "leaked key in layer 3"',
      "daochain revoke sha256:6a92... --reason retired --yes",
      "daochain revoke --yes --reason retired --json acme/api:1.4.1 | jq -r '.digests[]'",
    ],
  },
  log: {
    description: "show what was recorded: of an organisation, a repository, a tag or a digest",
    options: { org: "organisation (default: the one in use)", limit: "entries at most" },
    examples: [
      "daochain log                  everything that your organisation did",
      "daochain log acme/api         a repository",
      "daochain log acme/api:1.4.2   a tag",
      "daochain log --json acme/api | jq -r '.[] | select(.reason) | [.time, .subject, .reason] | @tsv'",
    ],
  },
} satisfies Record<string, CommandHelp | string>;
