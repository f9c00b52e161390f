import { toOneLine } from "../one-line.ts";

/** One operation of a JSON Patch (RFC 6902). */
export interface PatchOperation {
  readonly op: "test" | "replace";
  /** a JSON pointer */
  readonly path: string;
  readonly value: string;
}

/** What a webhook has to say about a review. */
export type Answer =
  | {
      readonly allowed: true;
      readonly warnings: readonly string[];
      /** empty: the object stays as it is */
      readonly patch: readonly PatchOperation[];
    }
  | {
      readonly allowed: false;
      /** 403: no; 503: not known now */
      readonly code: 403 | 503;
      readonly message: string;
    };

/** What an API server passes on (Kubernetes, "Dynamic Admission Control", Response), in characters. */
const maxWarning = 256;
const maxWarnings = 4096;
const maxMessage = 4000;

export function refusal(message: string, code: 403 | 503 = 403): Answer {
  return { allowed: false, code, message };
}

/** The answer as an AdmissionReview. One that validates has no patch; the other has a patch and its type, or neither. */
export function formatAnswer(uid: string, answer: Answer): string {
  return JSON.stringify({
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    response: { uid, allowed: answer.allowed, ...membersOf(answer) },
  });
}

function membersOf(answer: Answer): object {
  if (!answer.allowed) {
    const { code } = answer;
    const reason = code === 403 ? "Forbidden" : "ServiceUnavailable";
    return { status: { status: "Failure", code, reason, message: toOneLine(answer.message, maxMessage) } };
  }
  const warnings = bound(answer.warnings);
  const { patch } = answer;
  return {
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(patch.length === 0
      ? {}
      : { patchType: "JSONPatch", patch: Buffer.from(JSON.stringify(patch)).toString("base64") }),
  };
}

/** As many as there is room for; each on one line. */
function bound(warnings: readonly string[]): string[] {
  const lines: string[] = [];
  let room = maxWarnings;
  for (const warning of new Set(warnings)) {
    const line =
      warning.length > maxWarning
        ? `${toOneLine(warning, maxWarning - 3)}...`
        : toOneLine(warning, maxWarning);
    room -= Buffer.byteLength(line);
    if (room < 0) break;
    lines.push(line);
  }
  return lines;
}
