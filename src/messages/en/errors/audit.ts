import type { ErrorTable } from "../../errors.ts";

/** What happens with what an audit reads. */
export const auditErrors = {
  TOO_MANY_IMAGES_LISTED: {
    outcome: "inconclusive",
    message: "{path} names more than {limit|image|images}.",
    hint: "Audit it in parts.",
  },
  COMPOSE_FILE_MISSING: {
    outcome: "usage",
    message: "There is no compose file in {directory}.",
    hint: "It would be called {names}; name another one itself.",
  },
  MANIFESTS_MISSING: {
    outcome: "usage",
    message: "There is no file or folder {path}.",
    hint: "Name a manifest, or a folder that holds some.",
  },
  FOLDER_TOO_DEEP: {
    outcome: "inconclusive",
    message: "The folder {path} is nested too deeply.",
    hint: "Audit its parts by themselves.",
  },
  TOO_MANY_MANIFESTS: {
    outcome: "inconclusive",
    message: "There are more than {limit|manifest|manifests} in {path}.",
    hint: "Audit its parts by themselves.",
  },
  YAML_FILE_MISSING: {
    outcome: "usage",
    message: "The file {path} does not exist.",
    hint: "Check the path.",
  },
  YAML_INVALID: {
    outcome: "usage",
    message: "{path} cannot be read as YAML: {reason}.",
    hint: "Repair the file.",
  },
  YAML_TOO_LARGE: {
    outcome: "inconclusive",
    message: "{path} holds more than is read of one file.",
    hint: "Split it into several files.",
  },
  VARIABLES_INVALID: {
    outcome: "usage",
    message: "{text} cannot be filled in: {reason}.",
    hint: "Set the variables that it needs, in the environment or in .env beside the file.",
  },
} as const satisfies ErrorTable;
