import { getAddress, Transaction, TypedDataEncoder, toQuantity } from "ethers";
import { failure } from "../errors.ts";
import { JsonRpc, JsonRpcFailure, type Peer, type RpcCall } from "../rpc/json-rpc.ts";
import { toSignature } from "./digest-signer.ts";
import { type Signer, typedDataHash } from "./signer.ts";

const peer: Peer = {
  // A person may have to find the device, read, and press a button.
  timeout: 300_000,
  maxAnswer: 1024 * 1024,
  failures: {
    // What `toSignerUrl` takes and no transport does.
    url: () => failure("SIGNER_URL_INVALID", { url: "unix:" }),
    unreachable: (at, cause) => failure("SIGNER_UNREACHABLE", at, { cause }),
    denied: (at) => failure("SIGNER_DENIED", at),
    http: (at) => failure("SIGNER_HTTP_FAILED", at),
    notJsonRpc: (at, cause) => failure("SIGNER_NOT_JSON_RPC", at, { cause }),
    tooLarge: (at) => failure("SIGNER_ANSWER_TOO_LARGE", at),
  },
};
/** Milliseconds after which whoever waits is told what for. */
const patience = 1000;
const maxAccounts = 1000;

/** Where an external signer is, and for whom it signs. */
export interface ExternalSignerOptions {
  /** as `toSignerUrl` takes it */
  readonly url: string;
  /** the account at the signer; checksummed */
  readonly address: string;
  readonly signal?: AbortSignal | undefined;
  /** told when an answer takes longer than a second: somebody may have to confirm */
  readonly onWait?: ((label: string) => void) | undefined;
}

/**
 * A signer in another process or on another machine, asked over JSON-RPC as Clef and Web3Signer speak it. Nothing that it
 * answers is believed: a signature must be the account's over what was asked for, and a signed transaction the very one.
 *
 * @throws as `toSignerUrl`. Its calls: SIGNER_REFUSED where the signer, or the person at it, says no; SIGNER_UNREACHABLE where it does not
 *   answer within 5 minutes; SIGNER_SIGNATURE_WRONG, SIGNER_TRANSACTION_WRONG where it signs anything else; SIGNER_DENIED,
 *   SIGNER_HTTP_FAILED, SIGNER_NOT_JSON_RPC, SIGNER_ANSWER_TOO_LARGE; CANCELLED
 */
export function externalSigner(options: ExternalSignerOptions): Signer {
  const { address } = options;
  const label = toLabel(toSignerUrl(options.url));
  return {
    address,
    signTypedData: async (data) => {
      const payload = TypedDataEncoder.getPayload(data.domain, data.types, { ...data.message });
      const json = JSON.stringify(payload);
      const answer = await ask(options, [
        ["eth_signTypedData_v4", address, json],
        ["account_signTypedData", address, payload],
        ["eth_signTypedData", address, json],
      ]);
      return toSignature(typedDataHash(data), toParts(answer), address, label).serialized;
    },
    signTransaction: async (fields, call) => {
      const wanted = Transaction.from(fields);
      const request = toTransactionRequest(wanted, address);
      const answer = await ask(options, [
        ["eth_signTransaction", request],
        // Clef refuses a call that it cannot name.
        ["account_signTransaction", request, ...(call === undefined ? [] : [call])],
      ]);
      const signed = toTransaction(answer);
      if (signed?.unsignedSerialized !== wanted.unsignedSerialized) {
        throw failure("SIGNER_TRANSACTION_WRONG", { endpoint: label });
      }
      const { r, s } = signed.signature ?? { r: "0x0", s: "0x0" };
      wanted.signature = toSignature(wanted.unsignedHash, { r: BigInt(r), s: BigInt(s) }, address, label);
      return wanted.serialized;
    },
  };
}

/**
 * The accounts that a signer holds.
 * @returns checksummed addresses
 * @throws SIGNER_ACCOUNTS_UNTOLD, and as the calls of `externalSigner`
 */
export async function listSignerAccounts(options: Omit<ExternalSignerOptions, "address">): Promise<string[]> {
  const answer = await ask(options, [["eth_accounts"], ["account_list"]]);
  try {
    if (!Array.isArray(answer) || answer.length > maxAccounts) throw new Error("no list");
    return answer.map((address) => getAddress(String(address)));
  } catch (cause) {
    throw failure("SIGNER_ACCOUNTS_UNTOLD", { endpoint: toLabel(toSignerUrl(options.url)) }, { cause });
  }
}

/**
 * A signer's URL, as it may be kept: https, http on this machine's loopback, or a unix socket's path. What goes over it is what a person
 * reads before confirming, so nobody on the way may change it.
 * @throws SIGNER_URL_INVALID, SIGNER_URL_HOLDS_SECRET
 */
export function toSignerUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (text.startsWith("/"))
    return toSignerUrl(`unix:${encodeURI(text).replace(/[?#]/g, encodeURIComponent)}`);
  if (url !== undefined && (url.username !== "" || url.password !== ""))
    throw failure("SIGNER_URL_HOLDS_SECRET");
  if (
    url?.protocol === "https:" ||
    (url?.protocol === "unix:" && url.host === "" && url.pathname.startsWith("/"))
  ) {
    return url.href;
  }
  if (url?.protocol === "http:" && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname))
    return url.href;
  throw failure("SIGNER_URL_INVALID", { url: JSON.stringify(text.slice(0, 200)) });
}

/** The first of these calls that the signer knows. */
async function ask(
  { url, signal, onWait }: Omit<ExternalSignerOptions, "address">,
  calls: readonly RpcCall[],
): Promise<unknown> {
  const rpc = new JsonRpc(toSignerUrl(url), signal, peer);
  const timer = setTimeout(() => onWait?.(rpc.label), patience);
  try {
    let refusal: JsonRpcFailure | undefined;
    for (const [method, ...params] of calls) {
      try {
        return await rpc.call(method, ...params);
      } catch (error) {
        if (!(error instanceof JsonRpcFailure)) throw error;
        refusal = error;
        if (!isUnknownMethod(error)) break;
      }
    }
    const reason = (refusal?.message ?? "").replace(/[.\s]+$/, "");
    throw failure("SIGNER_REFUSED", { endpoint: rpc.label, reason });
  } finally {
    clearTimeout(timer);
    rpc.close();
  }
}

/** -32601 in JSON-RPC 2.0, -32004 in EIP-1474. */
function isUnknownMethod({ code }: JsonRpcFailure): boolean {
  return code === -32601 || code === -32004;
}

function toParts(answer: unknown): { r: bigint; s: bigint } | undefined {
  if (typeof answer !== "string" || !/^0x[0-9a-f]{130}$/i.test(answer)) return undefined;
  return { r: BigInt(answer.slice(0, 66)), s: BigInt(`0x${answer.slice(66, 130)}`) };
}

/** A legacy transaction, the only kind that DaoChain sends, as signers take it: every number in hex. */
function toTransactionRequest(transaction: Transaction, from: string): Record<string, string> {
  const { to, nonce, gasLimit, gasPrice, value, data, chainId } = transaction;
  return {
    from,
    ...(to === null ? {} : { to }),
    nonce: toQuantity(nonce),
    gas: toQuantity(gasLimit),
    gasPrice: toQuantity(gasPrice ?? 0n),
    value: toQuantity(value),
    data,
    chainId: toQuantity(chainId),
  };
}

/** Signers answer with the bytes, or with an object that holds them as `raw`. */
function toTransaction(answer: unknown): Transaction | undefined {
  const raw = typeof answer === "object" && answer !== null && "raw" in answer ? answer.raw : answer;
  try {
    return Transaction.from(String(raw));
  } catch {
    return undefined;
  }
}

function toLabel(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return protocol === "unix:" ? `unix:${pathname}` : `${protocol}//${host}`;
}
