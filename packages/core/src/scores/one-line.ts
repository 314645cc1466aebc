const LONGEST = 60;

/** A name or value from a file as a message shows it: on one line, and not longer than a message can be. */
export function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 3)}...` : line;
}
