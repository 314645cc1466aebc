/** An axis of an array beside chain and draw, with the labels of its positions: all texts, or all whole numbers. */
export interface Axis {
  readonly name: string;
  readonly labels: readonly string[] | readonly number[];
}

/** Variables that belong together: `b_x`, or `r_g` over the levels of g. */
export interface LabelledArray {
  readonly name: string;
  /** None for a scalar. */
  readonly axes: readonly Axis[];
  /** Indices of the variables, the last axis running fastest. */
  readonly variables: readonly number[];
}

const INDEXED = /^([^[\]]+)\[(.+)\]$/s;
const RESERVED = ["chain", "draw"];

/**
 * Variables as arrays with named axes, as ArviZ and xarray hold them, in the order of the first elements. `r_g[a,Intercept]` becomes
 * `r_g` over `g` (the levels), and over `g_coefficient` where there are several; `theta[1,2]` becomes `theta` over `theta_dim_0` and
 * `theta_dim_1`, ArviZ's names. Elements that do not fill a rectangle stay scalars under their whole names. `/`, which parts folders in
 * such files, becomes `|`.
 */
export function labelledArrays(variables: readonly string[]): LabelledArray[] {
  const parsed = variables.map((name) => {
    const [, base, indices] = INDEXED.exec(name) ?? [];
    return base === undefined ? undefined : { base, indices: splitIndices(base, indices!) };
  });
  const elements = new Map<string, { at: number; indices: readonly string[] }[]>();
  parsed.forEach((p, at) => {
    if (p === undefined) return;
    const own = elements.get(p.base);
    if (own === undefined) elements.set(p.base, [{ at, indices: p.indices }]);
    else own.push({ at, indices: p.indices });
  });
  const scalars = new Set(variables.filter((_, v) => parsed[v] === undefined));
  /** What an axis may not be called. */
  const reserved = new Set([...RESERVED, ...scalars, ...elements.keys()].map(netcdfName));
  const axes = new Map<string, string>();
  const arrays = new Map<string, LabelledArray | undefined>();
  for (const [base, own] of elements)
    arrays.set(base, scalars.has(base) ? undefined : rectangle(base, own, reserved, axes));
  const out = new Set<LabelledArray>();
  variables.forEach((name, v) => {
    const base = parsed[v]?.base;
    const array = base === undefined ? undefined : arrays.get(base);
    out.add(array ?? { name: netcdfName(name), axes: [], variables: [v] });
  });
  return [...out];
}

/** Levels may have commas, coefficients do not. */
function splitIndices(base: string, text: string): string[] {
  const comma = text.lastIndexOf(",");
  if (base.startsWith("r_") && comma > 0) return [text.slice(0, comma), text.slice(comma + 1)];
  return text.split(",");
}

function rectangle(
  base: string,
  elements: readonly { at: number; indices: readonly string[] }[],
  reserved: ReadonlySet<string>,
  taken: Map<string, string>,
): LabelledArray | undefined {
  const rank = elements[0]!.indices.length;
  if (elements.some(({ indices }) => indices.length !== rank)) return undefined;
  const labels = Array.from({ length: rank }, (_, d) => [...new Set(elements.map((e) => e.indices[d]!))]);
  const size = labels.reduce((product, l) => product * l.length, 1);
  if (size !== elements.length) return undefined;
  const places = labels.map((l) => new Map(l.map((label, i) => [label, i])));
  const variables = new Array<number>(size).fill(-1);
  for (const { at, indices } of elements) {
    const place = indices.reduce((sum, label, d) => sum * labels[d]!.length + places[d]!.get(label)!, 0);
    if (variables[place] !== -1) return undefined;
    variables[place] = at;
  }
  const isGroup = base.startsWith("r_") && rank === 2;
  const group = base.slice(2);
  const axes = labels.flatMap((own, d): Axis[] => {
    // one coefficient alone needs no axis
    if (isGroup && d === 1 && own.length === 1) return [];
    const wanted = isGroup ? (d === 0 ? group : `${group}_coefficient`) : `${base}_dim_${d}`;
    const key = own.join("\0");
    const name = [wanted, `${base}_dim_${d}`]
      .map(netcdfName)
      .find((n) => !reserved.has(n) && (taken.get(n) ?? key) === key);
    taken.set(name ?? `${base}_axis_${d}`, key);
    return [
      {
        name: name ?? `${base}_axis_${d}`,
        labels: own.every((l) => /^(0|[1-9]\d{0,14})$/.test(l)) ? own.map(Number) : own,
      },
    ];
  });
  return { name: netcdfName(base), axes, variables };
}

const netcdfName = (name: string): string => name.replaceAll("/", "|");
