/** Help of search, images and watch. */
export const catalogueHelp = {
  search: {
    description: "find signed images of every organisation",
    options: {
      org: "only images of this organisation",
      all: "whatever their status: also pending, revoked, expired and untrusted ones",
      superseded: "also images that their tag has moved on from",
      foreign: "also images of organisations that do not own the repository",
      limit: "show at most this many images",
    },
    examples: [
      "daochain search                     the newest image of every tag",
      "daochain search api acme            images with api and acme in their name or organisation",
      "daochain search sha256:6a92         by the beginning of a digest or of a claim's ID",
      "daochain search --all api           also those that are pending, revoked, expired or untrusted",
      "daochain search --json api | jq -r '.[] | [.image, .claim.signedAt] | @tsv'",
      "daochain search --all --json | jq -r '.[] | select(.status == \"revoked\") | .image'",
    ],
    notes: `
STATUS is what daochain verify would say of the image that was signed. Whether the image that you
have is that one, only daochain verify can tell.`,
  },
  images: {
    description: "show your organisation's images, and whether the local copies are current",
    options: {
      org: "organisation (default: the one in use)",
    },
    examples: [
      "daochain images                     every image of the organisation",
      "daochain images acme/api            the images in one repository",
      "daochain images --json | jq -r '.[] | select(.local == \"superseded\") | .image'",
    ],
    notes: `
LOCAL compares the image of that name in the Docker Engine, by its image ID:
  current      it is what the tag means now
  superseded   it is what the tag meant before
  other        it was never signed under this name
  missing      the engine has no image of this name
  unknown      no engine answers`,
  },
  watch: {
    description: "show signatures, revocations and other changes as they are recorded",
    options: {
      org: "only events of this organisation",
      since: "begin with this block (default: the next one)",
      "no-containers": "do not look for running containers that an event affects",
      exec: "run a command for each event, one at a time; the event is JSON on its standard input",
      webhook: "send each event as JSON to a server (DAOCHAIN_WEBHOOK_URL)",
      "hook-on": "which events go to --exec and --webhook: those that affect a running container, or all",
    },
    examples: [
      "daochain watch                      everything that is recorded",
      "daochain watch acme/api             events of one repository",
      "daochain watch --exec ./notify.sh   a command for each event that affects a running container",
      "daochain watch --org acme --json    one organisation, a JSON object on each line",
      "daochain watch --json | jq -r 'select(.act | startswith(\"revoked\")) | .images[]'",
    ],
    notes: `
On start it names the running containers whose images are revoked, voided or expired already. While
no engine answers, every event that could affect a container counts as one that does. Requests to a
webhook are signed with DAOCHAIN_WEBHOOK_SECRET, where that is set.`,
  },
};
