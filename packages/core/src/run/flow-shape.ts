import type { Flow, FlowStep } from "./run.ts";
import { count, finite, list, object, type Shape, text } from "./shape.ts";

const counts = object<FlowStep["dropped"]>({ users: count, conversations: count, responses: count });

/** flow.json */
export const flowShape: Shape<Flow> = object<Flow>({
  steps: list(
    object<FlowStep>(
      {
        step: text,
        reason: text,
        users: count,
        conversations: count,
        responses: count,
        dropped: counts,
        paper: object<NonNullable<FlowStep["paper"]>>(
          { users: finite, conversations: finite, responses: finite },
          ["users", "conversations", "responses"],
        ),
      },
      ["paper"],
    ),
  ),
  notes: list(text),
});
