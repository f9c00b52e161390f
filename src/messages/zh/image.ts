export const imageMessages = {
  "image-note": "{note}",
} as const;
