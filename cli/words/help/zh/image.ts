export const imageHelp: typeof import("../en/image.ts").imageHelp = {};
