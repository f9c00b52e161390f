import { X509Certificate } from "node:crypto";
import { arrayMember, parseStrictJson, toObject } from "../../json.ts";
import { certificateTime, type MadeCertificate } from "./make-certificate.ts";

/** A certificate that the gate made, and when it did, in seconds since 1970. */
export interface Generation extends MadeCertificate {
  readonly made: number;
}

/** What is to be done about the certificates that are there. */
export interface CertificatePlan {
  /** whether another one is to be made */
  readonly isDue: boolean;
  /** the one to serve; undefined where none holds */
  readonly served: Generation | undefined;
  /** every authority that API servers are to trust, in PEM */
  readonly bundle: string;
}

/** A certificate is followed by another in the last third of its time. */
const renewalTime = certificateTime / 3;
/** How long API servers have to learn of a new authority before a certificate of it is served, in seconds. */
const overlap = 600;
/** Those that are kept, even where a clock that is wrong has them ended. */
const maxKept = 4;
const maxFile = 256 * 1024;

/**
 * What a clock makes of the certificates that are there. Every process that shares them comes to the same.
 * @param now in seconds since 1970
 * @param isTrusted whether API servers are known to trust an authority
 */
export function planCertificates(
  generations: readonly Generation[],
  now: number,
  isTrusted: (ca: string) => boolean,
): CertificatePlan {
  const holding = generations.filter((generation) => holds(generation, now)).toSorted(byAge);
  const newest = holding.at(-1);
  const isDue = newest === undefined || endOf(newest) - now < renewalTime;
  const ready = holding.filter(({ made, ca }) => made <= now - overlap && isTrusted(ca));
  const bundle = generations
    .toSorted(byAge)
    .map(({ ca }) => ca.trim())
    .join("\n");
  return { isDue, served: ready.at(-1) ?? holding[0], bundle: `${bundle}\n` };
}

/** The certificates with one more, without those that nobody needs any more. */
export function withGeneration(generations: readonly Generation[], made: Generation): Generation[] {
  return [...generations, made].toSorted(byAge).slice(-maxKept);
}

export function formatGenerations(generations: readonly Generation[]): string {
  return JSON.stringify(generations.map(({ made, ca, cert, key }) => ({ made, ca, cert, key })));
}

/** @returns none where it cannot be read: then others are made */
export function parseGenerations(text: string): Generation[] {
  try {
    const what = "certificates";
    const list = parseStrictJson(Buffer.from(`{"list":${text}}`), what, maxFile);
    return arrayMember(toObject(list, what), "list", what, 2 * maxKept).map((value) => {
      const { made, ca, cert, key } = toObject(value, what);
      if (typeof made !== "number" || typeof ca !== "string") throw new Error("no certificate");
      if (typeof cert !== "string" || typeof key !== "string") throw new Error("no certificate");
      new X509Certificate(ca);
      new X509Certificate(cert);
      return { made, ca, cert, key };
    });
  } catch {
    return [];
  }
}

function holds({ cert }: Generation, now: number): boolean {
  const { validFrom, validTo } = new X509Certificate(cert);
  return Date.parse(validFrom) / 1000 <= now && now < Date.parse(validTo) / 1000;
}

function endOf({ cert }: Generation): number {
  return Date.parse(new X509Certificate(cert).validTo) / 1000;
}

function byAge(a: Generation, b: Generation): number {
  return a.made - b.made;
}
