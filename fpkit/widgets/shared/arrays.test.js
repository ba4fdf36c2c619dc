import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, slice } from "./arrays.js";

const packed = (raw) => Buffer.from(raw.buffer).toString("base64");

test("float32 comes back as it was", () => {
  const raw = Float32Array.of(1.5, -2, 1e-30, 4);
  const { values, shape } = decode({ dtype: "float32", shape: [2, 2], data: packed(raw) });
  assert.deepEqual(values, raw);
  assert.deepEqual(shape, [2, 2]);
});

test("int16 are differences along a row, which wrap around", () => {
  const raw = Int16Array.of(30000, 10000, -5, 7, 1, 1); // 30000 + 10000 is -25536
  const { values } = decode({ dtype: "int16", shape: [2, 3], scale: 0.5, offset: 1, data: packed(raw) });
  assert.deepEqual([...values], [30000, -25536, -25541, 7, 8, 9].map((whole) => whole * 0.5 + 1));
});

test("grey levels are whole numbers", () => {
  assert.deepEqual([...decode({ dtype: "uint8", shape: [3], data: packed(Uint8Array.of(0, 128, 255)) }).values], [0, 128, 255]);
});

test("a list is an array of one dimension", () => {
  assert.deepEqual(decode([1, 2]), { values: Float32Array.of(1, 2), shape: [2] });
});

test("a kind that is not known", () => {
  assert.throws(() => decode(/** @type {any} */ ({ dtype: "int64", shape: [1], data: "" })), /cannot decode an array of int64/);
});

test("a part of an array, under its leading indices", () => {
  const tensor = { values: Float32Array.from({ length: 24 }, (_, i) => i), shape: [2, 3, 4] };
  assert.deepEqual([...slice(tensor, 1, 2)], [20, 21, 22, 23]);
  assert.equal(slice(tensor, 1).length, 12);
  assert.equal(slice(tensor).length, 24);
});
