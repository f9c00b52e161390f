/** What doctor says of each thing that it looks at. */
export const doctor = {
  names: {
    versions: "versions",
    home: "home",
    disk: "disk",
    engine: "engine",
    chain: "chain",
    clock: "clock",
    rollback: "rollback",
    keys: "keys",
    permissions: "permissions",
    policy: "policy",
    index: "index",
    gates: "gates",
  },
  statuses: { ok: "ok", finding: "wrong", unknown: "not known" },
  mend: (command: string) => `mend: ${command}`,
  summary: (findings: number, unknown: number) => {
    const known = findings === 1 ? "1 thing is wrong" : `${findings} things are wrong`;
    if (unknown === 0) return findings === 0 ? "Everything is in order." : `${known}.`;
    return `${findings === 0 ? "Nothing wrong was found" : known}; ${unknown} not known.`;
  },
  noAnswer: (seconds: number) => `There was no answer within ${seconds} seconds.`,
  failed: (why: string, hint: string | undefined) => (hint === undefined ? why : `${why} ${hint}`),

  versions: (daochain: string, node: string) => `daochain ${daochain}, Node ${node}`,
  nodeTooOld: (node: string, least: string) => `Node ${node} is too old; daochain needs ${least} or later.`,

  noHome: (directory: string) => `There is no home ${directory} yet.`,
  homeIsNoDirectory: (directory: string) => `${directory} is not a directory.`,
  homeReadOnly: (directory: string) => `Nothing can be written to ${directory}: permission is denied.`,
  homeOnReadOnlyDisk: (directory: string) =>
    `${directory} is on a read-only file system: nothing can be signed from here, and no chain can run.`,
  unfinishedRestore: (path: string) => `A restore was interrupted, and left ${path} behind.`,
  home: (directory: string) => directory,

  disk: (free: string, at: string) => `${free} free at ${at}`,
  diskFull: (free: string, at: string) => `Only ${free} are free at ${at}: soon nothing can be recorded.`,
  noInodes: (count: number, at: string) => `Only ${count} more files can be made at ${at}.`,

  engine: (version: string, host: string, store: string) =>
    `Docker ${version} at ${host}, ${store} image store`,
  noEngine: "There is no Docker Engine here. Images in registries, layouts and archives need none.",

  chain: (url: string, id: number, block: number) => `${url}, chain id ${id}, block ${block}`,
  noChain: "There is no chain yet.",
  chainStopped: "The embedded chain is not running.",
  chainStarting: (done: number, total: number) => `The chain starts: block ${done} of ${total} is replayed.`,
  chainHangs: (pid: number) => `The chain's process ${pid} does not answer.`,
  chainNotKnown: "The chain does not answer.",

  clock: "This machine's clock agrees with the chain's.",
  clockBehind: (seconds: number) =>
    `The chain's newest block is ${seconds} seconds ahead of this machine's clock. Check this machine's clock.`,

  noRollback: "No block was taken back.",
  rollback: (at: string, taken: string) =>
    `An older chain was restored at ${at}, and ${taken} taken back. Tell everyone who follows this chain, sign and revoke again what is missing, then move the record away.`,
  rollbackBlocks: (first: number, last: number) =>
    first === last ? `block ${first} was` : `blocks ${first} to ${last} were`,
  rollbackUnknown: "blocks, of which it is not known how many, were",

  keyOfEnvironment: (variable: string, address: string) => `${address}, from ${variable}`,
  account: (name: string, address: string) => `${name} ${address}`,
  passwordFileMissing: (file: string) => `DAOCHAIN_PASSWORD_FILE names ${file}, which does not exist.`,

  permissions: (count: number) =>
    count === 0
      ? "There are no keys here yet."
      : `${count} ${count === 1 ? "file or directory" : "files and directories"}: yours, and closed to others where they hold secrets.`,
  noPermissions: "This system has no such permissions.",
  readableByOthers: (path: string, mode: string) =>
    `${path} holds secrets, and others can read it (mode ${mode}).`,
  writableByOthers: (path: string, mode: string) => `Others can change ${path} (mode ${mode}).`,
  otherOwner: (path: string, owner: number, user: number) =>
    `${path} belongs to user ${owner}, and you are user ${user}.`,
  tooManyFiles: (directory: string, most: number) =>
    `There are more than ${most} files in ${directory}; the others were not looked at.`,
  linkInstead: (path: string) => `${path} is a link; what it stands for was not looked at.`,

  noPolicy: (file: string) =>
    `There is no ${file} here: whoever owns a repository must have signed its images.`,
  policy: (file: string, count: number) => `${file}: ${count} ${count === 1 ? "policy" : "policies"}`,
  policyOrganisation: (file: string, policy: string, organisation: string) =>
    `Policy ${policy} in ${file} requires organisation ${organisation}, which does not exist: nothing passes it.`,
  policyMissing: (file: string) => `There is no policy file ${file}.`,

  noIndex: "There is no index yet. The next search makes it.",
  index: (block: number) => `at block ${block}`,
  indexEmpty: "There is nothing in it yet.",
  indexBehind: (block: number, head: number) =>
    `at block ${block} of ${head}; the next search or images reads the rest`,
  indexOfAnother: "It is another version's or another chain's. The next search makes it anew.",
  indexAhead: (block: number, head: number) =>
    `It knows block ${block}, and the chain has ${head} only: the chain was taken back. The next search reads it anew.`,

  noGates: "None is installed on this machine.",
  gate: (kind: string) => `The gate of ${kind} decides.`,
  gateNotReady: (kind: string) => `The gate of ${kind} does not know the registry, and refuses everything.`,
  gateSilent: (kind: string) => `The gate of ${kind} is installed and does not answer.`,
  gateClosed: (kind: string) => `Root alone may ask the gate of ${kind}.`,
  gateNotServed: (plugin: string, file: string) =>
    `${file} has the Docker Engine ask ${plugin}, which is not served: the engine refuses everything.`,
};
