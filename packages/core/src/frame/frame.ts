/** A numeric column; a missing value is NaN. */
export interface NumericColumn {
  readonly type: "numeric";
  readonly name: string;
  /** [rows] */
  readonly values: Float64Array;
  /**
   * Text of the cells that hold no finite number and are not missing either (`NaN`, `Inf`), by row; absent
   * where there are none. Their `values` are NaN or infinite. A model that uses the column refuses them.
   */
  readonly invalid?: ReadonlyMap<number, string>;
}

/** A factor: `codes` index into `levels`; a missing value is -1. */
export interface FactorColumn {
  readonly type: "factor";
  readonly name: string;
  readonly levels: readonly string[];
  /** [rows] */
  readonly codes: Int32Array;
}

export type Column = NumericColumn | FactorColumn;

/** A columnar table in memory. */
export interface Frame {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Column>;
  /** Name of the file or source, for messages. */
  readonly source: string;
  /** [rows] line of each row in the source (from 1), where it has lines. */
  readonly lines?: Int32Array;
}
