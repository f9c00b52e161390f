import type { Depth, Verdict } from "../../../src/internal.ts";
import type { LocalImage } from "../../browser/browser.ts";
import { AsyncValue } from "../../browser/state/async-value.ts";
import type { Shell } from "../shell.ts";
import { Menu } from "../state/question.ts";
import { ImageDetail } from "../state/view.ts";
import { emptyTexts } from "../views/empty.ts";
import { askRevocation, askSecret } from "./secret.ts";

/** Depths that a local image can be looked at. */
const depths = ["id", "content", "runtime"] as const satisfies Depth[];

/** The image that a person means: the one whose details are open, else the one under the cursor. */
export function currentImage(shell: Shell): LocalImage | undefined {
  const { view, pages } = shell;
  return view?.kind === "image" ? pages.local.image(view.key) : pages.local.list.current;
}

/** Does something with the image that is meant, where there is one. */
function withImage(task: (shell: Shell, image: LocalImage) => void): (shell: Shell) => void {
  return (shell) => {
    const image = currentImage(shell);
    if (image !== undefined) task(shell, image);
    else shell.notice = { message: emptyTexts(shell)[0] ?? "" };
  };
}

/** One step deeper than the verdict that there is. */
export function deeper(verdict: Verdict | undefined): Depth {
  const at = (depths as readonly (Depth | null | undefined)[]).indexOf(verdict?.depth);
  return depths[Math.min(at + 1, depths.length - 1)] ?? "runtime";
}

export const imageActions = {
  details: withImage((shell, { key, id }) => {
    const { images } = shell.browser;
    images.acknowledge(key);
    shell.open(
      new ImageDetail(
        key,
        new AsyncValue(
          (signal) => images.layers(id, signal),
          () => shell.onChange(),
        ),
      ),
    );
  }),
  sign: withImage((shell, { reference }) =>
    shell.begin(async () => {
      const secret = await askSecret(shell, shell.words.ask.sign(reference));
      if (secret !== undefined) shell.browser.tasks.sign(reference, secret.password);
    }),
  ),
  verify: withImage((shell, { key, verdict }) => shell.browser.images.verify(key, deeper(verdict))),
  chooseDepth: withImage((shell, { key, verdict }) => {
    const { ask, depth, depthMeaning } = shell.words;
    const items = depths.map((each) => ({
      label: `${depth[each]}: ${depthMeaning[each]}`,
      isOn: each === verdict?.depth,
      choose: () => shell.browser.images.verify(key, each),
    }));
    shell.pose(new Menu(ask.depth, () => items));
  }),
  diff: withImage((shell, { reference }) => void shell.browser.tasks.diff(reference)),
  run: withImage((shell, { reference }) => shell.begin(() => shell.outside.run(reference))),
  pull: withImage((shell, { name }) => {
    if (name === undefined) shell.notice = { message: shell.words.nothingToDo.noName, hint: undefined };
    else shell.browser.tasks.pull(name);
  }),
  revoke: withImage((shell, { reference }) =>
    shell.begin(async () => {
      const answer = await askRevocation(shell, reference, reference);
      if (answer !== undefined) shell.browser.tasks.revoke(reference, answer.reason, answer.password);
    }),
  ),
};
