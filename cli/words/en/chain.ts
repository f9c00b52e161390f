/** What up, down, status and demo say. */
export const chain = {
  // up
  chain: "chain",
  registry: "registry",
  organisation: "organisation",
  account: "account",
  started: "started",
  running: "running",
  isNew: "new",
  found: "found",
  chainAt: (url: string, id: number, pid: number) => `${url} (chain id ${id}, process ${pid})`,
  owns: (namespaces: readonly string[]) =>
    namespaces.includes("")
      ? "owns every repository"
      : namespaces.length === 0
        ? "owns no repository"
        : `owns ${namespaces.join(", ")}`,
  starting: "starting",
  replaying: (done: number, total: number) => `replaying block ${done} of ${total}`,
  settingUp: "setting up the registry and the organisation",
  stage: (what: string) => `The chain is ${what}.`,
  waitingForOther: "Another daochain up is at work in this home; waiting for it.",
  tornBytes: (count: number) =>
    `The chain's journal ended in ${count} bytes of a block that was never acknowledged; they were cut off.`,
  passwordGenerated: (file: string) => `The account's password was generated into ${file}.`,
  switched: (name: string, before: string) => `Organisation ${name} is in use now; before, it was ${before}.`,
  nextSign: "Next: daochain sign IMAGE",
  untilStopped: "The chain runs until Ctrl-C or SIGTERM.",
  // down
  stopped: "The chain has stopped.",
  notRunning: "The chain was not running.",
  // status
  home: "home",
  process: "process",
  log: "log",
  docker: "Docker",
  gate: "gate",
  clock: "clock",
  next: "next",
  disk: (directory: string, used: string, free: string) => `${directory} (${used} used, ${free} free)`,
  notReachable: (why: string) => `not reachable: ${why}`,
  endpoint: (url: string, id: number, block: number) => `${url}, chain id ${id}, block ${block}`,
  embedded: (pid: number, memory: string, journal: string) =>
    `${pid}, ${memory} of memory, ${journal} of journal`,
  embeddedReplays: (pid: number, done: number, total: number) =>
    `${pid}, replaying block ${done} of ${total}`,
  embeddedSilent: (pid: number) => `${pid}, which does not answer`,
  noneInUse: "none in use",
  members: (name: string, threshold: number, signers: number) =>
    `${name} (${threshold} of ${signers} ${signers === 1 ? "signer" : "signers"})`,
  engine: (version: string, host: string, store: string) => `${version} at ${host}, ${store} image store`,
  gateState: (state: "ready" | "not-ready" | "silent" | "closed") =>
    ({
      ready: "decides",
      "not-ready": "does not decide yet",
      silent: "does not answer",
      closed: "cannot be asked by this user",
    })[state],
  clockBehind: (seconds: number) =>
    `The chain's newest block is ${seconds} seconds ahead of this machine's clock. Check this machine's clock.`,
  nextUp: "daochain up",
  nextUse: "daochain org use NAME (daochain org list shows them)",
  nextAccount: "daochain account create NAME, or import NAME",
  nextSigner: (organisation: string, address: string) =>
    `an admin of ${organisation} runs daochain org add-signer ${organisation} ${address}`,
  nextWork: "daochain sign IMAGE, daochain verify IMAGE",
  // demo
  demo: {
    begin: (where: string) => `A chain of our own, and an image in ${where}.`,
    replaced: (image: string) => `Somebody puts another image under the name ${image}.`,
    update: "Say it was us, with an update: we sign it again. Then we find a flaw, and take that back.",
    exitCode: (code: number) => `(exit code ${code})`,
    expected: (status: string, code: number) => `This should have been ${status} (exit code ${code}).`,
    success: "a success",
    good: "Every step came out as it must. Nothing is left running.",
    bad: "The demo did not come out as it must.",
    chainLeft: (why: string) => `The demo's chain could not be stopped: ${why}`,
    imagesLeft: (why: string) => `The demo's images could not be removed: ${why}`,
    layout: "an OCI layout on disk (there is no Docker Engine here)",
    engine: (version: string) => `the Docker Engine ${version}`,
  },
};
