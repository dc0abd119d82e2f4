// Draws the mark as the PNG icons of an installed page, from our own mark.svg.
//
// Decided here: phones ask for PNG, and the mark is one arc and one point, so they are drawn pixel by pixel
// (distance to the line, four by four samples) and written with Node's own zlib: no picture is kept in the
// repository and no drawing program is needed.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";

const GRID = 24;
const SAMPLES = 4;
const PAGE = [0xf3, 0xf5, 0xf6];
// [name, pixels, how much of the picture the mark fills]: a mask may cut all but the middle four fifths.
const ICONS = [
  ["icon-180.png", 180, 0.74],
  ["icon-192.png", 192, 0.8],
  ["icon-512.png", 512, 0.8],
  ["icon-maskable-512.png", 512, 0.6],
];

export function appIcons(source, folder) {
  const mark = read(readFileSync(source, "utf8"));
  for (const [name, size, fill] of ICONS) writeFileSync(join(folder, name), png(size, (x, y) => color(mark, size, fill, x, y)));
}

function read(svg) {
  const [, x1, y1, r, x2, y2] = svg.match(/M([\d.]+) ([\d.]+)A([\d.]+) [\d.]+ 0 1 0 ([\d.]+) ([\d.]+)/).map(Number);
  const [, cx, cy, point] = svg.match(/circle cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"/).map(Number);
  const width = Number(svg.match(/stroke-width="([\d.]+)"/)[1]);
  const [line, dot] = [...svg.matchAll(/#([0-9A-F]{6})/g)].map((found) => rgb(found[1]));
  const center = centerOf(x1, y1, x2, y2, r);
  return { ...center, r, half: width / 2, ends: [[x1, y1], [x2, y2]], cx, cy, point, line, dot };
}

// The larger arc from the first end to the second, against the clock: its center lies left of the chord.
function centerOf(x1, y1, x2, y2, r) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const chord = Math.hypot(dx, dy);
  const off = Math.sqrt(Math.max(r * r - (chord * chord) / 4, 0)) / chord;
  return { x0: (x1 + x2) / 2 - dy * off, y0: (y1 + y2) / 2 + dx * off };
}

function color(mark, size, fill, px, py) {
  const sum = [0, 0, 0];
  for (let i = 0; i < SAMPLES; i += 1)
    for (let j = 0; j < SAMPLES; j += 1) {
      const at = (pixel, step) => ((pixel + (step + 0.5) / SAMPLES) / size - 0.5) * (GRID / fill) + GRID / 2;
      sample(mark, at(px, i), at(py, j)).forEach((value, part) => (sum[part] += value));
    }
  return sum.map((value) => Math.round(value / SAMPLES ** 2));
}

function sample(mark, x, y) {
  if (Math.hypot(x - mark.cx, y - mark.cy) <= mark.point) return mark.dot;
  const away = Math.hypot(x - mark.x0, y - mark.y0);
  const onLine = Math.abs(away - mark.r) <= mark.half && !inGap(mark, x, y);
  const onEnd = mark.ends.some(([ex, ey]) => Math.hypot(x - ex, y - ey) <= mark.half);
  return onLine || onEnd ? mark.line : PAGE;
}

function inGap(mark, x, y) {
  const turn = (px, py) => Math.atan2(py - mark.y0, px - mark.x0);
  const [from, to] = mark.ends.map(([ex, ey]) => turn(ex, ey));
  const here = turn(x, y);
  return here > from && here < to;
}

function rgb(hex) {
  return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

function png(size, colorAt) {
  const rows = Buffer.alloc(size * (size * 3 + 1));
  for (let y = 0, at = 0; y < size; y += 1) {
    rows[at++] = 0;
    for (let x = 0; x < size; x += 1) for (const part of colorAt(x, y)) rows[at++] = part;
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const parts = [chunk("IHDR", head), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), ...parts]);
}

function chunk(kind, body) {
  const named = Buffer.concat([Buffer.from(kind, "latin1"), body]);
  const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  size.writeUInt32BE(body.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([size, named, sum]);
}
