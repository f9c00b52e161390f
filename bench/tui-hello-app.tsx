import { render, Text } from "ink";

export function showHello(): void {
  render(<Text>Hello, world</Text>, { interactive: true });
  setInterval(() => {}, 60_000);
}
