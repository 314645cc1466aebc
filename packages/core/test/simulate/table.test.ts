import { expect, test } from "vitest";
import { prismTable } from "../../src/prism/index.ts";
import { readScores } from "../../src/scores/index.ts";
import { simulatedFiles, simulatedTable, simulatePrism } from "../../src/simulate/index.ts";

test("the table of simulated data is the one that their files give", async () => {
  const data = simulatePrism({ seed: 3, scale: 0.05 });
  const texts = new Map(simulatedFiles(data).map(({ name, text }) => [name, [...text]]));
  const file = (name: string) => ({ file: name, text: texts.get(name)! });
  const { table } = await prismTable({
    survey: file("survey.jsonl"),
    conversations: file("conversations.jsonl"),
    utterances: file("utterances.jsonl"),
    metadata: file("metadata.jsonl"),
    scores: await readScores(texts.get("scores.csv")!, "scores.csv"),
  });
  const direct = simulatedTable(data);
  expect(direct.rows).toBe(table.rows);
  expect(table.rows).toBeGreaterThan(1000);
  expect([...direct.columns.keys()]).toEqual([...table.columns.keys()]);
  for (const [name, column] of direct.columns) {
    const other = table.columns.get(name)!;
    if (column.type === "numeric") expect(column, name).toEqual(other);
    else {
      const cells = ({ levels, codes }: typeof column) => Array.from(codes, (code) => levels[code]);
      expect(cells(column), name).toEqual(cells(other as typeof column));
    }
  }
});
