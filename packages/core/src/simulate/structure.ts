import { STRUCTURE } from "./prism-structure.generated.ts";

/** One of PRISM's conversations: c0, c1, … in order. */
export interface StructureRow {
  readonly conversation_id: string;
  readonly user_id: string;
  /** Responses of the first turn, 2 to 4. */
  readonly responses: number;
}

/** A conversation takes three digits to base 36: 3 user + responses - 2. */
const DIGITS = 3;
const LEAST = 2;
const CHOICES = 3;

/** PRISM's real nesting, from fixtures/data/prism-structure.csv (CC-BY-4.0, Kirk et al. 2024, doi:10.57967/hf/2113). */
export function prismStructure(): StructureRow[] {
  return decodeStructure(STRUCTURE.join(""));
}

export function decodeStructure(code: string): StructureRow[] {
  return Array.from({ length: code.length / DIGITS }, (_, i) => {
    const value = Number.parseInt(code.slice(DIGITS * i, DIGITS * (i + 1)), 36);
    return {
      conversation_id: `c${i}`,
      user_id: `user${Math.floor(value / CHOICES)}`,
      responses: LEAST + (value % CHOICES),
    };
  });
}

export function encodeStructure(rows: readonly StructureRow[]): string {
  return rows
    .map(({ conversation_id, user_id, responses }, i) => {
      const user = Number(user_id.slice("user".length));
      const choice = responses - LEAST;
      if (conversation_id !== `c${i}` || !(user >= 0) || !(choice >= 0 && choice < CHOICES)) {
        throw new TypeError(`row ${i + 1} has no code: ${conversation_id}, ${user_id}, ${responses}`);
      }
      return (CHOICES * user + choice).toString(36).padStart(DIGITS, "0");
    })
    .join("");
}
