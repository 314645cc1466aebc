import { readPriors } from "./fit-settings.ts";
import type { PlannedSensitivity, SensitivityVariation } from "./plan.ts";
import { readDerived } from "./planned-columns.ts";
import { fillEach, type Sets } from "./template.ts";
import type { YamlFields, YamlValue } from "./yaml-text.ts";

const VARIATIONS = ["priors", "leave-one-out", "noise"] as const;
const KEYS = ["id", "title", "of", ...VARIATIONS] as const;

/** An entry as read, with the fits that it names at their places. */
export interface ReadSensitivity {
  readonly sensitivity: PlannedSensitivity;
  readonly id: YamlValue;
  readonly of: readonly YamlValue[];
}

/** One entry of `sensitivity`, which varies one thing. */
export function readSensitivity(entry: YamlValue, sets: Sets): ReadSensitivity {
  const fields = entry.fields(KEYS);
  const id = fields.need("id");
  const of = fields.need("of").items();
  return {
    sensitivity: {
      id: id.text(),
      title: fields.need("title").text(),
      of: of.map((fit) => fit.text()),
      vary: readVary(entry, fields, sets),
      line: entry.line,
    },
    id,
    of,
  };
}

function readVary(
  entry: YamlValue,
  fields: YamlFields<(typeof KEYS)[number]>,
  sets: Sets,
): SensitivityVariation {
  const given = VARIATIONS.filter((key) => fields.get(key) !== undefined);
  if (given.length !== 1)
    entry.fail(
      `${entry.name} has ${given.length === 0 ? "none" : given.join(" and ")} of ${VARIATIONS.join(", ")}; give one`,
    );
  const kind = given[0]!;
  const value = fields.need(kind);
  switch (kind) {
    case "priors":
      return { kind, priors: value.items().map(readPriors) };
    case "leave-one-out":
      return { kind, column: value.text() };
    case "noise":
      return readNoise(value, sets);
  }
}

function readNoise(value: YamlValue, sets: Sets): SensitivityVariation {
  const fields = value.fields(["columns", "sd", "seeds", "derive"]);
  const derive = fields.get("derive");
  return {
    kind: "noise",
    columns: fields
      .need("columns")
      .items()
      .flatMap((item) => fillEach(item, item.text(), sets)),
    sds: fields
      .need("sd")
      .items()
      .map((sd) => {
        const size = sd.number();
        return size > 0 ? size : sd.fail(`${sd.name} is ${size}; a standard deviation is above 0`);
      }),
    seeds: fields
      .get("seeds")
      ?.items()
      .map((seed) => seed.whole(0)) ?? [1],
    derive: derive === undefined ? [] : readDerived(derive),
  };
}
