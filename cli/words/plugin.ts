import type { Language } from "./language.ts";

/** What docker's own help says of its plugin. docker asks for it each time it shows its help, so that it stands by itself. */
export const pluginDescription: Readonly<Record<Language, string>> = {
  en: "Sign images onto a chain, check them before they run",
  zh: "把镜像签名到链上，并在镜像运行之前校验",
};
