import {
  computeAddress,
  SigningKey,
  Transaction,
  type TransactionLike,
  type TypedDataDomain,
  TypedDataEncoder,
  type TypedDataField,
} from "ethers";
import { failure } from "../errors.ts";

/** What is signed, as EIP-712 has it; `types` without EIP712Domain, which follows from the domain. */
export interface TypedData {
  readonly domain: TypedDataDomain;
  readonly types: Record<string, TypedDataField[]>;
  readonly primaryType: string;
  readonly message: Readonly<Record<string, unknown>>;
}

/**
 * Who signs. Everything that DaoChain signs passes through these two calls, so that a KMS, a hardware wallet or an
 * external signer can stand behind them; docs/signers.md shows how.
 */
export interface Signer {
  /** checksummed address */
  readonly address: string;
  /** @returns r, s, v: 65 bytes as hex, s in the lower half of the curve's order */
  signTypedData(data: TypedData): Promise<string>;
  /**
   * @param transaction complete but for its signature
   * @param call the called function as its ABI writes it, such as `setThreshold(bytes32,uint16)`, for signers that
   *   show to people what they sign
   * @returns the signed transaction, serialised as eth_sendRawTransaction takes it
   */
  signTransaction(transaction: TransactionLike, call?: string): Promise<string>;
}

/** The digest that is signed for typed data (EIP-712, "Specification"). @returns `0x` and 64 hex digits */
export function typedDataHash({ domain, types, primaryType, message }: TypedData): string {
  const encoder = TypedDataEncoder.from(types);
  if (encoder.primaryType !== primaryType) throw new Error(`${primaryType} is not the primary type`);
  return TypedDataEncoder.hash(domain, types, message);
}

/**
 * A signer that holds its key in this process.
 * @param privateKey 32 bytes as hex, with or without `0x`
 * @throws KEY_INVALID, without repeating the key
 */
export function privateKeySigner(privateKey: string): Signer {
  const key = toSigningKey(privateKey);
  const address = computeAddress(key);
  return {
    address,
    signTypedData: async (data) => key.sign(typedDataHash(data)).serialized,
    signTransaction: async (fields) => {
      const transaction = Transaction.from(fields);
      transaction.signature = key.sign(transaction.unsignedHash);
      return transaction.serialized;
    },
  };
}

/** @throws KEY_INVALID */
export function toSigningKey(privateKey: string): SigningKey {
  const hex = privateKey.trim().replace(/^0x/i, "");
  if (/^[0-9a-f]{64}$/i.test(hex)) {
    try {
      const key = new SigningKey(`0x${hex}`);
      // Zero and values at or above the curve's order fail only here.
      computeAddress(key);
      return key;
    } catch {
      // The cause could repeat the key.
    }
  }
  throw failure("KEY_INVALID");
}
