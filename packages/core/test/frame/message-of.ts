import { InputError } from "../../src/input-error.ts";

/** The one-line message of the InputError that `act` throws; any other error is thrown on, none is a failure. */
export function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (error.message.includes("\n")) throw new Error(`more than one line: ${error.message}`);
    return error.message;
  }
  throw new Error("nothing was thrown");
}
