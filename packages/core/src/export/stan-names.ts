/** A name with its indices: `r_g[a,Intercept]` is `r_g` and [`a,Intercept`]. */
const INDEXED = /^([^[\]]+)\[(.+)\]$/s;
/** What Stan allows: a letter, then letters, digits and underscores; two at the end are the sampler's own. */
const VALID = /^[A-Za-z][A-Za-z0-9_]*(?<!__)$/;

/**
 * Names for a Stan CSV file, in the same order, every one different: valid identifiers with indices behind dots. Whole-number indices
 * stay, `theta[1,2]` is `theta.1.2`, where they are all of an array's and come with the first one fastest, as Stan writes them. Elements
 * of other arrays are numbered in their order (`r_g[a,Intercept]` is `r_g.1`). What Stan does not allow in a name becomes `_`.
 */
export function stanNames(variables: readonly string[]): string[] {
  const arrays = new Map<string, { at: number; indices: string }[]>();
  variables.forEach((name, at) => {
    const [, base, indices] = INDEXED.exec(name) ?? [];
    if (base === undefined || indices === undefined) return;
    const elements = arrays.get(base);
    if (elements === undefined) arrays.set(base, [{ at, indices }]);
    else elements.push({ at, indices });
  });
  const taken = new Set<string>();
  const free = (wanted: string): string => {
    let name = wanted;
    for (let k = 2; taken.has(name); k++) name = `${wanted}_${k}`;
    taken.add(name);
    return name;
  };
  const bases = new Map<string, string>();
  const out: string[] = [];
  variables.forEach((name, at) => {
    const base = INDEXED.exec(name)?.[1];
    if (base === undefined) out[at] = free(identifier(name));
    else if (!bases.has(base)) bases.set(base, free(identifier(base)));
  });
  for (const [base, elements] of arrays) {
    const whole = isStanArray(elements.map(({ indices }) => indices));
    elements.forEach(({ at, indices }, k) => {
      out[at] = `${bases.get(base)}.${whole ? indices.replaceAll(",", ".") : k + 1}`;
    });
  }
  return out;
}

/** `b.1.2` as Stan's other programs show it, `b[1,2]`; other names as they are. */
export function squareBrackets(stanName: string): string {
  const [, base, indices] = /^(.+?)((?:\.\d+)+)$/.exec(stanName) ?? [];
  return base === undefined ? stanName : `${base}[${indices!.slice(1).replaceAll(".", ",")}]`;
}

function identifier(name: string): string {
  if (VALID.test(name)) return name;
  const allowed = name.replace(/[^A-Za-z0-9_]/g, "_").replace(/_+$/, (end) => (end.length > 1 ? "_" : end));
  return VALID.test(allowed) ? allowed : `v_${allowed}`.replace(/_+$/, "");
}

/** Whether the indices are those of a whole array in Stan's order. */
function isStanArray(indices: readonly string[]): boolean {
  const cells = indices.map((text) => text.split(",").map((i) => (/^[1-9]\d{0,8}$/.test(i) ? Number(i) : 0)));
  const size = cells.at(-1)!;
  if (size.reduce((a, b) => a * b, 1) !== cells.length) return false;
  return cells.every((cell, k) => {
    let rest = k;
    return (
      cell.length === size.length &&
      cell.every((i, d) => {
        const expected = (rest % size[d]!) + 1;
        rest = Math.floor(rest / size[d]!);
        return i === expected;
      })
    );
  });
}
