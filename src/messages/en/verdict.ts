/** Why a verdict is what it is, and what a person should know although it is good. */
export const verdictMessages = {
  // What kept an image from being judged.
  failure: "{error}",
  "failure-with-advice": "{error} {advice}",
  "no-digest": "the image has no digest that a claim could name",
  "organisation-not-gathered": "nothing was gathered of {organisation}",
  "head-not-gathered": "the claim {claim} of {name} was not gathered",
  "corrupt-at": "{at}: {detail}",
  "runtime-differs":
    "a container of it would not run what {organisation} signed: its runtime digest is {found}, signed is {claimed}",
  "digest-revoked": "{organisation} revoked {digest}",
  "claim-revoked": "{organisation} revoked this claim at {time}",
  "claimed-digest-revoked": "{organisation} revoked {digest}, which this claim names",
  "signer-voided": "{organisation} has voided the signer of this claim",
  "signatures-missing": "{count} of {threshold} signatures that {organisation} asks for",
  "claim-expired": "the claim expired at {time}",
  "claim-too-old":
    "the claim was signed at {time}, and the policy takes none older than {seconds|second|seconds}",
  "not-claimed": "no claim names this image's digest",
  "neither-claimed": "no claim names this image's digest, and none names {name}",
  "claimed-in-part": "a claim names some of this image's platforms, but not all of them",
  "index-not-all-seen": "not all that the index lists was looked at: {images}",
  "index-seen-signed":
    "{organisation} signed what was looked at, but not the index, which also lists {images}",
  "no-owner": "nobody owns {repository} in the registry",
  "name-of-another": "{organisation} claims {name} for {digest}, not for this image",
  "signed-as-another": "{organisation} signed this image as {name}, never as {repository}",
  "claimed-by-stranger": "the image is claimed by {organisation} as {name}, whose namespaces do not hold it",
  "claimed-by-another":
    "the image is claimed by {organisation} as {name}, not by {required}, whose word counts",
  "signed-as": "{organisation} signed this image as {name}",
  "signed-only-as": "this image was signed as {name} only",
  "never-claimed": "{name} was never claimed",
  "never-claimed-but": "{name} was never claimed; this image was signed as {other} only",
  "tag-is": "{name} is now {digest}, signed at {time}",
  "tag-is-fallen": "{name} is now {digest}, signed at {time} (that claim is {standing})",
  "tag-moved-on": "the tag has moved on: {moved}",
  "another-revoked": "{organisation}, who signed it too, has revoked it",
  "layers-unread": "the claim names its config but not its manifest, and no layer was read",
  "too-few-organisations":
    "the policy {policy} asks for {needed} of {organisations}, and {count} of them verified it",
  "one-of-names":
    "the image has {count} names in its archive, all of which loading it sets; this is about {name}",
  "no-policy": "no policy's registry scopes hold {repository}",
  "no-policy-without-name": "no policy's registry scopes hold an image without a name",
} as const;
