/** A text in lines of at most `width` characters, broken at spaces; lines after the first begin with `indent`. */
export function wrap(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length > width && line.trim() !== "") {
      lines.push(line);
      line = indent + word;
    } else line = longer;
  }
  return [...lines, line];
}
