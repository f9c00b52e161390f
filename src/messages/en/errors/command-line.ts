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
  ORGANISATION_NOT_CHOSEN: {
    outcome: "usage",
    message: "No organisation is in use.",
    hint: "Run daochain up, choose one with daochain org use NAME, or name one with --org.",
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
  DECLINED: { outcome: "cancelled", message: "Nothing was changed." },
  CONFIRMATION_MISSING: {
    outcome: "usage",
    message: "This cannot be undone, and there is no terminal to ask on.",
    hint: "Add --yes to do it without being asked.",
  },
  NETWORK_JOINED: {
    outcome: "usage",
    message: "{home} has joined a network (chain id {chainId}), so there is no chain to start here.",
    hint: "daochain status shows the network. For a chain of your own, use another home: daochain up --home DIR.",
  },
  RPC_URL_SET: {
    outcome: "usage",
    message: "DAOCHAIN_RPC_URL is set: commands ask that endpoint, not the chain that up starts.",
    hint: "Unset DAOCHAIN_RPC_URL, then run daochain up again.",
  },
  ACCOUNT_NONE: {
    outcome: "usage",
    message: "There is no account yet.",
    hint: "daochain up makes one; daochain account create or import does too.",
  },
  ACCOUNT_NOT_CHOSEN: {
    outcome: "usage",
    message: "There are several accounts, and none is in use.",
    hint: "Choose one with daochain account use NAME, or name it with --account.",
  },
  ACCOUNT_IN_USE: {
    outcome: "usage",
    message: "Account {name} is the one in use.",
    hint: "Choose another with daochain account use NAME first, or add --yes to remove it all the same.",
  },
  PASSWORD_MISSING: {
    outcome: "usage",
    message: "The password of account {account} is needed.",
    hint: "Put it into a file and name that file in DAOCHAIN_PASSWORD_FILE, pass it with --password-fd 0, or run on a terminal.",
  },
  PASSWORD_FILE_MISSING: {
    outcome: "usage",
    message: "The password file {file} does not exist.",
    hint: "Check DAOCHAIN_PASSWORD_FILE.",
  },
  NEW_PASSWORD_MISSING: {
    outcome: "usage",
    message: "The new password of account {account} is needed.",
    hint: "Pass it with --new-password-fd 0 < FILE, or run on a terminal.",
  },
  PASSWORD_DESCRIPTORS_EQUAL: {
    outcome: "usage",
    message: "--password-fd and --new-password-fd name the same descriptor.",
    hint: "Use two: --password-fd 3 3< OLD --new-password-fd 4 4< NEW.",
  },
  DESCRIPTOR_IS_TERMINAL: {
    outcome: "usage",
    message: "Descriptor {descriptor} is the terminal, which would show the password.",
    hint: "Leave the option out to be asked, or connect it to a file or a pipe.",
  },
  DESCRIPTOR_UNREADABLE: {
    outcome: "usage",
    message: "No password can be read from descriptor {descriptor}.",
    hint: "Connect it: --password-fd 0 < FILE, or --password-fd 3 3< FILE.",
  },
  DESCRIPTOR_TOO_LONG: {
    outcome: "usage",
    message: "Descriptor {descriptor} gives more than a password.",
  },
  PRIVATE_KEY_TWICE: {
    outcome: "usage",
    message: "DAOCHAIN_PRIVATE_KEY and DAOCHAIN_PRIVATE_KEY_FILE are both set.",
    hint: "Unset one of them.",
  },
  PRIVATE_KEY_FILE_MISSING: {
    outcome: "usage",
    message: "The key file {file} does not exist.",
    hint: "Check DAOCHAIN_PRIVATE_KEY_FILE.",
  },
  ADDRESS_WITHOUT_SIGNER: {
    outcome: "usage",
    message: "--address chooses an account of an external signer.",
    hint: "Name the signer with --signer.",
  },
  KEYSTORE_AND_SIGNER: {
    outcome: "usage",
    message: "An account is either in a keystore file or with an external signer.",
    hint: "Leave out --keystore or --signer.",
  },
  KEYSTORE_FILE_MISSING: { outcome: "usage", message: "The keystore file {file} does not exist." },
  SIGNER_HAS_NO_ACCOUNT: { outcome: "usage", message: "The signer lists no account." },
  SIGNER_ACCOUNT_NOT_CHOSEN: {
    outcome: "usage",
    message: "The signer lists {count|account|accounts}.",
    hint: "Name the one to use with --address.",
  },
  SINCE_INVALID: {
    outcome: "usage",
    message: "{text} is not a date or time.",
    hint: "Write --since 2026-01-31, 2026-01-31T14:00:00Z, or 3d for three days ago.",
  },
  THRESHOLD_INVALID: { outcome: "usage", message: "{text} is not a number of signatures." },
  REPOSITORY_INVALID: {
    outcome: "usage",
    message: "{text} is not a repository.",
    hint: "Write it without a tag, such as acme/api.",
  },
  WATCH_TARGET_INVALID: {
    outcome: "usage",
    message: "{text} is neither a repository nor a tag.",
    hint: "Name one, such as acme/api or acme/api:1.4.2.",
  },
  WEBHOOK_URL_INVALID: {
    outcome: "usage",
    message: "The webhook's URL is not an http or https URL.",
    hint: "Write it like https://hooks.example.com/daochain.",
  },
  WEBHOOK_NOT_ENCRYPTED: {
    outcome: "usage",
    message: "The webhook's URL is not encrypted.",
    hint: "Use https; http is for servers on this machine.",
  },
  WEBHOOK_URL_WITH_PASSWORD: {
    outcome: "usage",
    message: "The webhook's URL has a password in it.",
    hint: "Set DAOCHAIN_WEBHOOK_SECRET instead, with which requests are signed.",
  },
  STDOUT_TAKEN_TWICE: {
    outcome: "usage",
    message: "Only one of --json, --sarif - and --html - can go to standard output.",
    hint: "Name a file for the others.",
  },
  AUDIT_STDIN_TAKEN_TWICE: {
    outcome: "usage",
    message: "Only one of --compose, --kubernetes and --file can read standard input.",
    hint: "Name files for the others.",
  },
  STDIN_TOO_LARGE: {
    outcome: "usage",
    message: "Standard input is larger than {limit} bytes.",
    hint: "Give it in several calls.",
  },
  POLICY_FILE_EXISTS: {
    outcome: "usage",
    message: "The file {file} is there already.",
    hint: "daochain policy check says whether it can be used.",
  },
  OPTIONS_BESIDE_POLICY_FILE: {
    outcome: "usage",
    message: "With --policy, the file says who must have signed and whether superseded images are allowed.",
    hint: "Leave out --org and --allow-superseded, or leave out --policy.",
  },
  GATE_CERTIFICATE_NOT_GIVEN: {
    outcome: "usage",
    message: "API servers ask over TLS, so the gate needs a certificate.",
    hint: "Give --cert FILE and --key FILE, or in a cluster --cert-secret NAME.",
  },
  GATE_CERTIFICATE_GIVEN_TWICE: {
    outcome: "usage",
    message: "--cert and --key name one certificate, --cert-secret another.",
    hint: "Leave out --cert-secret, or --cert and --key.",
  },
  GATE_OUTSIDE_CLUSTER: {
    outcome: "usage",
    message: "--cert-secret works only where the gate runs in the cluster.",
    hint: "Elsewhere, give --cert FILE and --key FILE.",
  },
  DAEMON_JSON_INVALID: {
    outcome: "usage",
    message: "The engine's configuration {file} is not a JSON object.",
    hint: "Repair it first; it was not changed.",
  },
  DAEMON_JSON_PLUGINS_INVALID: {
    outcome: "usage",
    message: "{key} in the engine's configuration {file} is not a list of names.",
    hint: "Repair it first; it was not changed.",
  },
  DAEMON_JSON_REFUSED: {
    outcome: "usage",
    message: "The engine would not take its configuration {file} with the gate: {said}.",
    hint: "The file was not changed.",
  },
  SYSTEMCTL_FAILED: {
    outcome: "usage",
    message: "systemctl {arguments} failed: {said}.",
    hint: "Without systemd, serve the gate by your own means: docs/gates/ says how.",
  },
  GATE_NOT_READY: {
    outcome: "inconclusive",
    message: "The gate has not read the registry within {seconds} seconds.",
    hint: "See journalctl -u {unit}. Nothing was changed.",
  },
  ENGINE_SILENT_WITH_GATE: {
    outcome: "inconclusive",
    message: "The engine does not answer within {seconds} seconds when it asks the gate.",
    hint: "See journalctl -u {unit}. Nothing was changed.",
  },
  LINE_BREAK_IN_COMMAND: {
    outcome: "usage",
    message: "A path or an option holds a line break, which a service's command cannot.",
    hint: "Use paths without line breaks.",
  },
  CONTAINERD_NOT_FOUND: {
    outcome: "usage",
    message: "There is neither a program {containerd} nor a configuration {config}.",
    hint: "Name them with --containerd and --config.",
  },
  CONTAINERD_CONFIG_REFUSED: {
    outcome: "usage",
    message: "containerd cannot read its configuration {config}: {said}.",
    hint: "Repair it, or name another one with --config.",
  },
  CONTAINERD_CONFIG_NOT_TOML: {
    outcome: "usage",
    message: "containerd's configuration cannot be read: {source} is not TOML.",
    hint: "Repair it, or name another one with --config.",
  },
  CONTAINERD_BIN_DIR_RELATIVE: {
    outcome: "usage",
    message: "containerd's bin_dir for image verifiers is {path}, which is not an absolute path.",
    hint: "Write an absolute path into its configuration.",
  },
  CONTAINERD_SETTINGS_INVALID: {
    outcome: "usage",
    message: "containerd's settings of {plugin} cannot be understood.",
    hint: "bin_dir is text, max_verifiers a number, and per_verifier_timeout a duration such as 10s.",
  },
  CONTAINERD_IMPORTS_TOO_MANY: {
    outcome: "usage",
    message: "containerd's configuration {file} imports more than {limit} files.",
    hint: "Name containerd's program with --containerd: it reads them itself.",
  },
  CONTAINERD_IMPORT_UNKNOWN: {
    outcome: "usage",
    message: "The import {pattern} in containerd's configuration cannot be followed.",
    hint: "Name containerd's program with --containerd: it follows them itself.",
  },
  CONTAINERD_BIN_DIR_EMPTY: {
    outcome: "usage",
    message: "containerd's bin_dir for image verifiers is empty, so it would ask nobody.",
    hint: "docs/gates/containerd.md says what is needed. Nothing was changed.",
  },
  CONTAINERD_TOO_OLD: {
    outcome: "usage",
    message: "containerd {version} has no image verifiers, so it would ask nobody.",
    hint: "docs/gates/containerd.md says what is needed. Nothing was changed.",
  },
  APPROVED_IMAGE_CORRUPT: {
    outcome: "corrupt",
    message: "{image} is corrupt: {at}: {detail}.",
    hint: "Nothing was approved. Fetch or build the image again.",
  },
} as const satisfies ErrorTable;
