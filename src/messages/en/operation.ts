/** What operations tell beside their result. */
export const operationMessages = {
  "clock-ahead": "this machine's clock says {here} and the chain's {chain}: check this machine's clock",
  "clock-behind":
    "this machine's clock says {here} and the chain already {chain}: check this machine's clock",
  "local-image": "the local image {name}",
  "served-image": "what the image registry serves as {name}",
  "another-image": "another image",
  "no-image": "none",
} as const;
