import type { Frame } from "../frame/frame.ts";
import { type ColumnValues, frameFromArrays } from "../frame/from-arrays.ts";
import { DEMOGRAPHICS } from "../prism/demographics.ts";
import { ATTRIBUTES } from "../scores/attributes.ts";
import { mergeAttributes } from "./merged-attributes.ts";
import { PRISM_MODELS } from "./models.ts";
import type { SimulatedPrism, SimulatedText } from "./simulate.ts";
import { groupsOf } from "./users.ts";

/**
 * The analysis table of simulated data, as `prismTable` would make it of their files: responses of first turns in English that are not
 * empty and have all scores.
 */
export function simulatedTable({ users, conversations }: SimulatedPrism): Frame {
  const groups = new Map(users.map((user) => [user.user_id, groupsOf(user)]));
  const rows = conversations
    .filter(({ english }) => english)
    .flatMap(({ conversation_id, user_id, conversation_type, turns: [first] }) =>
      first!.responses
        .filter((response) => !response.empty && !response.attributes.includes(Number.NaN))
        .map((response) => ({
          conversation_id,
          user_id,
          conversation_type,
          response,
          prompt: first!.prompt,
        })),
    );
  const texts: Record<string, ColumnValues> = {
    conversation_id: rows.map((row) => row.conversation_id),
    user_id: rows.map((row) => row.user_id),
    conversation_type: rows.map((row) => row.conversation_type),
    model_name: rows.map((row) => PRISM_MODELS[row.response.model]!.name),
  };
  const attributes = (suffix: string, of: (row: (typeof rows)[number]) => SimulatedText) => ({
    ...Object.fromEntries(
      ATTRIBUTES.map((name, k) => [name + suffix, Float64Array.from(rows, (row) => of(row).attributes[k]!)]),
    ),
    [`REASONING_NUANCE${suffix}`]: Float64Array.from(rows, (row) => mergeAttributes(of(row).attributes)[0]!),
  });
  return frameFromArrays(
    {
      ...texts,
      score: rows.map((row) => row.response.score),
      log_score: Float64Array.from(rows, (row) => Math.log(row.response.score)),
      highest: rows.map((row) => Number(row.response.if_chosen)),
      ...attributes("", (row) => row.response),
      ...attributes("_human", (row) => row.prompt),
      ...Object.fromEntries(
        DEMOGRAPHICS.map((name) => [name, Float64Array.from(rows, (row) => groups.get(row.user_id)![name])]),
      ),
    },
    "simulated",
  );
}
