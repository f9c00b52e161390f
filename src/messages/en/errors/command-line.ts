import type { ErrorTable } from "../../errors.ts";

/** What happens with the command line. */
export const commandLineErrors = {
  TIMEOUT_INVALID: {
    outcome: "usage",
    message: "{text} is not a time that a command can be given.",
    hint: "Write --timeout 30s, 5m or 1h.",
  },
  TIMED_OUT: {
    outcome: "inconclusive",
    message: "It takes longer than --timeout {duration} allows.",
    hint: "Give it more time. daochain status says whether the chain answers.",
  },
  TIMED_OUT_AFTER_SENDING: {
    outcome: "inconclusive",
    message:
      "It takes longer than --timeout {duration} allows. {count|transaction was|transactions were} sent and may still be recorded: {transactions}.",
    hint: "Look with daochain log before you do it again.",
  },
  CANCELLED_AFTER_SENDING: {
    outcome: "cancelled",
    message:
      "Cancelled. {count|transaction was|transactions were} sent and may still be recorded: {transactions}.",
    hint: "Look with daochain log before you do it again.",
  },
  NO_IMAGE_NAMED: {
    outcome: "usage",
    message: "No image is named.",
    hint: "Name one or more, or a file that lists them: --file LIST.",
  },
  LIST_MISSING: {
    outcome: "usage",
    message: "The list {file} does not exist.",
    hint: "Name a file with an image on each line, or - for standard input.",
  },
  LIST_TOO_LARGE: {
    outcome: "usage",
    message: "The list on standard input is larger than 4 MB.",
    hint: "Give it in several calls.",
  },
  STDIN_TAKEN_TWICE: {
    outcome: "usage",
    message: "Standard input cannot give both the list of images and the password.",
    hint: "Put one of them into a file.",
  },
  TOO_MANY_IMAGES: {
    outcome: "usage",
    message: "{count|image is|images are} too many for one call; it takes up to {most}.",
    hint: "Give them in several calls.",
  },
  TRANSPORT_MISSING: {
    outcome: "usage",
    message: "{file} lies here, but without a transport it is taken for an image in an engine or a registry.",
    hint: "For what lies here, write {reference}.",
  },
  MOMENT_INVALID: {
    outcome: "usage",
    message: "{text} is neither a block nor a moment.",
    hint: "Write --at 1234, --at 2026-01-31T14:00:00Z, or --at 3d for three days ago.",
  },
  MOMENT_AHEAD: {
    outcome: "usage",
    message: "{text} lies in the future: what will be recorded by then, nobody knows.",
    hint: "Leave out --at to ask about now.",
  },
  POLICY_NAMES_SIGNERS: {
    outcome: "usage",
    message: "A policy file says itself who must have signed.",
    hint: "Leave out --org, or --policy.",
  },
  NOTHING_PENDING: {
    outcome: "usage",
    message: "No claim of {organisation} on {target} waits for a signature.",
    hint: "daochain verify says what is claimed; daochain sign makes a claim.",
  },
  CLAIM_FILE_MISSING: {
    outcome: "usage",
    message: "The file {file} does not exist.",
    hint: "daochain sign --output FILE writes one.",
  },
  CLAIM_NOT_FOUND: {
    outcome: "usage",
    message: "{organisation} has no claim {claim}.",
    hint: "daochain log shows what was claimed.",
  },
  NOTHING_CLAIMED: {
    outcome: "usage",
    message: "{organisation} has claimed nothing of the name {target}.",
    hint: "Name an image that is at hand, or a digest. daochain log shows what was claimed.",
  },
  REASON_EMPTY: {
    outcome: "usage",
    message: "A revocation needs a reason, for everyone to read.",
    hint: 'Write it as --reason "leaked key in layer 3".',
  },
  LOG_OF_FILE: {
    outcome: "usage",
    message: "The log is kept by repository, tag and digest, not by file.",
    hint: "daochain verify says under which name a file's image was claimed.",
  },
  ANNOTATION_INVALID: {
    outcome: "usage",
    message: "{text} is not an annotation.",
    hint: "Write it as --annotation key=value.",
  },
  EXPIRY_INVALID: {
    outcome: "usage",
    message: "{text} is not a time in the future.",
    hint: "Write --expires 90d (s, m, h, d, w, y) or a date such as 2030-01-31.",
  },
  OUTPUT_OF_ONE_IMAGE: {
    outcome: "usage",
    message: "With --output, one image is signed at a time.",
    hint: "Call daochain sign --output once for each.",
  },
  OUTPUT_IS_NOT_RECORDED: {
    outcome: "usage",
    message: "With --output nothing is recorded, so there is nothing that --until could wait for.",
    hint: "Use --until with daochain submit, which records it.",
  },
  OFFLINE_PLACE_UNKNOWN: {
    outcome: "usage",
    message: "To sign without a chain, the registry and the organisation must be known.",
    hint: "Copy {file} from where daochain up was run, and name the organisation with --org.",
  },
  PUSHED_UNSIGNED: {
    outcome: "inconclusive",
    message: "{image} is pushed, but not signed: {error}",
    hint: "Run daochain push {image} again: what the registry has is not sent twice.",
  },
  PUSHED_SIGNING_REFUSED: {
    outcome: "usage",
    message: "{image} is pushed, but not signed: {error}",
    hint: "Mend that, then run daochain push {image} again: what the registry has is not sent twice.",
  },
  PUSHED_SIGNING_CANCELLED: {
    outcome: "cancelled",
    message: "{image} is pushed, but it may not be signed: {error}",
    hint: "Look with daochain log, then run daochain push {image} again: what the registry has is not sent twice.",
  },
  DOCKER_COMMAND_MISSING: {
    outcome: "usage",
    message: "There is no command {command} to start containers with.",
    hint: "Install Docker's command line (docker-cli), or put it on the PATH.",
  },
  DOCKER_FLAGS_UNKNOWN: {
    outcome: "usage",
    message: "{command} does not say which flags its run command takes.",
    hint: "See what docker run --help prints.",
  },
  RUN_FLAG_UNKNOWN: {
    outcome: "usage",
    message: "docker run has no flag {flag}.",
    hint: "Before the image stand docker run's flags, and --org, --depth, --home, --timeout, --json, --no-color.",
  },
  RUN_FLAG_WITHOUT_VALUE: {
    outcome: "usage",
    message: "The flag {flag} needs a value.",
    hint: "Before the image stand docker run's flags, and --org, --depth, --home, --timeout, --json, --no-color.",
  },
  RUN_OPTION_WITH_VALUE: {
    outcome: "usage",
    message: "The option {option} takes no value.",
    hint: "Write it by itself.",
  },
  RUN_WITHOUT_IMAGE: {
    outcome: "usage",
    message: "No image is named that could be run.",
    hint: "Write daochain run, docker run's flags, the image, and what the container gets.",
  },
  RUN_NEVER_PULLS: {
    outcome: "usage",
    message: "An image that is run is not pulled: --pull={value}.",
    hint: "Run daochain pull {image} first.",
  },
  DEPTH_INVALID: {
    outcome: "usage",
    message: "{text} is not a depth.",
    hint: "It is one of {depths}.",
  },
  IMAGE_OUTSIDE_ENGINE: {
    outcome: "usage",
    message: "{image} is not in the local Docker Engine.",
    hint: "Load it with docker load, or fetch it with daochain pull.",
  },
  IMAGE_NOT_IN_ENGINE: {
    outcome: "inconclusive",
    message: "The local Docker Engine has no image {image}.",
    hint: "Fetch it with daochain pull {image}.",
  },
  DOCKER_FLAG_WITHOUT_VALUE: {
    outcome: "usage",
    message: "docker's flag {flag} needs a value.",
    hint: "Write the value after it.",
  },
  SEVERAL_DAEMONS: {
    outcome: "usage",
    message: "docker's flags name several daemons.",
    hint: "Give one --host, or one --context.",
  },
  TLS_FILES_ONE_BY_ONE: {
    outcome: "usage",
    message: "The files for TLS to the Docker daemon cannot be named one by one.",
    hint: "Put ca.pem, cert.pem and key.pem into one directory, and name it by DOCKER_CERT_PATH or in a Docker context.",
  },
  TLS_UNVERIFIED: {
    outcome: "usage",
    message: "With --tls, anyone could answer for the Docker daemon.",
    hint: "Use --tlsverify.",
  },
} as const satisfies ErrorTable;
