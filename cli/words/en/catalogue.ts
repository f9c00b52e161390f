/** What search, images and watch say. */
export const catalogue = {
  columns: {
    image: "IMAGE",
    organisation: "ORGANISATION",
    status: "STATUS",
    local: "LOCAL",
    signed: "SIGNED",
    digest: "DIGEST",
  },
  notOwner: (organisation: string) => `${organisation} (not the owner)`,
  nothingFound: "No signed image matches.",
  moreMatch: (count: number) =>
    `${count} more ${count === 1 ? "image matches" : "images match"}: see --limit.`,
  nothingSigned: "There is no signed image here.",
  localUnknown: (why: string) => `Local copies cannot be looked at: ${why}`,
  watch: {
    governor: "governor",
    by: (address: string) => ` by ${address}`,
    because: (reason: string) => `: ${reason}`,
    about: (images: string, subject: string) => `${images} (${subject})`,
    container: (name: string, image: string) => `${name} (${image})`,
    affects: (containers: string) => `AFFECTS ${containers}`,
    list: ", ",
    more: (count: number) => ` and ${count} more`,
    chainAway: (why: string) => `${why} Waiting for the chain to answer again.`,
    chainBack: "The chain answers again.",
    engineAway: (why: string) => `${why} Running containers are not named until it answers.`,
    engineBack: "The Docker Engine answers again.",
  },
  hooks: {
    command: "The command",
    webhook: "The webhook",
    tooSlow: (hook: string) => `${hook} is too slow: events are dropped.`,
    notDelivered: (hook: string, why: string) => `${hook} did not get an event: ${why}.`,
    undelivered: (hook: string, count: number) =>
      `${hook} did not get ${count} ${count === 1 ? "event" : "events"}.`,
    tookTooLong: (seconds: number) => `it took more than ${seconds} seconds`,
    stopped: "watching ended first",
    endedWith: (code: number) => `it ended with exit code ${code}`,
    endedBy: (signal: string) => `${signal} ended it`,
    answered: (status: number) => `it answered with status ${status}`,
    noAnswer: (seconds: number) => `it did not answer within ${seconds} seconds`,
    connectionBroke: "the connection broke",
    tried: (server: string, why: string, tries: number) =>
      `${server}: ${why}${tries > 1 ? `, ${tries} times` : ""}`,
  },
};
