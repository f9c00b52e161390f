/** What service says. */
export const service = {
  metricsLater: "The chain was running already: --metrics is for its next start.",
  tookOver: "The chain that ran in the background was stopped; the service runs it from now on.",
  installed: (url: string, pid: number) => `The service runs the chain: ${url} (process ${pid}).`,
  linger: "It runs while you are logged in. To have it run from the machine's start: loginctl enable-linger",
  uninstalled:
    "The service is gone, and the chain has stopped. What it recorded stays; daochain up starts it.",
  notInstalled: "There was no service.",
  unit: "unit",
  none: "not installed",
  starts: "starts",
  withMachine: "with the machine, or your login",
  byHand: "by hand only",
  runs: "runs",
  yes: "yes",
  no: "no",
  chain: "chain",
  answers: (url: string, pid: number) => `answers at ${url} (process ${pid})`,
  silent: "does not answer",
};
