export const transfer: typeof import("../en/transfer.ts").transfer = {};
