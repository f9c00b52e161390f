/**
 * Keccak-256 written from the Keccak reference's description (rate 136, padding 0x01...0x80), slow and apart from every
 * library the product uses, so that what it agrees with is right for another reason.
 */
export function keccak256(input: Uint8Array): Uint8Array {
  const rate = 136;
  const padded = new Uint8Array((Math.floor(input.length / rate) + 1) * rate);
  padded.set(input);
  padded[input.length] = 0x01;
  padded[padded.length - 1] = (padded.at(-1) ?? 0) | 0x80;

  let lanes: bigint[] = new Array(25).fill(0n);
  const view = new DataView(padded.buffer);
  for (let at = 0; at < padded.length; at += rate) {
    for (let lane = 0; lane < rate / 8; lane++)
      lanes[lane] = get(lanes, lane) ^ view.getBigUint64(at + 8 * lane, true);
    lanes = permute(lanes);
  }
  const output = new Uint8Array(32);
  const outputView = new DataView(output.buffer);
  for (let lane = 0; lane < 4; lane++) outputView.setBigUint64(8 * lane, get(lanes, lane), true);
  return output;
}

function permute(input: bigint[]): bigint[] {
  let lanes = input;
  let lfsr = 1;
  for (let round = 0; round < 24; round++) {
    // theta
    const columns = [0, 1, 2, 3, 4].map((x) =>
      [0, 5, 10, 15, 20].reduce((sum, y) => sum ^ get(lanes, x + y), 0n),
    );
    lanes = lanes.map((lane, i) => lane ^ get(columns, (i + 4) % 5) ^ rotate(get(columns, (i + 1) % 5), 1));
    // rho and pi
    const moved = [...lanes];
    let [x, y] = [1, 0];
    for (let t = 0; t < 24; t++) {
      const from = x + 5 * y;
      [x, y] = [y, (2 * x + 3 * y) % 5];
      moved[x + 5 * y] = rotate(get(lanes, from), (((t + 1) * (t + 2)) / 2) % 64);
    }
    // chi
    lanes = moved.map((lane, i) => {
      const row = i - (i % 5);
      return lane ^ (BigInt.asUintN(64, ~get(moved, row + ((i + 1) % 5))) & get(moved, row + ((i + 2) % 5)));
    });
    // iota: the round constants' bits come from an 8-bit LFSR
    let constant = 0n;
    for (let j = 0; j < 7; j++) {
      if (lfsr & 1) constant |= 1n << BigInt(2 ** j - 1);
      lfsr = lfsr & 0x80 ? ((lfsr << 1) ^ 0x171) & 0xff : lfsr << 1;
    }
    lanes[0] = get(lanes, 0) ^ constant;
  }
  return lanes;
}

function rotate(lane: bigint, by: number): bigint {
  return BigInt.asUintN(64, (lane << BigInt(by)) | (lane >> BigInt(64 - by)));
}

function get(lanes: readonly bigint[], index: number): bigint {
  return lanes[index] ?? 0n;
}
