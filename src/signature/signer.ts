import { computeAddress, SigningKey, Transaction, type TransactionLike } from "ethers";
import { DaoChainError } from "../errors.ts";

/**
 * Who signs. Everything that DaoChain signs passes through these two calls, so that a KMS, a hardware wallet or an
 * external signer can stand behind them.
 */
export interface Signer {
  /** checksummed address */
  readonly address: string;
  /**
   * @param digest 32 bytes, `0x` and 64 hex digits: a claim's EIP-712 digest
   * @returns r, s, v: 65 bytes as hex
   */
  signDigest(digest: `0x${string}`): Promise<string>;
  /**
   * @param transaction complete but for its signature
   * @returns the signed transaction, serialised as eth_sendRawTransaction takes it
   */
  signTransaction(transaction: TransactionLike): Promise<string>;
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
    signDigest: async (digest) => key.sign(digest).serialized,
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
  throw new DaoChainError("KEY_INVALID", "The private key is not a valid secp256k1 key.", {
    hint: "A private key is 64 hex digits, with or without 0x.",
  });
}
