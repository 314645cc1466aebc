import { expect, test } from "vitest";
import type { ConversationType } from "../../src/prism/index.ts";
import { randomStream } from "../../src/simulate/random.ts";
import { drawNotEnglish, drawTypes } from "../../src/simulate/types.ts";

test("a user has the three types in turn, but for the few that are moved", () => {
  const users = Array.from({ length: 600 }, (_, i) => `user${Math.floor(i / 6)}`);
  const types = drawTypes(randomStream(1, "types"), users);
  const count = (type: ConversationType) => types.filter((t) => t === type).length;
  // 600 of 8,011 in PRISM's proportions.
  expect([count("unguided"), count("values guided"), count("controversy guided")]).toEqual([233, 184, 183]);
  const even = Array.from({ length: 100 }, (_, u) => types.slice(6 * u, 6 * u + 6)).filter(
    (own) => own.filter((t) => t === "values guided").length === 2,
  );
  expect(even.length).toBeGreaterThan(60);
});

test("only users chosen to be lost lose all their conversations", () => {
  const single = Array.from({ length: 100 }, (_, i) => `user${i}`);
  const users = [...single, ...Array.from({ length: 100 }, () => "busy")];
  for (let seed = 0; seed < 20; seed++) {
    const types = drawTypes(randomStream(seed, "types"), users);
    // At this size nobody is lost, and one conversation of each type is not English.
    const chosen = [...drawNotEnglish(randomStream(seed, "language"), users, types)];
    expect(chosen.map((i) => users[i])).toEqual(["busy", "busy", "busy"]);
    expect(new Set(chosen.map((i) => types[i])).size).toBe(3);
  }
});
