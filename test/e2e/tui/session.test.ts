import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { columnsOf } from "../../../cli/tui/text/columns.ts";
import { en } from "../../../cli/words/browser/en.ts";
import { zh } from "../../../cli/words/browser/zh.ts";
import { buildTinyImage, type DockerStatus, pingDocker, removeImage } from "../../../src/internal.ts";
import { CliHome, cliPath } from "../../support/cli.ts";
import { describeOnEngines } from "../../support/engines.ts";
import { findProgram } from "../../support/programs.ts";
import { hasRegistry, RegistryServer } from "../../support/registry-server.ts";
import { Tmux } from "../../support/tmux.ts";

const languages = { en, zh };
const cli = [process.execPath, cliPath, "tui"];
const password = "correct horse";

describe.skipIf(findProgram("tmux", "-V") === undefined || !hasRegistry)(
  "a session in the image browser",
  () => {
    describeOnEngines("with a chain and an engine", ({ host }) => {
      const docker = { host };
      let home: CliHome;
      let registry: RegistryServer;
      let about: DockerStatus;
      const made: string[] = [];

      /** Another process, which opens the account with its password. */
      const elsewhere = async (...words: string[]): Promise<void> => {
        const result = await home.run(words, { env: { DAOCHAIN_PASSWORD_FILE: home.path("password") } });
        expect(result, `daochain ${words.join(" ")}`).toMatchObject({ code: 0 });
      };
      const build = async (name: string): Promise<string> => {
        await buildTinyImage({ name, files: { about: `${name}\n` }, docker });
        made.push(name);
        return name;
      };
      const open = (columns = 80, rows = 24, env: Record<string, string> = {}): Promise<Tmux> =>
        Tmux.open({ ...home.env, LC_ALL: "C.UTF-8", ...env }, columns, rows);
      /** The line about an image, below those that say where one is and what is searched for. */
      const lineOf = (screen: string, name: string): string =>
        screen
          .split("\n")
          .slice(2)
          .find((line) => line.includes(name)) ?? "";
      /** Puts the cursor on an image, by searching for it. */
      const find = async (tmux: Tmux, name: string): Promise<void> => {
        await tmux.press("/");
        await tmux.type(name);
        await tmux.waitFor((screen) => screen.split("\n")[1]?.includes(name) === true);
        await tmux.press("Enter");
        await tmux.waitFor((screen) => lineOf(screen, name).startsWith(">"));
      };
      /** Two keys at once would be one with Alt. */
      const goBack = async (tmux: Tmux, isBack: (screen: string) => boolean): Promise<void> => {
        await tmux.press("Escape");
        await tmux.waitFor(isBack);
      };

      beforeAll(async () => {
        home = await CliHome.create(host);
        registry = await RegistryServer.start();
        about = await pingDocker(docker);
        await writeFile(home.path("password"), `${password}\n`);
        await elsewhere("up", "--org", "acme");
        await elsewhere("account", "create", "release");
        const { value } = await home.json<{ name: string; address: string }[]>(["account", "list"]);
        const release = value.find(({ name }) => name === "release");
        await elsewhere("org", "add-signer", "acme", release?.address ?? "");
      });
      afterAll(async () => {
        for (const name of made) await removeImage(name, { docker }).catch(() => {});
        await registry?.[Symbol.asyncDispose]();
        await home?.[Symbol.asyncDispose]();
      });

      test("finds an unsigned image, signs it with a password, sees it verified, and sees it revoked by somebody else", async () => {
        const name = await build("acme/app:session");
        await using tmux = await open();
        await tmux.command(cli);
        await tmux.ready();
        await tmux.waitFor((screen) => lineOf(screen, name).includes("unsigned"));
        await find(tmux, name);

        await tmux.press("s");
        // What is typed while it is still found out how the account is opened goes nowhere.
        const prompt = await tmux.waitFor((screen) => screen.includes("Password:"));
        expect(prompt).toContain(`Sign ${name}?`);
        await tmux.type("tr0ub4dor");
        await tmux.press("Enter");
        await tmux.waitFor((screen) => screen.includes("does not open this account"));
        expect(await tmux.screen()).not.toContain("tr0ub4dor");
        await tmux.press("s");
        await tmux.waitFor((screen) => screen.includes("Password:"));
        await tmux.type(password);
        expect(await tmux.screen()).not.toContain("horse");
        await tmux.press("Enter");
        await tmux.waitFor((screen) => screen.includes("recorded as claim 0x"));
        await tmux.waitFor((screen) => /✓ verified/.test(lineOf(screen, name)));

        await tmux.press("Enter");
        const detail = await tmux.waitFor((screen) => screen.includes(en.depthMeaning.id));
        expect(detail).toContain("acme signed this image as");
        await goBack(tmux, (screen) => screen.includes("STATUS"));

        await elsewhere("revoke", name, "--reason", "leaked key", "--yes");
        const after = await tmux.waitFor((screen) => /!✗ revoked/.test(lineOf(screen, name)));
        expect(after).toMatch(/^! revoked digest/m);
        await tmux.press("!");
        await tmux.waitFor((screen) => screen.includes("leaked key"));
        await goBack(tmux, (screen) => screen.includes("STATUS"));
        await tmux.press("q");
        await tmux.waitFor((screen) => !screen.includes("Local"));
        expect(await tmux.state()).toEqual({ isOnOtherScreen: false, hasCursor: true });
      });

      describe.each([
        ["en", 80, 24],
        ["en", 60, 20],
        ["zh", 80, 24],
        ["zh", 60, 20],
      ] as const)("in %s at %dx%d", (language, columns, rows) => {
        const words = languages[language];
        const id = `${language}${columns}`;

        const start = async (): Promise<Tmux> => {
          const tmux = await open(columns, rows);
          await tmux.command([...cli, "--lang", language]);
          await tmux.ready();
          return tmux;
        };
        /** Everything is where it belongs, whatever stands there, and nothing is being asked. */
        const expectWhole = async (tmux: Tmux): Promise<void> => {
          const linesOf = (text: string): string[] => text.replace(/\n$/, "").split("\n");
          const isAsking = (text: string): boolean => !linesOf(text).at(-1)?.includes(words.keys.help[0]);
          const lines = linesOf(await tmux.waitFor((text) => !isAsking(text)));
          expect(lines).toHaveLength(rows);
          for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
          for (const name of Object.values(words.pages)) expect(lines[0]).toContain(name);
          expect(lines.at(-2)).toContain(words.health.up);
        };

        test("Local: verifies deeper, and compares what would run with the layers", async () => {
          const name = await build(`acme/app:loc-${id}`);
          await elsewhere("sign", name);
          await using tmux = await start();
          await tmux.waitFor((screen) => lineOf(screen, name).includes(words.status.verified));
          await find(tmux, name);
          await expectWhole(tmux);
          await tmux.press("Enter");
          await tmux.waitFor((screen) => screen.includes(words.depthMeaning.id));
          await tmux.waitFor(async (screen) => {
            // A line at a time: a page might pass it.
            await tmux.press("j");
            return screen.includes(words.layers(1));
          });
          await tmux.press("g");
          await tmux.press("v");
          await tmux.waitFor((screen) => screen.includes(words.depthMeaning.content));
          await tmux.press("v");
          await tmux.waitFor((screen) => screen.includes(words.depthMeaning.runtime));
          await expectWhole(tmux);
          await tmux.press("d");
          await tmux.waitFor((screen) => screen.includes(words.differences(0).slice(0, 12)));
          await tmux.press("q");
        });

        test("Organisation: what is here against what was signed, and a claim that waits is approved from here", async () => {
          const name = await build(`acme/app:org-${id}`);
          await elsewhere("org", "threshold", "acme", "2");
          try {
            await elsewhere("sign", name, "--account", "release");
            await using tmux = await start();
            await tmux.press("2");
            await tmux.waitFor((screen) => screen.includes(words.organisation.pending(1)));
            await find(tmux, `org-${id}`);
            await expectWhole(tmux);
            await tmux.press("a");
            await tmux.waitFor((screen) => screen.includes(words.ask.password));
            await tmux.type(password);
            await tmux.press("Enter");
            await tmux.waitFor((screen) => lineOf(screen, `org-${id}`).includes(words.local.current));
            await tmux.press("q");
          } finally {
            await elsewhere("org", "threshold", "acme", "1");
          }
        });

        test("Market: finds as one types, shows its history, pulls it", async () => {
          const name = await build(`${registry.address}/app:mkt-${id}`);
          await elsewhere("push", name);
          await removeImage(name, { docker });
          await using tmux = await start();
          await tmux.press("3");
          await find(tmux, `mkt-${id}`);
          await expectWhole(tmux);
          await tmux.press("Enter");
          await tmux.waitFor((screen) => screen.includes(words.detail.signedAt));
          await tmux.waitFor(async (screen) => {
            await tmux.press("G");
            return screen.includes(words.acts.claimed);
          });
          await tmux.press("p");
          await tmux.waitFor((screen) =>
            lineOf(screen, `${words.tasks.pull} docker:`).includes(words.status.verified),
          );
          await goBack(tmux, (screen) => screen.includes(words.columns.standing));
          await tmux.press("1");
          await tmux.waitFor((screen) => lineOf(screen, `mkt-${id}`).includes(words.status.verified));
          await tmux.press("q");
        });

        test("Account: creates one and uses it; tells of chain, registry and engine", async () => {
          const account = `made-${language}-${columns}`;
          await using tmux = await start();
          await tmux.press("4");
          await tmux.waitFor((screen) => screen.includes(words.account.registry));
          await tmux.press("c");
          await tmux.waitFor((screen) => screen.includes(words.ask.name));
          await tmux.type(account);
          await tmux.press("Enter");
          for (const label of [words.ask.newPassword, words.ask.samePassword]) {
            await tmux.waitFor((screen) => screen.includes(label));
            await tmux.type("battery staple");
            await tmux.press("Enter");
          }
          await tmux.waitFor((screen) => !screen.includes(words.ask.samePassword));
          await tmux.press("g");
          await tmux.waitFor((screen) => lineOf(screen, account) !== "");
          expect(await tmux.screen()).not.toContain("staple");
          await expectWhole(tmux);
          expect(await tmux.screen()).toContain(about.host.slice(0, 6));
          await tmux.press("q");
          const { value } = await home.json(["account", "list"]);
          expect(JSON.stringify(value)).toContain(account);
        });
      });
    });
  },
);
