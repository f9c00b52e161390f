import { Box, useApp, useInput, usePaste } from "ink";
import { Component, type ReactNode, useEffect, useReducer } from "react";
import { KeyLine, StateLine, Tabs } from "./components/bars.tsx";
import { EventLine } from "./components/event-line.tsx";
import { Line } from "./components/line.tsx";
import { QuestionLines } from "./components/question.tsx";
import { Summary } from "./components/summary.tsx";
import { TaskLines } from "./components/task-lines.tsx";
import { Title } from "./components/title.tsx";
import { toPresses } from "./keys/names.ts";
import { layOut, least } from "./layout.ts";
import { AccountPage } from "./pages/account.tsx";
import { LocalPage } from "./pages/local.tsx";
import { MarketPage } from "./pages/market.tsx";
import { OrganisationPage } from "./pages/organisation.tsx";
import { ScreenContext, useScreen } from "./screen.ts";
import type { Shell } from "./shell.ts";
import type { PageName } from "./state/pages.ts";
import type { Paint } from "./text/paint.ts";
import { ViewLines } from "./views/view.tsx";

const pages: Readonly<Record<PageName, (props: { readonly height: number }) => ReactNode>> = {
  local: LocalPage,
  organisation: OrganisationPage,
  market: MarketPage,
  account: AccountPage,
};

/** As much of Ink's terminal as the browser hands on to others. */
export type Suspend = (task: () => Promise<void>) => Promise<void>;

/** The image browser on a screen of a size. */
export function App({
  shell,
  paint,
  columns,
  rows,
  onReady,
}: {
  readonly shell: Shell;
  readonly paint: Paint;
  readonly columns: number;
  readonly rows: number;
  /** is told once how to give the terminal away */
  readonly onReady: (suspend: Suspend) => void;
}): ReactNode {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const { suspendTerminal } = useApp();
  useInput((input, key) => shell.press(toPresses(input, key)));
  usePaste((text) => shell.paste(text));
  useEffect(() => {
    shell.onChange = draw;
    return () => {
      shell.onChange = () => {};
    };
  }, [shell]);
  useEffect(() => onReady((task) => suspendTerminal(task)), [onReady, suspendTerminal]);
  const screen = { shell, words: shell.words, paint, columns, rows, now: Date.now() };
  return (
    <ScreenContext value={screen}>
      <Catcher onError={(error) => shell.outside.exit(error)}>
        <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
          {columns < least.columns || rows < least.rows ? <MoreRoom /> : <Whole />}
        </Box>
      </Catcher>
    </ScreenContext>
  );
}

function Whole(): ReactNode {
  const { shell, rows } = useScreen();
  const { title, body, summary, tasks, question, events } = layOut(shell, rows);
  const { view } = shell;
  const Page = pages[shell.page];
  return (
    <>
      <Tabs />
      {title > 0 ? <Title row={1} /> : null}
      {view === undefined ? <Page height={body} /> : <ViewLines view={view} height={body} />}
      <Summary />
      <TaskLines height={tasks} />
      <QuestionLines height={question} row={1 + title + body + summary + tasks} />
      {events > 0 ? <EventLine /> : null}
      <StateLine />
      <KeyLine />
    </>
  );
}

function MoreRoom(): ReactNode {
  const { words, columns, rows } = useScreen();
  return <Line parts={[{ text: words.moreRoom(columns, rows) }]} />;
}

/** Leaves the browser where something cannot be drawn, with the terminal as it was, rather than show a stack on it. */
class Catcher extends Component<
  { readonly onError: (error: unknown) => void; readonly children: ReactNode },
  { readonly hasFailed: boolean }
> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override componentDidCatch(error: unknown): void {
    this.props.onError(error);
  }

  override render(): ReactNode {
    return this.state.hasFailed ? null : this.props.children;
  }
}
