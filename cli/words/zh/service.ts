export const service: typeof import("../en/service.ts").service = {};
