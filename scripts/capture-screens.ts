// Captures screens of the image browser as SVGs: the real program on a real terminal, as the environment has it (engine, home, chain).
// Run: node scripts/capture-screens.ts DIRECTORY [NAME=KEYS...]     (npm run build first; needs tmux)
// KEYS are tmux's, with commas between them; `text:...` is typed as it is, `wait:...` waits for a text. Without any: each page.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Tmux } from "../test/support/tmux.ts";
import { screenToSvg } from "./screen-to-svg.ts";

const [directory = "docs/images", ...wanted] = process.argv.slice(2);
const screens =
  wanted.length > 0 ? wanted : ["local=1", "organisation=2", "market=3", "account=4", "help=1,?"];
const cli = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

await mkdir(directory, { recursive: true });
const { NO_COLOR: _, ...env } = process.env;
await using tmux = await Tmux.open({ ...env, LC_ALL: "C.UTF-8" }, 80, 24);
await tmux.command([process.execPath, cli, "tui", "--lang", "en"]);
await tmux.ready();
// Verdicts come by themselves; what has not come after a while is shown as it is.
await tmux.waitFor((screen) => !/verdicts? to come|is being asked/.test(screen)).catch(() => {});
for (const screen of screens) {
  const [name = "", keys = ""] = screen.split("=", 2);
  for (const key of keys.split(",")) {
    if (key.startsWith("text:")) await tmux.type(key.slice(5));
    else if (key.startsWith("wait:")) await tmux.waitFor((text) => text.includes(key.slice(5)));
    else if (key !== "") await tmux.press(key);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const file = join(directory, `tui-${name}.svg`);
  await writeFile(file, screenToSvg(await tmux.looks(), 80, `The image browser ${name}`));
  console.log(file);
}
await tmux.press("C-c");
