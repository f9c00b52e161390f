/** Why a verdict is what it is, and what a person should know although it is good. */
export const verdictMessages = {
  "no-digest": "the image has no digest that a claim could name",
} as const;
