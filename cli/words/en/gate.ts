/** What gates and their installers say. */
export const gate = {
  served: (where: string) => `The gate is served at ${where}.`,
  followed: "The registry is followed again.",
  notFollowed: (why: string) => `The registry cannot be followed: ${why}`,
  policyTaken: "The newest policy file is used again.",
  policyKept: (why: string) => `The policies from before stay in use: ${why}`,
  certificateGood: "The gate's certificate is in order again.",
  certificateTrouble: (why: string) => `The gate's certificate: ${why}`,
  waiting: "Waiting until the gate has read the registry.",
  breakGlass: (uninstall: string, byHand: string) => `To stop that: ${uninstall}, or ${byHand}.`,
  answers: "the gate answers",
  knowsRegistry: "it has read the registry, and decides",
  knowsNoRegistry: "it has not read the registry, and refuses every image",
  docker: {
    asked: "The engine asks the gate before each start.",
    notAsked: "The engine does not ask the gate any more.",
    notTold: "The engine was not told: restart it, or send SIGHUP to its process.",
    notChecked: "This engine cannot check a configuration beforehand; whether it answers will show it.",
    byHand: (plugin: string, file: string) => `take ${plugin} out of ${file} and send SIGHUP to dockerd`,
    isAsked: "the engine's configuration names the gate",
    isNotAsked: "the engine's configuration does not name the gate",
    silent: "the gate does not answer",
    silentAndAsked: "the gate does not answer: the engine refuses whatever would change something",
  },
  containerd: {
    asked: "containerd asks the gate before each pull.",
    askedAsBefore: "containerd asks the gate as before.",
    notAsked: (directory: string) =>
      `containerd does not ask the gate any more. It still runs the other verifiers in ${directory}.`,
    nothingAsked:
      "containerd does not ask the gate any more. It has no other verifier, so it pulls everything.",
    byHand: (file: string) => `rm ${file}`,
    lookingIn: (why: string, directory: string) => `${why} Looking in ${directory}.`,
    isAsked: "containerd asks the gate before each pull",
    isNotAsked: "containerd does not ask the gate",
    silent: "the gate does not answer: where containerd asks it, every pull is refused",
    unseen:
      "No verifier sees these: images that are here already, ctr images import, ctr images pull --local, and pulls by a Docker Engine.",
    notVerified: (finding: string) => `NOT VERIFIED: ${finding}`,
    note: (finding: string) => `note: ${finding}`,
  },
  /** What a containerd's set-up lets through, or refuses. */
  findings: {
    versionUnknown:
      "containerd's program was not found, so its version is not known: before 2.1, pulls by Kubernetes are not verified",
    noVerifiers: (version: string) => `containerd ${version} has no image verifiers: they came with 2.0`,
    noVerifiersForKubernetes: (version: string) =>
      `containerd ${version} asks no verifier when Kubernetes pulls: 2.1 and later do`,
    disabled: (plugin: string) => `disabled_plugins names ${plugin}: nothing is verified`,
    noBinDir: "bin_dir is empty: nothing is verified",
    maxVerifiers: "max_verifiers is 0: no verifier is run",
    shortTime: (seconds: number, enough: number) =>
      `per_verifier_timeout is ${seconds} seconds: a slow answer is refused without its reason; ${enough} seconds are enough`,
    emptyBinDir: (directory: string) => `${directory} holds no verifier: containerd pulls everything`,
    notInstalled: (directory: string, name: string) =>
      `${directory} holds other verifiers, but not the gate's (${name})`,
    skipped: (most: number, directory: string, name: string, place: number) =>
      `containerd runs only the first ${most} files in ${directory} (max_verifiers), and ${name} is number ${place}`,
    notExecutable: (file: string) => `${file} is not a program: every pull is refused`,
    localPull: (setting: string) =>
      `${setting}, in io.containerd.cri.v1.images: pulls by Kubernetes go past every verifier`,
    changeable: (path: string) =>
      `users other than root can change ${path}, and so what containerd runs or asks`,
  },
};
