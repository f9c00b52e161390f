/**
 * A signer for tests, in a process of its own: JSON-RPC on the loopback interface and on a unix socket, with ethers' own wallet
 * behind it. It behaves as it is told (`test_behave`), well or badly.
 *
 *     node test/support/signer-process.ts KEY DIALECT SOCKET
 */
import { createServer } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { id, type TypedDataDomain, type TypedDataField, Wallet } from "ethers";

/** What the signer does with what it is asked. */
export type Behaviour =
  | "honest"
  | "another-key"
  | "altered"
  | "another-chain"
  | "high-s"
  | "denies"
  | "garbage"
  | "huge"
  | "silent";

type Payload = {
  domain: TypedDataDomain;
  types: Record<string, TypedDataField[]>;
  message: Record<string, unknown>;
};

/** Which methods it knows: each program has its own names. */
const dialects: Record<string, Record<string, "list" | "typed-json" | "typed-object" | "transaction">> = {
  v4: { eth_accounts: "list", eth_signTypedData_v4: "typed-json", eth_signTransaction: "transaction" },
  clef: {
    account_list: "list",
    account_signTypedData: "typed-object",
    account_signTransaction: "transaction",
  },
  web3signer: { eth_accounts: "list", eth_signTypedData: "typed-json", eth_signTransaction: "transaction" },
};

const [, , key = "", dialect = "v4", socket = ""] = process.argv;
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
let behaviour: Behaviour = "honest";

async function signTypedData(wallet: Wallet, { domain, types, message }: Payload): Promise<string> {
  const { EIP712Domain: _, ...own } = types;
  const altered = behaviour === "altered" ? { ...message, repository: "docker.io/evil/image" } : message;
  const signature = await wallet.signTypedData(domain, own, altered);
  if (behaviour !== "high-s") return signature;
  const s = order - BigInt(`0x${signature.slice(66, 130)}`);
  return `${signature.slice(0, 66)}${s.toString(16).padStart(64, "0")}${signature.endsWith("1b") ? "01" : "00"}`;
}

async function signTransaction(wallet: Wallet, request: Record<string, string>): Promise<unknown> {
  const {
    gas = "0x0",
    nonce = "0x0",
    gasPrice = "0x0",
    value = "0x0",
    data = "0x",
    chainId = "0x0",
    to,
  } = request;
  const raw = await wallet.signTransaction({
    type: 0,
    nonce: Number(nonce),
    gasLimit: gas,
    gasPrice,
    value: behaviour === "altered" ? 1n : value,
    data,
    chainId: behaviour === "another-chain" ? 1 : chainId,
    ...(to === undefined ? {} : { to }),
  });
  return dialect === "web3signer" ? raw : { raw, tx: request };
}

async function answer(text: string): Promise<string | undefined> {
  const { id: request, method, params } = JSON.parse(text);
  const reply = (body: object): string => JSON.stringify({ jsonrpc: "2.0", id: request, ...body });
  if (method === "test_behave") {
    behaviour = params[0];
    return reply({ result: true });
  }
  const kind = dialects[dialect]?.[method];
  if (kind === undefined) {
    return reply({
      error: { code: -32601, message: `the method ${method} does not exist/is not available` },
    });
  }
  if (behaviour === "silent") return undefined;
  if (behaviour === "denies") return reply({ error: { code: -32000, message: "request denied" } });
  if (behaviour === "garbage") return reply({ result: { signature: [1, 2, 3] } });
  if (behaviour === "huge") return reply({ result: `0x${"00".repeat(8 << 20)}` });
  const wallet = new Wallet(behaviour === "another-key" ? id("another") : key);
  if (kind === "list") return reply({ result: [wallet.address.toLowerCase()] });
  if (kind === "transaction") return reply({ result: await signTransaction(wallet, params[0]) });
  const payload = kind === "typed-json" ? JSON.parse(params[1]) : params[1];
  return reply({ result: await signTypedData(wallet, payload) });
}

const server = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  const text = await answer(body);
  if (text !== undefined) response.end(text);
});
const sockets = createSocketServer((connection) => {
  connection.on("error", () => {});
  connection.on("data", async (line) => {
    const text = await answer(String(line));
    if (text !== undefined) connection.write(`${text}\n`);
  });
});
sockets.listen(socket, () => {
  server.listen(0, "127.0.0.1", () => {
    process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
  });
});
