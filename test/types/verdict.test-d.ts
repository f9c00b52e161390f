// Checked by tsc alone (npm run check): what people write against the library's types goes on compiling.
import type {
  Depth,
  ErrorCode,
  ErrorOutcome,
  Signer,
  Subject,
  Verdict,
  VerdictStatus,
} from "../../src/internal.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(): T | undefined => undefined;

holds<
  Equal<
    VerdictStatus,
    | "verified"
    | "unsigned"
    | "mismatch"
    | "revoked"
    | "expired"
    | "untrusted"
    | "pending"
    | "denied"
    | "superseded"
    | "corrupt"
    | "inconclusive"
  >
>();
holds<Equal<Depth, "id" | "manifest" | "content" | "runtime">>();
holds<Equal<Subject["digest"], `sha256:${string}`>>();
holds<Equal<Verdict<"signed">["status"], "signed">>();
holds<Equal<Verdict["depth"], Depth | null>>();
holds<Equal<ErrorOutcome, "usage" | "inconclusive" | "corrupt" | "cancelled">>();
holds<"CHAIN_NOT_PINNED" extends ErrorCode ? true : false>();
holds<Equal<Signer["address"], string>>();
