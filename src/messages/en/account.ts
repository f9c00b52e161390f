/** Who signs, where it has no name. */
export const accountMessages = {
  "key-keeper": "the key's keeper",
} as const;
