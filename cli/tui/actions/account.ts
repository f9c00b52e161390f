import type { Shell } from "../shell.ts";
import { Menu } from "../state/question.ts";
import { askNewPassword } from "./secret.ts";

function askName(shell: Shell, title: string): Promise<string | undefined> {
  const { ask } = shell.words;
  return shell.ask({ title, label: ask.name, check: (text) => (text.trim() === "" ? ask.name : undefined) });
}

export const accountActions = {
  useAccount: (shell: Shell) => {
    const row = shell.pages.account.list.current;
    if (row?.kind === "account") shell.begin(() => shell.browser.accounts.use(row.account.name));
  },
  createAccount: (shell: Shell) =>
    shell.begin(async () => {
      const title = shell.words.ask.newAccount;
      const name = await askName(shell, title);
      if (name === undefined) return;
      const password = await askNewPassword(shell, `${title}: ${name}`);
      if (password !== undefined) await shell.browser.accounts.create(name.trim(), password);
    }),
  importAccount: (shell: Shell) =>
    shell.begin(async () => {
      const { ask } = shell.words;
      const title = ask.importAccount;
      const name = await askName(shell, title);
      if (name === undefined) return;
      const secret = await shell.ask({ title: `${title}: ${name}`, label: ask.secretKey, hidden: true });
      if (secret === undefined) return;
      // A keystore keeps its own password; a bare key gets one.
      const isKeystore = secret.trim().startsWith("{");
      const password = isKeystore
        ? await shell.ask({ title: `${title}: ${name}`, label: ask.password, hidden: true })
        : await askNewPassword(shell, `${title}: ${name}`);
      if (password !== undefined) await shell.browser.accounts.import(name.trim(), secret.trim(), password);
    }),
  chooseOrganisation: (shell: Shell) => {
    const { accounts, market, organisation } = shell.browser;
    const names = market
      .organisations()
      .slice(0, 1000)
      .map(({ name }) => name);
    const current = organisation.organisation?.name;
    const items = names.map((name) => ({
      label: name,
      isOn: name === current,
      choose: () => shell.begin(() => accounts.useOrganisation(name)),
    }));
    if (items.length === 0) shell.notice = { message: shell.words.empty.market, hint: undefined };
    else shell.pose(new Menu(shell.words.ask.organisation, () => items));
  },
};
