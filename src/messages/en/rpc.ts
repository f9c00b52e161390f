/** Why an endpoint cannot be reached. */
export const rpcMessages = {
  "no-answer-in-time": "it did not answer within {seconds} s",
  "connection-broke": "the connection broke",
  "connection-refused": "nothing listens there",
  "host-not-found": "its name cannot be resolved",
} as const;
