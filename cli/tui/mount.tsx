import { render } from "ink";
import { App, type Suspend } from "./app.tsx";
import type { Shell } from "./shell.ts";
import type { Terminal } from "./terminal.ts";
import type { Paint } from "./text/paint.ts";

/** A browser on a terminal. */
export interface Mounted {
  /** when the terminal is as it was; fails with what the browser failed with */
  readonly ended: Promise<void>;
  /** when what is to be seen now has been written */
  flush(): Promise<void>;
  /** Gives the terminal to a task, and takes it back. */
  readonly suspend: Suspend;
  redraw(): void;
  /** Leaves, with the error that it ends with, where there is one. */
  end(error?: unknown): void;
}

/** Draws the image browser on a terminal's other screen, until it is ended. */
export function mount(options: {
  readonly shell: Shell;
  readonly paint: Paint;
  readonly terminal: Terminal;
  readonly stdin: NodeJS.ReadStream;
}): Mounted {
  const { shell, paint, terminal, stdin } = options;
  let suspend: Suspend = async () => {};
  const onReady = (given: Suspend): void => {
    suspend = given;
  };
  const draw = () => (
    <App shell={shell} paint={paint} columns={terminal.columns} rows={terminal.rows} onReady={onReady} />
  );
  const ended = Promise.withResolvers<void>();
  let isEnding = false;
  const end = (error?: unknown): void => {
    if (isEnding) return;
    isEnding = true;
    // Whoever ends it may be a key, or a component that cannot be drawn: Ink is not to be unmounted within either.
    setImmediate(() => {
      instance.unmount();
      instance
        .waitUntilExit()
        .then(() => (error === undefined ? ended.resolve() : ended.reject(error)), ended.reject);
    });
  };
  const instance = render(draw(), {
    stdout: terminal as unknown as NodeJS.WriteStream,
    stdin,
    interactive: true,
    alternateScreen: true,
    incrementalRendering: true,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: false,
    // Keys are answered at once; what changes by itself is drawn 30 times a second at most (state/throttle.ts).
    maxFps: 120,
  });
  terminal.onClear = () => {
    // Ink forgets what it has drawn.
    terminal.mute(() => instance.clear());
    instance.rerender(draw());
  };
  return {
    ended: ended.promise,
    flush: () => instance.waitUntilRenderFlush(),
    suspend: (task) =>
      suspend(async () => {
        await task();
        terminal.clearFirst();
      }),
    redraw: () => terminal.clear(),
    end,
  };
}
