/** What operations tell beside their result. */
export const operationMessages = {
  "clock-ahead": "this machine's clock says {here} and the chain's {chain}: check this machine's clock",
  "clock-behind":
    "this machine's clock says {here} and the chain already {chain}: check this machine's clock",
  "local-image": "the local image {name}",
  "served-image": "what the image registry serves as {name}",
  "another-image": "another image",
  "no-image": "none",
  "served-another": "the registry serves {served} as {name}, which is claimed for {claimed}",
  "nobodys-name": "nobody owns {repository} in the registry, so nobody's word says what {name} is",
  "owner-never-claimed": "{organisation} never claimed {name}",
  "not-the-owner":
    "{organisation} does not own {repository} in the registry: verifiers take its claim as another's acceptance",
  "tag-overtaken": "{name} was signed for another image later or at the same time, and is that image now",
  "also-named": "loading the archive also names it {name}, which this claim does not sign",
  "chain-not-asked": "the chain was not asked, so more may stand in the way: {error}",
  "not-a-signer": "{signer} is not a current signer of {organisation}",
  "revoked-while-pending": "{organisation} revoked it while it waited for signatures",
  "expired-while-pending": "it expired before it had the signatures that it needs",
} as const;
