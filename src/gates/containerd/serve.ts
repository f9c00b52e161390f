import type { IncomingMessage, ServerResponse } from "node:http";
import { explain } from "../decisions.ts";
import { GateRuntime, type GateRuntimeOptions, type ServedGate } from "../gate-runtime.ts";
import { toOneLine } from "../one-line.ts";
import { readBody, SocketServer, sendJson } from "../socket-server.ts";
import { type PullQuestion, readPullQuestion, toPulledFacts } from "./verify-request.ts";

export interface ContainerdGateStart extends GateRuntimeOptions {
  /** where containerd's verifier asks the gate */
  readonly socket: string;
}

/** Whether an image may be pulled; `reason` is for whoever pulls it. */
interface Answer {
  readonly allow: boolean;
  readonly reason: string;
}

/** Bytes of a question: a descriptor in base64, a name and a digest. */
const maxQuestion = 256 * 1024;

/**
 * Serves the gate that containerd's image verifier asks (`daochain-containerd-verifier`), until it is closed. It refuses every image until the
 * registry was read.
 * @throws INDEX_FAILED, FILE_UNWRITABLE where the socket cannot be made, NO_SPACE
 */
export async function serveContainerdGate(start: ContainerdGateStart): Promise<ServedGate> {
  const runtime = new GateRuntime(start);
  const server = new SocketServer({
    metrics: () => runtime.metrics(),
    isReady: () => runtime.status.isReady,
    answer: (question, answer, isBusy) => answerPull(runtime, question, answer, isBusy),
    fail: (answer) => sendJson(answer, 500, { allow: false, reason: "refused: the gate failed" }),
  });
  const close = async (): Promise<void> => {
    await server.close();
    await runtime.close();
  };
  try {
    await server.listen(start.socket);
    await runtime.follow();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    get status() {
      return runtime.status;
    },
    close,
  };
}

async function answerPull(
  runtime: GateRuntime,
  question: IncomingMessage,
  answer: ServerResponse,
  isBusy: boolean,
): Promise<boolean> {
  if (question.method !== "POST" || question.url !== "/verify") return false;
  const { allow, reason } = await judge(runtime, question, isBusy);
  sendJson(answer, 200, { allow, reason: toOneLine(reason, 1000) });
  return true;
}

async function judge(runtime: GateRuntime, question: IncomingMessage, isBusy: boolean): Promise<Answer> {
  const refused = (reason: string): Answer => ({ allow: false, reason: `refused: ${reason}` });
  if (isBusy) return refused("too many images at once");
  const bytes = await readBody(question, maxQuestion);
  const pull: PullQuestion | undefined = bytes && readPullQuestion(bytes);
  if (pull === undefined) return refused("what is asked cannot be read");
  const { verdict, allowed } = await runtime.judge({
    gate: "containerd",
    action: "pull",
    image: pull.name,
    inspect: async () => toPulledFacts(pull),
  });
  return { allow: allowed, reason: explain(verdict) };
}
