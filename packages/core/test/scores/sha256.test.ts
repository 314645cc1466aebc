import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { sha256Hex } from "../../src/scores/index.ts";

test("FIPS 180-4's example", () => {
  expect(sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test("agrees with OpenSSL at every length around the blocks, and beyond ASCII", () => {
  const texts = [
    "é😀\ud800",
    "x".repeat(100_000),
    ...Array.from({ length: 200 }, (_, n) => "aé".repeat(n).slice(0, n)),
  ];
  for (const text of texts) {
    expect(sha256Hex(text)).toBe(createHash("sha256").update(text, "utf8").digest("hex"));
  }
});
