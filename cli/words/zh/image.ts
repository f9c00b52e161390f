export const image: typeof import("../en/image.ts").image = {};
