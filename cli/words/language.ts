export type Language = "en" | "zh";

/** The language a person reads: as asked for, else as the environment says, in the order of setlocale(3). */
export function languageOf(
  asked: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Language {
  const said = asked || env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || "";
  return /^zh\b|^zh_/i.test(said) ? "zh" : "en";
}
