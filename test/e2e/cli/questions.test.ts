import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeOciLayout } from "../../../src/internal.ts";
import { CliHome, cliPath } from "../../support/cli.ts";
import { keyOf, signerOf } from "../../support/consortium.ts";
import { findProgram } from "../../support/programs.ts";
import { Tmux } from "../../support/tmux.ts";

const password = "correct horse";

/** What a person sees while a question is open: not the bytes that were written, but what is left of them on the screen. */
describe.skipIf(findProgram("tmux", "-V") === undefined)("questions on a terminal", () => {
  let home: CliHome;
  let image: string;
  beforeAll(async () => {
    home = await CliHome.create();
    await writeFile(home.path("password"), `${password}\n`);
    await writeOciLayout({ directory: home.path("layout"), tag: "1.0", files: { a: "b" } });
    image = `oci:${home.path("layout")}:1.0`;
  });
  afterAll(() => home?.[Symbol.asyncDispose]());

  /** The same home, with the password given. */
  const elsewhere = async (...words: string[]): Promise<void> => {
    const result = await home.run(words, { env: { DAOCHAIN_PASSWORD_FILE: home.path("password") } });
    expect(result, words.join(" ")).toMatchObject({ code: 0 });
  };

  /** A shell in which a command has been typed, and whose last line then says how it ended. */
  async function typed(words: readonly string[], env: Record<string, string> = {}): Promise<Tmux> {
    const tmux = await Tmux.open({ ...home.env, LC_ALL: "C.UTF-8", ...env }, 100, 30);
    await tmux.command(["sh", "-c", `"$@"; echo "ended with $?"`, "sh", process.execPath, cliPath, ...words]);
    return tmux;
  }

  /** Waits for a question to stand in the last line of the screen, and answers it. */
  async function answer(tmux: Tmux, question: string, text: string): Promise<void> {
    await tmux.waitFor((screen) => screen.trimEnd().split("\n").at(-1)?.trimEnd() === question.trimEnd());
    await tmux.type(text);
    await tmux.press("Enter");
  }

  const end = (tmux: Tmux, code: number): Promise<string> =>
    tmux.waitFor((screen) => screen.includes(`ended with ${code}`));

  test("a new password: its least length is told before, and it is asked for twice", async () => {
    const question = "New password for account default (at least 10 characters):";
    await using tmux = await typed(["up", "--org", "acme"]);
    await answer(tmux, question, "short");
    await tmux.waitFor((screen) => screen.includes("too short"));
    await answer(tmux, question, password);
    await answer(tmux, "The same again:", "battery staple");
    await tmux.waitFor((screen) => screen.includes("differ"));
    await answer(tmux, question, password);
    await answer(tmux, "The same again:", password);
    const screen = await end(tmux, 0);
    expect(screen).not.toMatch(/horse|staple/);
    expect(screen).toContain("acme (owns every repository)");
  });

  test("a password: a wrong one may be typed again twice, and no more", async () => {
    const question = "Password of account default:";
    await using tmux = await typed(["sign", image]);
    await answer(tmux, question, "not this one");
    await tmux.waitFor((screen) => screen.includes("2 more tries"));
    await answer(tmux, question, "nor this one");
    await tmux.waitFor((screen) => screen.includes("one more try"));
    await answer(tmux, question, password);
    expect(await end(tmux, 0)).toContain("signed");

    await using wrong = await typed(["account", "export", "--private-key", "--yes"]);
    await answer(wrong, question, "first guess");
    await wrong.waitFor((screen) => screen.includes("2 more tries"));
    await answer(wrong, question, "second guess");
    await wrong.waitFor((screen) => screen.includes("one more try"));
    await answer(wrong, question, "third guess");
    const screen = await end(wrong, 2);
    expect(screen).toContain("does not open this account");
    expect(screen).not.toContain("guess");
  });

  test("whether to do what cannot be undone: an image, a key, an account", async () => {
    for (const [words, question] of [
      [["revoke", image, "--reason", "leaked"], "Revoke? [y/N]"],
      [
        ["account", "export", "--private-key"],
        "Whoever sees the bare key of default can sign with it. Show it? [y/N]",
      ],
    ] as const) {
      await using tmux = await typed(words);
      await answer(tmux, question, "n");
      expect(await end(tmux, 130)).toContain("Nothing was changed.");
    }
    await elsewhere("account", "create", "spare");
    await using kept = await typed(["account", "remove", "spare"]);
    await answer(kept, "Remove it? [y/N]", "");
    expect(await end(kept, 130)).toContain("daochain account export spare --output FILE");
    await using removed = await typed(["account", "remove", "spare"]);
    await answer(removed, "Remove it? [y/N]", "y");
    await end(removed, 0);
    expect((await home.run(["account", "show", "spare"])).code).toBe(2);
  });

  test("whether to retire a signer: what will be so afterwards stands before it", async () => {
    const { address } = signerOf("build");
    await elsewhere("org", "add-signer", "acme", address);
    await using tmux = await typed(["org", "retire-signer", "acme", address]);
    await tmux.waitFor((screen) => screen.includes("acme then has 1 signer; a claim takes 1 signature."));
    await answer(tmux, "Retire it? [y/N]", "n");
    expect(await end(tmux, 130)).toContain("must not lose it");

    await elsewhere("org", "threshold", "acme", "2");
    await using refused = await typed(["org", "retire-signer", "acme", address]);
    await refused.waitFor((screen) => screen.includes("daochain org threshold acme 1"));
    await answer(refused, "Retire it? [y/N]", "n");
    await end(refused, 130);
    await elsewhere("org", "threshold", "acme", "1");

    for (const [words, question] of [
      [["void-signer", "acme", address, "--since", "1d"], "Void it? [y/N]"],
      [["replace-signer", "acme", address, signerOf("release").address], "Replace it? [y/N]"],
      [["remove-admin", "acme", address], "Remove it? [y/N]"],
      [["remove-namespace", "acme", ""], "Remove it? [y/N]"],
    ] as const) {
      await using other = await typed(["org", ...words]);
      await answer(other, question, "no");
      await end(other, 130);
    }
  });

  test("a private key, and the password that is to protect it", async () => {
    await using tmux = await typed(["account", "import", "ci"]);
    await answer(tmux, "Private key:", keyOf("ci"));
    await answer(tmux, "New password for account ci (at least 10 characters):", "another password");
    await answer(tmux, "The same again:", "another password");
    const screen = await end(tmux, 0);
    expect(screen).toContain(signerOf("ci").address);
    expect(screen).not.toContain(keyOf("ci").slice(4, 20));
  });

  test("a change of a password: the old one, then the new one twice", async () => {
    await using tmux = await typed(["account", "password", "ci"]);
    await answer(tmux, "Password of account ci:", "another password");
    await answer(tmux, "New password for account ci (at least 10 characters):", "a third password");
    await answer(tmux, "The same again:", "a third password");
    expect(await end(tmux, 0)).toContain("Account ci has a new password.");
    await using opened = await typed(["account", "export", "ci", "--private-key", "--yes"]);
    await answer(opened, "Password of account ci:", "a third password");
    expect(await end(opened, 0)).toContain(keyOf("ci").replace(/^0x/, ""));
  });

  test("in Chinese, which takes two columns a character", async () => {
    const env = { LC_ALL: "C.UTF-8", DAOCHAIN_PASSWORD_FILE: home.path("password") };
    await using tmux = await typed(["revoke", image, "--reason", "leaked", "--lang", "zh"], env);
    await tmux.waitFor((screen) => screen.trimEnd().endsWith("[y/N]"));
    await tmux.type("n");
    await tmux.press("Enter");
    expect(await end(tmux, 130)).toContain("没有做任何更改。");
    await using asked = await typed(["account", "export", "ci", "--private-key", "--lang", "zh"]);
    await answer(asked, "任何人看到 ci 的明文密钥，就能用它签名。要显示吗？ [y/N]", "是");
    await answer(asked, "账户 ci 的密码：", "a third password");
    await end(asked, 0);
  });

  test("Ctrl-C and Ctrl-D answer none of them, and leave the terminal as it was", async () => {
    for (const key of ["C-c", "C-d"]) {
      await using tmux = await typed(["account", "export", "--private-key", "--yes"]);
      await tmux.waitFor((screen) => screen.includes("Password of account default:"));
      await tmux.press(key);
      await end(tmux, 130);
      await tmux.command(["echo", "echoed", "again"]);
      await tmux.waitFor((screen) => /^echoed again$/m.test(screen) && screen.includes("'echoed'"));
    }
  });
});
