/** What gates tell, as parts of sentences. */
export const gateMessages = {
  "chain-silent": "the chain has not answered since.",
  // What the index and the contract say differently of a claim.
  "its-organisation": "its organisation",
  "organisations-threshold": "its organisation's threshold",
  "its-owner": "who owns its repository",
  "its-record": "whether it is recorded",
  "its-threshold": "its threshold",
  "its-signatures": "its signatures",
  "its-revocation": "its revocation",
  "its-digests-revocations": "its digests' revocations",
  "its-tag": "what its tag means",
  "no-descriptor": "it is not told by a descriptor",
  "descriptor-of-another": "its descriptor is about another digest than the one named",
  "pulled-by-another": "it is pulled by the digest {digest}, and would be another image",
  "no-answer": "it does not answer",
  "no-reason": "it gives no reason",
  "gates-certificate": "The gate's certificate",
  "certificate-of": "The certificate {file}",
} as const;
