import type {
  CatalogueEntry,
  Connection,
  Digest,
  RecordedClaim,
  Signer,
  Subject,
} from "../../../../src/internal.ts";
import type { Context } from "../../../context.ts";
import type { Session } from "../session.ts";
import type { Secret } from "./secret.ts";
import type { Execute, Outcome, RunningTask } from "./task.ts";

/**
 * Reads an image of the local engine, and records a claim on it for the organisation in use.
 * @param meant.reference what the engine is asked for
 * @param meant.id the image's ID as the person saw it: under its name there may be another one by now
 */
export function signing(
  session: Session,
  reference: string,
  meant: { readonly reference: string; readonly id: string | undefined },
  secret: Secret,
): Execute {
  return (task, tools, context) =>
    recording(session, task, context, secret, async (connection, signer) => {
      const organisation = await tools.currentOrganisation(context, connection, undefined);
      task.enter("reading");
      const image = new tools.EngineImage(reference, session.environment, meant.reference);
      const facts = await (await image.open()).inspect({
        thorough: true,
        signal: task.signal,
        onProgress: (progress) => task.measure(progress),
      });
      if (meant.id !== undefined && facts.id !== meant.id) {
        throw tools.failure("IMAGE_CHANGED", { image: reference, id: meant.id });
      }
      task.enter("recording");
      const verdict = await tools.signImage(connection, signer, organisation, facts);
      if (verdict.claim !== null) {
        task.note("recorded", `${verdict.claim.block}`);
        task.note("claimed", verdict.claim.id);
      }
      for (const line of [...verdict.reasons, ...verdict.warnings]) task.say(line);
      return { verdict };
    });
}

/** Adds a signature to a claim that waits for it. */
export function approving(session: Session, entry: CatalogueEntry, secret: Secret): Execute {
  return (task, tools, context) =>
    recording(session, task, context, secret, async (connection, signer) => {
      const organisation = await tools.requireOrganisation(connection, entry.organisation);
      const pending = await tools.requirePending(connection, organisation, entry.claim);
      // The registry's claim is what its id says; the catalogue's word for it is what the person has seen.
      if (!isSame(pending, entry)) {
        throw tools.failure("CLAIM_CHANGED", { claim: entry.claim });
      }
      task.enter("recording");
      const verdict = await tools.approveClaim(connection, signer, pending);
      task.note(verdict.status === "signed" ? "counts" : "waits");
      for (const line of [...verdict.reasons, ...verdict.warnings]) task.say(line);
      return { verdict };
    });
}

function isSame({ claim }: RecordedClaim, entry: CatalogueEntry): boolean {
  const lines = (subjects: readonly Subject[]): string =>
    subjects
      .map(({ kind, digest }) => `${kind} ${digest}`)
      .sort()
      .join();
  return (
    claim.repository === entry.repository &&
    claim.tag === entry.tag &&
    lines(claim.subjects) === lines(entry.subjects)
  );
}

/**
 * Takes the word of the organisation in use back.
 * @param told digests of which the person was told that they would fall: no others do; undefined where nobody was told
 */
export function revoking(
  session: Session,
  target: string,
  reason: string,
  told: ReadonlySet<Digest> | undefined,
  secret: Secret,
): Execute {
  return (task, tools, context) =>
    recording(session, task, context, secret, async (connection, signer) => {
      const organisation = await tools.currentOrganisation(context, connection, undefined);
      task.enter("reading");
      const revocation = await tools.findRevocation(context, connection, organisation, target, (progress) =>
        task.measure(progress),
      );
      if (tools.hasFallen(revocation)) {
        task.note("revokedBefore");
        return {};
      }
      const isMore =
        revocation.kind === "digests" && revocation.digests.some((one) => told?.has(one) === false);
      if (isMore) {
        throw tools.failure("REVOCATION_CHANGED", { subject: task.subject });
      }
      task.enter("recording");
      const { block } = await tools.carryOut(revocation, connection, signer, organisation, reason);
      task.note("recorded", `${block}`);
      const fallen = revocation.kind === "claim" ? [revocation.claim.id] : revocation.digests;
      for (const one of fallen) task.note("revoked", one);
      return {};
    });
}

/** Fetches the image that its owner signed under a name, and no other. */
export function pulling(session: Session, reference: string): Execute {
  return async (task, tools) => {
    const { environment } = session;
    const verdict = await session.withConnection(task.signal, (connection) =>
      tools.pullImage(
        reference,
        async () => connection,
        { ...tools.defaultPolicy, newest: true },
        {
          docker: { environment },
          registry: { environment },
          signal: task.signal,
          onProgress: (progress) => task.measure(progress),
        },
      ),
    );
    for (const line of [...verdict.reasons, ...verdict.warnings]) task.say(line);
    if (verdict.status === "verified") return { verdict };
    const message = String(verdict.reasons[0] ?? verdict.status);
    return { verdict, refusal: { code: verdict.status.toUpperCase(), message, hint: undefined } };
  };
}

/** Compares what would run with what the image's layers and config say. */
export function comparing(session: Session, reference: string): Execute {
  return async (task, tools) => ({
    differences: await tools.diffImage(reference, {
      docker: { environment: session.environment },
      signal: task.signal,
      onProgress: (progress) => task.measure(progress),
    }),
  });
}

/** Starts this home's own chain, and makes what is missing, as `daochain up` does. */
export function starting(secret: Secret): Execute {
  return async (task, tools, context) => {
    const own = {
      ...context,
      password: secret.take(),
      progress: (what: string) => task.pass(what),
      // What it prints are columns; here each is a line among others.
      result: (line: string) => task.say(line.replaceAll(/ {2,}/g, " ")),
    };
    await tools.up(own, {});
    return {};
  };
}

/** Does something that the chain records, on a connection of its own and as the account in use. */
async function recording(
  session: Session,
  task: RunningTask,
  context: Context,
  secret: Secret,
  record: (connection: Connection, signer: Signer) => Promise<Outcome>,
): Promise<Outcome> {
  return session.withConnection(task.signal, async (connection, tools) => {
    const signer = await tools.unlockSigner(context, undefined, secret.take());
    task.signal.throwIfAborted();
    return record({ ...connection, onSent: (transaction) => task.sent(transaction) }, signer);
  });
}
