import type { ErrorTable } from "../../errors.ts";

/** What happens with the command line. */
export const commandLineErrors = {
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
} as const satisfies ErrorTable;
