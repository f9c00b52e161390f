import { DaoChainError } from "../errors.ts";
import { EngineError } from "./engine.ts";
import type { Method } from "./rpc-methods.ts";
import { isObject } from "./rpc-parameters.ts";

const maximumBatch = 100;
const maximumDepth = 32;
/** Characters of one answer, batches included; what comes after is an error. */
const maximumAnswer = 33_554_432;
const maximumMessage = 300;

/**
 * Answers the text of one JSON-RPC 2.0 request or batch (https://www.jsonrpc.org/specification). Never throws: whatever is
 * wrong becomes an error in the answer, in one line, without a stack.
 *
 * @param onDefect told of errors that nobody foresaw
 * @returns the answer's text; undefined where none is due, for notifications
 */
export async function answerRpc(
  text: string,
  methods: ReadonlyMap<string, Method>,
  onDefect: (error: unknown) => void,
): Promise<string | undefined> {
  if (exceedsDepth(text)) return failure(null, -32600, "the request is nested too deeply");
  let request: unknown;
  try {
    request = JSON.parse(text);
  } catch {
    return failure(null, -32700, "the request is not JSON");
  }
  if (!Array.isArray(request)) return answerOne(request, methods, onDefect);
  if (request.length === 0) return failure(null, -32600, "the batch is empty");
  if (request.length > maximumBatch) {
    return failure(null, -32600, `a batch has at most ${maximumBatch} requests`);
  }
  let room = maximumAnswer;
  const answers = await Promise.all(
    request.map(async (one) => {
      const answer = room > 0 ? await answerOne(one, methods, onDefect) : undefined;
      room -= answer?.length ?? 0;
      return room >= 0 && answer !== undefined ? answer : tooLarge(one, answer);
    }),
  );
  const due = answers.filter((answer) => answer !== undefined);
  return due.length === 0 ? undefined : `[${due.join(",")}]`;
}

async function answerOne(
  request: unknown,
  methods: ReadonlyMap<string, Method>,
  onDefect: (error: unknown) => void,
): Promise<string | undefined> {
  if (!isObject(request) || typeof request["method"] !== "string") {
    return failure(null, -32600, "a request is an object with a method");
  }
  const { method: name, id, params = [] } = request;
  const notification = id === undefined;
  if (!notification && id !== null && typeof id !== "string" && typeof id !== "number") {
    return failure(null, -32600, "the id must be a string or a number");
  }
  const method = methods.get(name as string);
  let answer: string;
  if (method === undefined) {
    answer = failure(id, -32601, `the method ${clip(String(name), 60)} does not exist here`);
  } else if (!Array.isArray(params)) {
    answer = failure(id, -32602, "params must be a list");
  } else {
    try {
      answer = JSON.stringify({ jsonrpc: "2.0", id: id ?? null, result: (await method(params)) ?? null });
      if (answer.length > maximumAnswer) answer = failure(id, -32005, "the answer is too large");
    } catch (error) {
      answer = toFailure(id, error, onDefect);
    }
  }
  return notification ? undefined : answer;
}

function toFailure(id: unknown, error: unknown, onDefect: (error: unknown) => void): string {
  if (error instanceof EngineError) {
    if (error.revertData !== undefined) {
      // Code 3 with the bare data is what clients decode custom errors from (EIP-474, and geth since 1.9.15).
      return failure(id, 3, clip(`execution reverted: ${error.message}`), error.revertData);
    }
    return failure(id, error.code, clip(error.message));
  }
  if (error instanceof DaoChainError) return failure(id, -32000, clip(error.message), { code: error.code });
  onDefect(error);
  return failure(id, -32603, "internal error");
}

function tooLarge(request: unknown, answer: string | undefined): string | undefined {
  const id = isObject(request) ? request["id"] : null;
  if (answer === undefined && id === undefined) return undefined;
  return failure(id, -32005, "the batch's answers are too large together");
}

export function failure(id: unknown, code: number, message: string, data?: unknown): string {
  const known = typeof id === "string" || typeof id === "number" ? id : null;
  return JSON.stringify({
    jsonrpc: "2.0",
    id: known,
    error: { code, message, ...(data === undefined ? {} : { data }) },
  });
}

/** One line, and not a long one. */
function clip(message: string, limit = maximumMessage): string {
  const line = message.split("\n", 1)[0] ?? "";
  return line.length > limit ? `${line.slice(0, limit)}...` : line;
}

/** Looks at brackets outside of strings only, before anything that recurses sees the text. */
function exceedsDepth(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (inString) {
      if (character === 0x5c) at += 1;
      else if (character === 0x22) inString = false;
    } else if (character === 0x22) inString = true;
    else if (character === 0x5b || character === 0x7b) {
      depth += 1;
      if (depth > maximumDepth) return true;
    } else if (character === 0x5d || character === 0x7d) depth -= 1;
  }
  return false;
}
