import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { id } from "ethers";
import type { Connection } from "../../src/contract/connection.ts";
import { registryInterface } from "../../src/contract/contract.ts";
import {
  admitOrganisation,
  type Organisation,
  requireOrganisation,
} from "../../src/contract/organisations.ts";
import { type Confirmation, sendToRegistry } from "../../src/contract/transaction.ts";
import { startEmbeddedChain, stopEmbeddedChain } from "../../src/embedded-chain/launch.ts";
import { type Home, homeAt } from "../../src/home.ts";
import type { ImageFacts } from "../../src/image/image.ts";
import { connect } from "../../src/network/connect.ts";
import { bootstrap } from "../../src/operations/bootstrap.ts";
import { defaultPolicy, type Policy } from "../../src/policy/policy.ts";
import { privateKeySigner, type Signer } from "../../src/signature/signer.ts";
import { gatherEvidence } from "../../src/verdict/chain-evidence.ts";
import { decide } from "../../src/verdict/decide.ts";
import type { Verdict } from "../../src/verdict/verdict.ts";
import { apiName, facts, subject } from "./evidence.ts";

/** The key of the account of that name. */
export function keyOf(name: string): string {
  return id(name);
}

export function signerOf(name: string): Signer {
  return privateKeySigner(keyOf(name));
}

/** An embedded chain in a process of its own, with a registry on which nobody owns everything. */
export class Consortium {
  readonly home: Home;
  readonly url: string;
  readonly connection: Connection;
  readonly #directory: string;
  #images = 0;

  private constructor(directory: string, home: Home, url: string, connection: Connection) {
    this.#directory = directory;
    this.home = home;
    this.url = url;
    this.connection = connection;
  }

  static async start(): Promise<Consortium> {
    const directory = await mkdtemp(join(tmpdir(), "daochain-test-"));
    const home = homeAt(directory);
    const { url } = await startEmbeddedChain({ directory: home.chain });
    const governor = signerOf("governor");
    const { organisation } = await bootstrap(home, url, {
      organisation: "founder",
      unlock: async () => governor,
    });
    const connection = await connect(home);
    // Whoever owns every repository leaves nothing for others to own.
    await sendToRegistry(connection, governor, "removeNamespace", [organisation.id, ""]);
    return new Consortium(directory, home, url, connection);
  }

  async stop(): Promise<void> {
    this.connection.rpc.close();
    await stopEmbeddedChain({ directory: this.home.chain });
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** Admits an organisation that owns docker.io/NAME; its admin and first signer is the account of its name. */
  async admit(
    name: string,
    more: { signers?: readonly string[]; threshold?: number } = {},
  ): Promise<Organisation> {
    await admitOrganisation(this.connection, signerOf("governor"), {
      name,
      displayName: "",
      admin: signerOf(name).address,
      namespaces: [`docker.io/${name}`],
    });
    const organisation = await requireOrganisation(this.connection, name);
    for (const signer of more.signers ?? []) {
      await this.send(name, "addSigner", organisation.id, signerOf(signer).address);
    }
    if (more.threshold !== undefined) await this.send(name, "setThreshold", organisation.id, more.threshold);
    return requireOrganisation(this.connection, name);
  }

  async send(by: string, method: string, ...args: unknown[]): Promise<Confirmation> {
    return sendToRegistry(this.connection, signerOf(by), method, args);
  }

  /** Sends a call with bytes of its data replaced: for texts that no encoder writes. */
  async sendPatched(
    by: string,
    method: string,
    args: readonly unknown[],
    from: string,
    to: Uint8Array,
  ): Promise<void> {
    const { rpc, profile } = this.connection;
    const encoded = registryInterface().encodeFunctionData(method, args);
    const data = encoded.replace(Buffer.from(from).toString("hex"), Buffer.from(to).toString("hex"));
    if (data === encoded) throw new Error("There was nothing to replace.");
    const signer = signerOf(by);
    const nonce = Number(await rpc.call("eth_getTransactionCount", signer.address, "pending"));
    const hash = await rpc.call(
      "eth_sendRawTransaction",
      await signer.signTransaction({
        type: 0,
        chainId: profile.chainId,
        to: profile.registry,
        data,
        nonce,
        gasLimit: 2_000_000,
        gasPrice: BigInt(String(await rpc.call("eth_gasPrice"))),
      }),
    );
    const receipt = await rpc.call("eth_getTransactionReceipt", hash);
    if ((receipt as { status?: string } | null)?.status !== "0x1") throw new Error("It was refused.");
  }

  /** A new image under a name; its config's digest is another each time. */
  image(repository: string, tag = "1.0", more: Partial<ImageFacts> = {}): ImageFacts {
    this.#images++;
    return facts({
      image: `${repository}:${tag}`,
      name: { ...apiName, repository, tag },
      subjects: [subject("config", 0xabc000 + this.#images)],
      ...more,
    });
  }

  async verify(image: ImageFacts, policy: Partial<Policy> = {}): Promise<Verdict> {
    const whole = { ...defaultPolicy, ...policy };
    return decide(await gatherEvidence(this.connection, image, whole), whole);
  }

  async statusOf(image: ImageFacts, policy: Partial<Policy> = {}): Promise<string> {
    return (await this.verify(image, policy)).status;
  }
}
