import { randomStream } from "../packages/core/src/simulate/random.ts";

/**
 * Ratings of a simulated crossed design: raters with an sd of 0.9, items with 0.6, `predictors` standard normal columns x1, x2, … with
 * coefficients 0.4, -0.3, 0.2, 0.4, …, of which x2 belongs to the item, and x_yes to the rater. Some raters rate much more than others,
 * some items are seen much more often (shares log-normal, 0.7 on the log scale). Returns columns by name, `score` and `chosen` among
 * them. Every rater and item occurs where there are as many rows.
 */
export function crossedDesign({ raters, items, rows, predictors, seed }) {
  const { normal, uniform } = randomStream(seed, "crossed design");
  const effects = (levels, sd) => Array.from({ length: levels }, () => sd * normal());
  const rater = effects(raters, 0.9);
  const item = effects(items, 0.6);
  const ofItem = effects(items, 1);
  const ofRater = Array.from({ length: raters }, () => (uniform() < 0.5 ? 1 : 0));
  const pickRater = unequalShares(raters, normal);
  const pickItem = unequalShares(items, normal);
  const names = Array.from({ length: predictors }, (_, k) => `x${k + 1}`);
  const columns = {
    rater: [],
    item: [],
    ...Object.fromEntries(names.map((name) => [name, []])),
    x_yes: [],
    score: [],
    chosen: [],
  };
  for (let i = 0; i < rows; i++) {
    const r = i < raters ? i : pickRater(uniform());
    const j = i < items ? i : pickItem(uniform());
    let eta = 0.3 + 0.25 * ofRater[r] + rater[r] + item[j];
    names.forEach((name, k) => {
      const x = k === 1 ? ofItem[j] : normal();
      eta += [0.4, -0.3, 0.2][k % 3] * x;
      columns[name].push(x);
    });
    columns.rater.push(`r${r}`);
    columns.item.push(`i${j}`);
    columns.x_yes.push(ofRater[r]);
    columns.score.push(eta + 1.2 * normal());
    columns.chosen.push(uniform() < 1 / (1 + Math.exp(-eta)) ? 1 : 0);
  }
  return columns;
}

/** From a uniform number to a level; the levels' shares are log-normal. */
function unequalShares(levels, normal) {
  let sum = 0;
  const cumulative = Array.from({ length: levels }, () => {
    sum += Math.exp(0.7 * normal());
    return sum;
  });
  return (u) => {
    let low = 0;
    let high = levels - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] < u * sum) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
