import { parseTrustPolicies } from "../policy/document.ts";
import { readPolicyText } from "../policy/file.ts";
import type { TrustPolicies } from "../policy/trust-policy.ts";

/** How often the file is looked at, in milliseconds. */
const interval = 1000;

export interface PolicyFileOptions {
  /** is told once what keeps a changed file from being taken, and that the newest is taken again (undefined) */
  readonly onTrouble?: ((trouble: unknown) => void) | undefined;
}

/**
 * Policies of a file, which is read again when it changes. What cannot be read, or says what no policy says, changes nothing: the policies
 * that held before go on.
 */
export class PolicyFile {
  readonly #path: string;
  readonly #options: PolicyFileOptions;
  readonly #timer: NodeJS.Timeout;
  #text: string;
  #policies: TrustPolicies;
  #trouble: unknown;
  #isReading = false;

  private constructor(path: string, text: string, options: PolicyFileOptions) {
    this.#path = path;
    this.#options = options;
    this.#text = text;
    this.#policies = parseTrustPolicies(Buffer.from(text), path);
    this.#timer = setInterval(() => void this.#look(), interval);
    this.#timer.unref();
  }

  /** @throws POLICY_INVALID, POLICY_UNREADABLE */
  static async open(path: string, options: PolicyFileOptions = {}): Promise<PolicyFile> {
    return new PolicyFile(path, await readPolicyText(path), options);
  }

  get policies(): TrustPolicies {
    return this.#policies;
  }

  /** Whether what the file says now is what holds. */
  get isCurrent(): boolean {
    return this.#trouble === undefined;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      const text = await readPolicyText(this.#path);
      if (text !== this.#text) {
        this.#policies = parseTrustPolicies(Buffer.from(text), this.#path);
        this.#text = text;
      }
      if (this.#trouble !== undefined) this.#options.onTrouble?.(undefined);
      this.#trouble = undefined;
    } catch (error) {
      const isNew = String(error) !== String(this.#trouble);
      this.#trouble = error;
      if (isNew) this.#options.onTrouble?.(error);
    } finally {
      this.#isReading = false;
    }
  }
}
