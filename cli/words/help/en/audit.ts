/** Help of audit. */
export const auditHelp = {
  description: "verify everything that runs or could run here, in one go",
  options: {
    images: "the images of the Docker Engine",
    containers: "its running containers, each by the image that it was really made of",
    all: "also stopped containers",
    compose: "the images of a compose file's services; may be given several times",
    kubernetes: "the images in a manifest, or in a folder of manifests; may be given several times",
    file: "a file that lists images, one a line; may be given several times",
    "ignore-built": "leave out compose services that are built and name no image",
    org: "organisation whose claims count (default: the owner of each repository)",
    policy: "policies by repository, who must have signed and how lately (docs/policy.md)",
    depth:
      "how deep to look: id asks the engine, manifest the image registry, content reads every layer, runtime what would run",
    sarif: "also write SARIF 2.1.0 for code scanning; - is stdout, in place of the table",
    html: "also write a report as one HTML file; - is stdout, in place of the table",
  },
  examples: [
    "daochain audit                                   all images and running containers of the Docker Engine",
    "daochain audit --containers --depth id           only what runs, by image ID: quick",
    "daochain audit --compose compose.yaml            the services of a compose file",
    "daochain audit --kubernetes manifests --sarif audit.sarif",
    "helm template ./chart | daochain audit --kubernetes -",
    "docker compose config | daochain audit --compose -",
    "daochain audit --html audit.html                 a report to read, print or send",
    "daochain audit --json | jq -r '.[] | select(.status != \"verified\") | [.status, .image] | @tsv'",
  ],
  notes: `
Without --images, --containers, --compose, --kubernetes or --file, it looks at --images and
--containers. For --compose, --kubernetes and --file, - is stdin. Each image is verified once, as
daochain verify does it, and the chain is asked about all of them together. --json prints the verdicts
of daochain verify, each with the places where its image stands.

The exit code is that of the worst denial; else 20 if an image could not be read or decided; else 0.`,
};
