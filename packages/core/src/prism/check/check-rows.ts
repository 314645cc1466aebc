import type { InputPlace } from "../../input-error.ts";
import { counted } from "../../scores/issues.ts";
import { oneLine } from "../../scores/one-line.ts";
import { EMPTY_RESPONSE } from "../schema.ts";
import type { PrismPlace, PrismRecord } from "./check-columns.ts";
import type { PrismFileName } from "./codebook.ts";
import type { Differences } from "./differences.ts";

interface Conversation {
  readonly user_id: unknown;
  readonly conversation_type: unknown;
  readonly place: PrismPlace;
  /** Of its first turn. */
  responses: number;
  opening: string | null;
}

const FIRST_TURN = { least: 2, most: 4 } as const;

/**
 * What holds between the rows of PRISM's files: ids are unique, what is named is there, first turns have 2 to 4 responses. A file that is
 * not there is given as such, and what it would tell is not looked for.
 */
export class RowChecks {
  readonly #differences: Differences;
  readonly #has: (file: PrismFileName) => boolean;
  readonly #lines = new Map<string, number>();
  readonly #users = new Set<unknown>();
  readonly #conversations = new Map<unknown, Conversation>();
  readonly #interactions = new Map<unknown, PrismPlace>();
  readonly #responses = new Set<unknown>();
  readonly #english = new Map<unknown, unknown>();
  readonly #active = new Set<unknown>();
  readonly #models = new Set<unknown>();
  #empty = 0;

  constructor(differences: Differences, has: (file: PrismFileName) => boolean) {
    this.#differences = differences;
    this.#has = has;
  }

  survey(record: PrismRecord, place: PrismPlace): void {
    if (this.#isNew("user_id", record, place)) this.#users.add(record.user_id);
  }

  conversation(record: PrismRecord, place: PrismPlace): void {
    if (!this.#isNew("conversation_id", record, place)) return;
    const { conversation_id, user_id, conversation_type } = record;
    this.#active.add(user_id);
    if (this.#has("survey") && !this.#users.has(user_id)) {
      this.#unknown("user_id", user_id, "survey.jsonl", place);
    }
    this.#conversations.set(conversation_id, {
      user_id,
      conversation_type,
      place,
      responses: 0,
      opening: null,
    });
  }

  utterance(record: PrismRecord, place: PrismPlace): void {
    if (!this.#isNew("utterance_id", record, place)) return;
    const { utterance_id, interaction_id, conversation_id, model_name, model_response, turn } = record;
    this.#responses.add(utterance_id);
    if (!this.#interactions.has(interaction_id)) this.#interactions.set(interaction_id, place);
    this.#models.add(model_name);
    if (model_response === EMPTY_RESPONSE) this.#empty++;
    const conversation = this.#conversations.get(conversation_id);
    if (conversation === undefined) {
      if (this.#has("conversations")) {
        this.#unknown("conversation_id", conversation_id, "conversations.jsonl", place);
      }
      return;
    }
    for (const column of ["user_id", "conversation_type"] as const) {
      if (record[column] === conversation[column]) continue;
      const words = (): string =>
        `is ${show(record[column])}, in conversations.jsonl conversation ${show(conversation_id)} has ${show(conversation[column])}`;
      this.#differences.add("other", place, words, column);
    }
    if (turn !== 0) return;
    conversation.responses++;
    if (typeof interaction_id === "string") conversation.opening ??= interaction_id;
  }

  text(record: PrismRecord, place: PrismPlace): void {
    const { column_id, interaction_id, utterance_id, en_flag } = record;
    if (column_id === "user_prompt") {
      if (!this.#isNew("interaction_id", record, place)) return;
      this.#english.set(interaction_id, en_flag);
      if (this.#has("utterances") && !this.#interactions.has(interaction_id)) {
        this.#unknown("interaction_id", interaction_id, "utterances.jsonl", place);
      }
    } else if (column_id === "model_response" && this.#has("utterances")) {
      if (!this.#responses.has(utterance_id)) {
        this.#unknown("utterance_id", utterance_id, "utterances.jsonl", place);
      }
    }
  }

  /** After the last row of the last file. */
  finish(): void {
    for (const [conversation_id, { responses, place }] of this.#conversations) {
      if (!this.#has("utterances")) break;
      if (responses >= FIRST_TURN.least && responses <= FIRST_TURN.most) continue;
      const words = (): string =>
        `conversation ${show(conversation_id)} has ${counted(responses, "response")} to its first prompt in utterances.jsonl, expected ${FIRST_TURN.least} to ${FIRST_TURN.most}`;
      this.#differences.add("first turn", place, words);
    }
    if (!this.#has("metadata")) return;
    for (const [interaction_id, place] of this.#interactions) {
      if (this.#english.has(interaction_id)) continue;
      const words = (): string => `${show(interaction_id)} has no prompt in metadata.jsonl`;
      this.#differences.add("no metadata", place, words, "interaction_id");
    }
  }

  get activeUsers(): number {
    return this.#active.size;
  }

  get interactions(): number {
    return this.#interactions.size;
  }

  get models(): number {
    return this.#models.size;
  }

  get emptyResponses(): number {
    return this.#empty;
  }

  /** Least and most responses of a first turn, of conversations that have one. */
  get firstTurns(): { readonly least: number; readonly most: number } {
    let [least, most] = [Infinity, 0];
    for (const { responses } of this.#conversations.values()) {
      if (responses === 0) continue;
      least = Math.min(least, responses);
      most = Math.max(most, responses);
    }
    return { least: most === 0 ? 0 : least, most };
  }

  /** Conversations whose first prompt is English (en_flag), with their users and types. */
  english(): {
    readonly users: number;
    readonly conversations: number;
    readonly of: (type: string) => number;
  } {
    const kept = [...this.#conversations.values()].filter(
      ({ opening }) => opening !== null && this.#english.get(opening) === true,
    );
    return {
      users: new Set(kept.map(({ user_id }) => user_id)).size,
      conversations: kept.length,
      of: (type) => kept.filter(({ conversation_type }) => conversation_type === type).length,
    };
  }

  /** False where the id is on an earlier row already. */
  #isNew(column: string, record: PrismRecord, place: PrismPlace): boolean {
    const key = `${place.file}\n${String(record[column])}`;
    const first = this.#lines.get(key);
    if (first === undefined) {
      this.#lines.set(key, place.line);
      return true;
    }
    const words = (): string => `is ${show(record[column])}, which line ${first} has already`;
    this.#differences.add("twice", place, words, column);
    return false;
  }

  #unknown(column: string, value: unknown, of: string, place: InputPlace & { readonly file: string }): void {
    this.#differences.add("unknown id", place, () => `is ${show(value)}, which is not in ${of}`, column);
  }
}

function show(value: unknown): string {
  return oneLine(JSON.stringify(value) ?? "missing");
}
