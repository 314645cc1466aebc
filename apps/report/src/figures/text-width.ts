/**
 * Width of a line of text in px, by kinds of characters: Inter's mean advance widths (units of 1/2048 em in its `hmtx` table, rounded up),
 * a little wide for the system's own faces. Layout needs it before anything is drawn, in Node as in a page.
 */
export function textWidth(text: string, size = 12, bold = false): number {
  let em = 0;
  for (const c of text)
    em += /[ilI.,:;|!'`()[\]jft\s]/.test(c)
      ? 0.33
      : /[MW@%mw]/.test(c)
        ? 0.88
        : /[A-Z]/.test(c)
          ? 0.69
          : /[\u0020-\u024f]/.test(c)
            ? 0.6
            : 1;
  return em * size * (bold ? 1.06 : 1);
}

/** The text, cut to fit; its end goes. */
export function fitText(text: string, width: number, size = 12, bold = false): string {
  if (textWidth(text, size, bold) <= width) return text;
  const letters = [...text];
  while (letters.length > 1 && textWidth(`${letters.join("")}…`, size, bold) > width) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

/** Words in lines of at most that width; a longer word is cut. */
export function wrapText(text: string, width: number, size = 12, bold = false): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((w) => w !== "")) {
    const joined = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && textWidth(joined, size, bold) <= width) lines[lines.length - 1] = joined;
    else lines.push(fitText(word, width, size, bold));
  }
  return lines.length > 0 ? lines : [""];
}
