// The least that Ink can show: what the image browser's first paint is measured against. It keeps its compiled code as daochain does.
import module from "node:module";

module.enableCompileCache(process.env["HELLO_CACHE"] ?? "");
const { showHello } = await import("./tui-hello-app.tsx");
showHello();
