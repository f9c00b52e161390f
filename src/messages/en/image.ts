/** What is noted of an image, and what is corrupt in it. */
export const imageMessages = {
  "image-note": "{note}",
} as const;
