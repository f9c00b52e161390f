import type { Context } from "../../context.ts";
import type { Browser } from "../browser.ts";
import { AccountsModel } from "./accounts.ts";
import { ChainModel } from "./chain.ts";
import { ImagesModel } from "./images.ts";
import { MarketModel } from "./market.ts";
import { OrganisationModel } from "./organisation.ts";
import { Session } from "./session.ts";
import { TasksModel } from "./tasks/tasks.ts";

/** How long the browser waits for what is under way to come to its end, in milliseconds. */
const patience = 800;

/** The image browser's models. Until it is started it asks nobody anything, and nothing that takes long is loaded. */
export function createBrowser(context: Context): Browser {
  const session = new Session(context);
  const chain = new ChainModel(session);
  const images = new ImagesModel(session, chain);
  const accounts = new AccountsModel(session, chain);
  const organisation = new OrganisationModel(session, chain, images, accounts);
  const market = new MarketModel(session, chain);
  const tasks = new TasksModel(session, chain, images);
  let closing: Promise<void> | undefined;
  return {
    chain,
    images,
    organisation,
    market,
    accounts,
    tasks,
    start: () => {
      session.start();
      for (const model of [chain, images, accounts, organisation, market]) model.start();
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };

  async function close(): Promise<void> {
    session.close();
    const models = [tasks, images, accounts, organisation, market];
    const closed = Promise.all(models.map((model) => model.close())).then(() => chain.close());
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, patience);
    await Promise.race([closed, late]);
    clearTimeout(timer);
  }
}
