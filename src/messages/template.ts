/** What stands in a sentence's place: a name, a number, or a part of it that is a sentence by itself. */
export type Value = string | number | { toString(): string };

/** Every place `{...}` of a template, by its name: `{name}`, or `{name|one|many}`. */
export type SlotOf<Template extends string> = Template extends `${string}{${infer Slot}}${infer Rest}`
  ? NameOf<Slot> | SlotOf<Rest>
  : never;
type NameOf<Slot extends string> = Slot extends `${infer Name}|${string}` ? Name : Slot;

export type ValuesOf<Template extends string> = Readonly<Record<SlotOf<Template>, Value>>;

const slot = /\{([A-Za-z]\w*)(?:\|([^|{}]*)\|([^|{}]*))?\}/g;

/** The names of a template's places, in the order in which they stand. */
export function slotsOf(template: string): string[] {
  return [...template.matchAll(slot)].map(([, name = ""]) => name);
}

/**
 * A sentence made of a template.
 * @param template with places `{name}` for a value as it stands, and `{count|image|images}` for a number and its noun
 * @param render how a value is written; as its own text where it is left out
 */
export function fill(
  template: string,
  values: Readonly<Record<string, Value>>,
  render: (value: Value) => string = String,
): string {
  return template.replace(slot, (whole, name: string, one?: string, many?: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    const text = render(value);
    return one === undefined ? text : `${text} ${Number(value) === 1 ? one : many}`;
  });
}
