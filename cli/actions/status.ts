import type { DockerStatus, EmbeddedChainStatus } from "../../src/index.ts";
import * as library from "../../src/index.ts";
import { currentOrganisation, withConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatBytes } from "../output/bytes.ts";
import { sanitizeLine, toJson } from "../output/sanitize.ts";
import { table } from "../output/table.ts";
import { currentAccount } from "../secrets.ts";

/** Shows what there is and what answers. The exit code is 20 where the chain does not. */
export async function status(context: Context): Promise<number> {
  const { home } = context;
  const embedded = await library.readEmbeddedChain({ directory: home.chain });
  const [chain, account, docker] = await Promise.all([
    known(() => askChain(context)),
    known(() => askAccount(context)),
    known<DockerStatus>(() => library.pingDocker({ signal: context.signal })),
  ]);
  const answers = !("error" in chain);
  const warnings = embedded?.warnings ?? [];
  if (context.json) {
    context.result(
      toJson({
        home: home.directory,
        chain: { running: answers, embedded: embedded ?? null, ...chain },
        account,
        docker,
        warnings,
      }),
    );
  } else {
    const rows = [
      ["home", home.directory],
      [
        "chain",
        "error" in chain
          ? `not reachable: ${chain.error}`
          : `${chain.url}, chain id ${chain.id}, block ${chain.block}`,
      ],
      ...(embedded === undefined ? [] : [["", describeProcess(embedded)]]),
      ...("error" in chain
        ? []
        : [
            ["registry", chain.registry],
            ["organisation", chain.organisation ?? "none in use"],
          ]),
      ["account", "error" in account ? account.error : `${account.name} ${account.address}`],
      [
        "Docker",
        "error" in docker
          ? `not reachable: ${docker.error}`
          : `${docker.version} at ${docker.host}, ${docker.store} image store`,
      ],
    ];
    for (const line of table(rows)) context.result(line);
    for (const warning of warnings) context.note(`warning: ${sanitizeLine(context.translator.say(warning))}`);
  }
  return answers ? exitCodes.success : exitCodes.inconclusive;
}

async function askChain(context: Context) {
  return withConnection(context, async (connection) => {
    const block = await library.readBlock(connection.rpc);
    const organisation = await currentOrganisation(context, connection, undefined).catch(() => undefined);
    const { chainId, registry } = connection.profile;
    return {
      id: chainId,
      url: connection.rpc.label,
      block: block.number,
      registry,
      organisation: organisation?.name ?? null,
      threshold: organisation?.threshold ?? null,
      signers: organisation?.signers ?? [],
    };
  });
}

async function askAccount(context: Context): Promise<{ name: string; address: string }> {
  const key = context.env["DAOCHAIN_PRIVATE_KEY"] ?? "";
  if (key !== "") return { name: "DAOCHAIN_PRIVATE_KEY", address: library.privateKeySigner(key).address };
  return currentAccount(context);
}

/** The answer, or a sentence that says why there is none. */
async function known<T extends object>(ask: () => Promise<T>): Promise<T | { error: string }> {
  try {
    return await ask();
  } catch (error) {
    if (library.isDaoChainError(error) && error.outcome !== "cancelled") return { error: error.message };
    throw error;
  }
}

function describeProcess({ pid, rss, journalBytes, responding }: EmbeddedChainStatus): string {
  if (!responding) return `embedded: process ${pid}, which does not answer`;
  return `embedded: process ${pid}, ${formatBytes(rss ?? 0)} of memory, ${formatBytes(journalBytes ?? 0)} of journal`;
}
