import { openBrowser } from "../../cli/tui/open.ts";
import { languageOf } from "../../cli/words/language.ts";
import { FakeBrowser, fakeEntry, fakeImage, fakeVerdict } from "./fake-browser.ts";

// The image browser with a made-up world behind it, for tests that need a terminal and neither engine nor chain. Ctrl-r breaks it.

const browser = new FakeBrowser();
browser.state.images = Array.from({ length: 300 }, (_, number) =>
  fakeImage(number, {
    name: number === 2 ? "镜像仓库/应用:版本一" : `acme/api:1.${number}`,
    verdict: fakeVerdict(`acme/api:1.${number}`, number % 2 === 0 ? "verified" : "unsigned"),
  }),
);
browser.state.entries = Array.from({ length: 1000 }, (_, number) => fakeEntry(number));
Object.assign(browser.images, {
  refresh: () => {
    Object.defineProperty(browser.images, "about", {
      get() {
        throw new Error("broken on purpose");
      },
    });
    browser.changed("images");
  },
  // What is verified again fails where nothing catches it.
  verify: () => {
    setTimeout(() => {
      throw new Error("thrown on purpose");
    });
  },
});

if (process.argv[2] === "run") {
  // In the place of what daochain would run.
  process.stdout.write(`running ${process.argv.slice(3).join(" ")}\n`);
  for await (const line of process.stdin.setEncoding("utf8")) {
    process.stdout.write(`it read: ${line}`);
    process.exit(7);
  }
}

const stop = new AbortController();
process.on("SIGTERM", () => stop.abort());
try {
  process.exitCode = await openBrowser(
    { signal: stop.signal },
    {
      language: languageOf(undefined, process.env),
      isColored: true,
      load: async () => ({ browser }),
    },
  );
} catch (error) {
  process.stdout.write(`failed: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
