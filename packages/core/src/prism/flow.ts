import type { Flow, FlowStep } from "../run/run.ts";
import { CONVERSATION_TYPES, type ConversationType } from "./schema.ts";

/** flow.json of `prism table`. */
export interface PrismFlow extends Flow {
  /** Whether the data are simulated. */
  readonly simulated: boolean;
  /** What is left after the last step, by type of conversation. */
  readonly byType: readonly TypeCounts[];
}

export interface Counts {
  readonly users: number;
  readonly conversations: number;
  readonly responses: number;
}

export interface TypeCounts extends Counts {
  readonly conversation_type: ConversationType;
  readonly paper: Partial<Counts>;
}

/** PRISM as published (Kirk et al. 2024); PAPER's text gives its users and conversations as well. */
export const PRISM_COUNTS = { users: 1396, conversations: 8011, responses: 68371 } as const;
/** PAPER: English, first turn. */
export const PAPER_COUNTS = { users: 1394, conversations: 7960 } as const;
export const PAPER_CONVERSATIONS: Readonly<Record<ConversationType, number>> = {
  unguided: 3093,
  "values guided": 2440,
  "controversy guided": 2427,
};

interface Row {
  readonly user_id: string;
  readonly conversation_id: string;
  readonly conversation_type: ConversationType;
}

/** Filters rows step by step and writes down what each step leaves and drops. */
export class FlowSteps<T extends Row> {
  readonly steps: FlowStep[];
  #rows: readonly T[];

  /** `all`: counts before any step, of which `rows`, the first step's, are a part. */
  constructor(all: { readonly step: string; readonly reason: string; readonly counts: Counts }) {
    const { step, reason, counts } = all;
    const dropped = { users: 0, conversations: 0, responses: 0 };
    this.steps = [{ step, reason, ...counts, dropped, paper: PRISM_COUNTS }];
    this.#rows = [];
  }

  get rows(): readonly T[] {
    return this.#rows;
  }

  keep(step: string, reason: string, rows: readonly T[], paper?: Partial<Counts>): void {
    const before = this.steps.at(-1)!;
    const counts = countRows(rows);
    const dropped = {
      users: before.users - counts.users,
      conversations: before.conversations - counts.conversations,
      responses: before.responses - counts.responses,
    };
    this.steps.push({ step, reason, ...counts, dropped, ...(paper && { paper }) });
    this.#rows = rows;
  }
}

export function countByType(rows: readonly Row[]): TypeCounts[] {
  return CONVERSATION_TYPES.map((conversation_type) => ({
    conversation_type,
    ...countRows(rows.filter((row) => row.conversation_type === conversation_type)),
    paper: { conversations: PAPER_CONVERSATIONS[conversation_type] },
  }));
}

function countRows(rows: readonly Row[]): Counts {
  return {
    users: new Set(rows.map((row) => row.user_id)).size,
    conversations: new Set(rows.map((row) => row.conversation_id)).size,
    responses: rows.length,
  };
}
