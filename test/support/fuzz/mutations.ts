import { putChecksum } from "../tar-bytes.ts";
import type { Random } from "./random.ts";

const bytes = [
  0, 1, 0x0a, 0x20, 0x22, 0x2e, 0x2f, 0x30, 0x37, 0x39, 0x3d, 0x5c, 0x78, 0x7b, 0x7f, 0x80, 0xc0, 0xff,
];
const numbers = [
  "0",
  "1",
  "-1",
  "8",
  "511",
  "512",
  "513",
  "65536",
  "4294967295",
  "9007199254740991",
  "9007199254740992",
];

/** One change to a run of bytes. */
function change(input: Buffer, random: Random, samples: readonly Buffer[]): Buffer {
  const at = random.below(input.length + 1);
  const length = 1 + random.below(random.chance(0.8) ? 8 : 600);
  const head = input.subarray(0, at);
  const tail = input.subarray(at);
  switch (random.below(9)) {
    case 0:
    case 1:
    case 2: {
      const copy = Buffer.from(input);
      if (at < copy.length)
        copy[at] = random.chance(0.5) ? random.pick(bytes) : (copy[at] ?? 0) ^ (1 << random.below(8));
      return copy;
    }
    case 3:
      return Buffer.concat([head, tail.subarray(length)]);
    case 4:
      return Buffer.concat([head, Buffer.alloc(length, random.pick(bytes)), tail]);
    case 5:
      return Buffer.concat([head, tail.subarray(0, length), tail]);
    case 6:
      return Buffer.concat([head, Buffer.from(random.pick(numbers)), tail.subarray(random.below(4))]);
    case 7: {
      const other = random.pick(samples);
      const from = random.below(other.length);
      return Buffer.concat([
        head,
        other.subarray(from, from + length * 4),
        tail.subarray(random.below(length)),
      ]);
    }
    default:
      return random.chance(0.3) ? head : Buffer.concat([head, tail]);
  }
}

/** A few changes anywhere; sometimes none. */
export function mutateBytes(sample: Buffer, random: Random, samples: readonly Buffer[]): Buffer {
  let input = sample;
  for (let left = random.below(4); left > 0; left--) input = change(input, random, samples);
  return input;
}

const fields: readonly (readonly [start: number, length: number])[] = [
  [0, 100],
  [100, 8],
  [108, 8],
  [116, 8],
  [124, 12],
  [136, 12],
  [156, 1],
  [157, 100],
  [257, 8],
  [329, 8],
  [337, 8],
  [345, 155],
  [508, 4],
];
const values = [
  ...[
    "0000000\0",
    "7777777\0",
    "0000001\0",
    "00000000000\0",
    "00000001000\0",
    "77777777777\0",
    "\x80\0\0\0\0\0\0\x01",
  ],
  ...[
    "\xff\xff\xff\xff\xff\xff\xff\xff",
    "ustar\x0000",
    "ustar  \0",
    "a/../b",
    "./",
    "..",
    "/",
    "a",
    "a/b",
    ".wh.a",
    "tar\0",
  ],
  ...[
    ".wh..wh..opq",
    "b/.wh..wh..opq",
    "0",
    "1",
    "2",
    "3",
    "5",
    "6",
    "7",
    "S",
    "x",
    "g",
    "L",
    "K",
    "\0",
    "        ",
  ],
];

/** Changes to a tar archive, by blocks and by headers' fields; checksums are put right again more often than not. */
export function mutateTar(sample: Buffer, random: Random, samples: readonly Buffer[]): Buffer {
  let input = Buffer.from(sample);
  for (let left = random.below(4); left > 0; left--) {
    const block = random.below(Math.floor(input.length / 512)) * 512;
    switch (random.below(8)) {
      case 0:
        input = Buffer.from(change(input, random, samples));
        continue;
      case 1:
        input = Buffer.concat([input.subarray(0, block), input.subarray(block + 512)]);
        break;
      case 2:
        input = Buffer.concat([
          input.subarray(0, block),
          Buffer.alloc(512 * random.below(3)),
          input.subarray(block),
        ]);
        break;
      case 3: {
        const other = random.pick(samples);
        const from = random.below(Math.floor(other.length / 512)) * 512;
        const piece = other.subarray(from, from + 512 * (1 + random.below(4)));
        input = Buffer.concat([
          input.subarray(0, block),
          piece,
          input.subarray(block + 512 * random.below(2)),
        ]);
        break;
      }
      default: {
        const header = input.subarray(block, block + 512);
        if (header.length < 512) continue;
        const [start, length] = random.pick(fields);
        if (random.chance(0.3)) header[start + random.below(length)] = random.pick(bytes);
        else {
          const value = Buffer.from(random.pick(values), "latin1").subarray(0, length);
          if (random.chance(0.5)) header.fill(0, start, start + length);
          header.set(value, start);
        }
        if (random.chance(0.7)) putChecksum(header);
      }
    }
  }
  return input;
}

const odd: readonly unknown[] = [
  ...[null, true, 0, -1, 1, 1.5, 1e308, 2 ** 53, 2 ** 31, "", "a", "\0", "\ud800", "../../x", "sha256:", "/"],
  ...[
    `sha256:${"0".repeat(64)}`,
    `sha512:${"0".repeat(128)}`,
    "x".repeat(5000),
    [],
    {},
    [[]],
    [null],
    { "": {} },
  ],
  ...[
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "linux",
    "windows",
  ],
];

/** Changes within a JSON document: values, members and their names. */
export function mutateJson(sample: Buffer, random: Random, samples: readonly Buffer[]): Buffer {
  let value: unknown;
  try {
    value = JSON.parse(sample.toString());
  } catch {
    return mutateBytes(sample, random, samples);
  }
  for (let left = random.below(4); left > 0; left--) value = changeValue(value, random);
  let text = JSON.stringify(value) ?? "null";
  if (random.chance(0.1)) text = repeatName(text, random);
  if (random.chance(0.02)) text = `${"[".repeat(100)}${text}${"]".repeat(100)}`;
  if (random.chance(0.02)) text = `\ufeff${text}`;
  const bytes = Buffer.from(text);
  return random.chance(0.2) ? mutateBytes(bytes, random, samples) : bytes;
}

function changeValue(value: unknown, random: Random): unknown {
  if (typeof value !== "object" || value === null || random.chance(0.05)) return random.pick(odd);
  const isList = Array.isArray(value);
  const keys = Object.keys(value);
  const key = keys.length === 0 ? "" : random.pick(keys);
  const members = value as Record<string, unknown>;
  switch (keys.length === 0 ? 3 : random.below(8)) {
    case 0:
      if (isList) return value.filter((_item, at) => `${at}` !== key);
      return Object.fromEntries(Object.entries(members).filter(([name]) => name !== key));
    case 1:
      return isList ? [...value, members[key]] : { ...members, [otherLetters(key, random)]: members[key] };
    case 2:
      return isList ? value.toReversed() : { ...members, [random.pick(keys)]: members[key] };
    case 3:
      return isList
        ? [...value, random.pick(odd)]
        : { ...members, [`${random.pick(odd)}`]: random.pick(odd) };
    default: {
      const changed = changeValue(members[key], random);
      return isList ? value.with(Number(key), changed) : { ...members, [key]: changed };
    }
  }
}

function otherLetters(name: string, random: Random): string {
  const forms = [
    name.toUpperCase(),
    name.toLowerCase(),
    name.replace("s", "\u017f"),
    name.replace("k", "\u212a"),
    `${name} `,
  ];
  return random.pick(forms);
}

/** Says a member of some object twice. */
function repeatName(text: string, random: Random): string {
  const names = [...text.matchAll(/"[^"\\]*":/g)];
  if (names.length === 0) return text;
  const { 0: name, index } = random.pick(names);
  return `${text.slice(0, index)}${name}${random.pick(["0", '"x"', "null", "[]", "{}"])},${text.slice(index)}`;
}
