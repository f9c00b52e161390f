import type { CommandHelp } from "../help.ts";

export const transferHelp = {
  pull: {
    description: "fetch images that are what was signed, whatever their tags say now",
    options: {
      org: "organisation whose claim counts (default: the owner of the repository)",
      platform: "of an image for several platforms, the one to fetch (default: the engine's)",
      depth: "how deep to look at what came (default: runtime, what would run)",
      file: "a file that lists images, one a line; - for standard input",
    },
    examples: [
      "daochain pull registry.acme.io/api:1.4.2",
      "daochain pull --platform linux/arm64 registry.acme.io/api:1.4.2",
      "daochain pull --file images.txt --json | jq -r '.[] | select(.status != \"verified\") | .image'",
    ],
    notes: `
An IMAGE is [registry/]repository[:tag][@digest]. The chain says which digest the tag stands for; the engine fetches that, it
is verified, and only then it gets the tag. What fails is removed, and a local tag stays where it was. Credentials are those
of docker login. The exit code is that of verify.`,
  },
  push: {
    description: "push images to their registry and sign what the registry then serves",
    options: {
      org: "organisation to sign for (default: the one in use)",
      account: "account to sign with (default: the one in use)",
      expires: "90d, 12h, ... from now, or a date (default: never)",
      annotation: "something to record beside the digests; may be given several times",
      file: "a file that lists images, one a line; - for standard input",
      until:
        "what to wait for: that the claim is recorded, or that enough others have approved it (15 if --timeout ends first)",
    },
    examples: [
      "daochain push registry.acme.io/api:1.4.2",
      "daochain push registry.acme.io/api:1.4.2 --annotation revision=$(git rev-parse HEAD) --expires 90d",
      "daochain push --json registry.acme.io/api:1.4.2 | jq -r '.subjects[] | select(.kind == \"manifest\") | .digest'",
    ],
    notes: `
An IMAGE is [registry/]repository[:tag] in the local Docker Engine. What the registry serves is read back, layers included, and
signed together with the local image: one claim that verifies it here, there and wherever it is pulled. Where the registry
serves something else, nothing is signed (18). Credentials are those of docker login.`,
  },
  run: {
    description: "check an image and start it, as docker run does",
    usage: "[docker run flags] IMAGE [command] [argument...]",
    examples: [
      "daochain run --rm -it acme/api:1.4.2 sh",
      "daochain run --org acme --detach --publish 8080:80 --name api acme/api:1.4.2",
      "daochain run --json acme/api:1.4.2 | jq -r '.reasons[]'   why it was not started",
    ],
    notes: `
Every flag of docker run stands before IMAGE and is passed on as it is. daochain's own, there too:
  --org <name>          organisation whose claim counts (default: the owner of the repository)
  --depth <depth>       how deep to look: id, content or runtime
  --home <dir>          where state lives (DAOCHAIN_HOME, else ~/.daochain)
  --timeout <duration>  give up the check after this long; a container that was started runs as long as it likes
  --json                where the image is not started, print the verdict as JSON
  --no-color            print without colours

The image must be in the local Docker Engine: nothing is pulled. It is started by its ID, so that what was checked is what
runs; docker ps shows the ID in the place of a name. The exit code is docker run's; where the image is not verified, nothing
starts and the exit code is verify's.`,
  },
} satisfies Record<string, CommandHelp & { usage?: string }>;
