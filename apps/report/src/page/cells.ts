import { fixed, whole } from "../rounding.ts";
import type { Cell } from "./table.ts";

/** A number rounded for the eye, whole for sorting and files. */
export const num = (value: number | null | undefined, digits: number, mark?: string): Cell => ({
  text: fixed(value, digits),
  value: value ?? undefined,
  mark,
});

export const count = (value: number | null | undefined): Cell => ({
  text: whole(value),
  value: value ?? undefined,
});

export const numeric = (name: string, group?: string) => ({
  name,
  numeric: true,
  ...(group !== undefined && { group }),
});

export const textual = (name: string, group?: string) => ({
  name,
  numeric: false,
  ...(group !== undefined && { group }),
});

/** An interval in one cell; its ends are two numbers in files. */
export const interval = (lower: number | null, upper: number | null, digits: number): Cell => ({
  text: lower === null || upper === null ? "–" : `${fixed(lower, digits)} to ${fixed(upper, digits)}`,
  value: lower ?? undefined,
  parts: [lower, upper],
});

export const intervalColumn = (name: string, group?: string) => ({
  ...numeric(name, group),
  parts: [`${name}, lower`, `${name}, upper`],
});
