/** What stands in the help of every command. */
export const commonHelp = {
  titles: {
    usage: "Usage:",
    arguments: "Arguments:",
    options: "Options:",
    commands: "Commands:",
    examples: "Examples:",
  },
  default: (value: string) => `default: ${value}`,
  choices: (choices: string) => `choices: ${choices}`,
  seeHelp: (program: string) => `${program} --help shows what there is`,
  options: {
    help: "show help",
    json: "print results as JSON",
    quiet: "print results only, no notes and no progress",
    "no-color": "print without colours",
    home: "where state lives (DAOCHAIN_HOME, else ~/.daochain)",
    "password-fd": "read an account's password from this descriptor; 0 is stdin",
    lang: "language of messages (default: as LC_ALL, LC_MESSAGES and LANG say)",
    timeout: "give up after this long, such as 30s or 5m (default: no limit)",
  },
  wholeNumber: (least: number, most: number) => `It must be a whole number from ${least} to ${most}.`,
  duration: "It must be a duration such as 30s, 5m or 1h.",
  /** commander's own errors, by its code */
  errors: {
    missingArgument: (name: string) => `error: the argument ${name} is missing`,
    optionMissingArgument: (option: string) => `error: the option ${option} needs a value`,
    missingMandatoryOptionValue: (option: string) => `error: the option ${option} is needed`,
    unknownOption: (option: string) => `error: there is no option ${option}`,
    excessArguments: (command: string) => `error: too many arguments for ${command}`,
    unknownCommand: (name: string) => `error: there is no command ${name}`,
    invalidArgument: (option: string, value: string, why: string) =>
      `error: ${value} is no value for ${option}. ${why}`,
  },
  didYouMean: (name: string) => `(Did you mean ${name}?)`,
};
