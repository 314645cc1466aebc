/**
 * How draws become an Arrow IPC file piece by piece: the head, record batches of a fixed number of draws of every chain (the last may
 * be shorter), and the tail with the footer. Where a batch begins depends on its number alone, so that a file cut back to whole
 * batches can be gone on with, and the bytes are the same as if it had been written in one go.
 *
 * apache-arrow is loaded at first use, see `arrow.ts`.
 */
import type { RecordBatch } from "apache-arrow";

export const CHAIN = ".chain";
export const ITERATION = ".iteration";
/** First and last bytes of an Arrow IPC file: https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format. */
export const MAGIC = "ARROW1";

/** Values in a batch, at most … */
const MOST_VALUES = 1 << 19;
/** … and draws of a chain. */
const MOST_DRAWS = 1024;

export interface DrawsFormat {
  /** Draws of each chain in a whole batch. */
  readonly draws: number;
  /** Bytes of the file after so many whole batches. */
  bytesAfter(batches: number): number;
  /** What comes before the first batch. */
  readonly head: Uint8Array;
  /** A batch: `values` [variables][chains][draws], `before`: draws of each chain in earlier batches. */
  batch(values: Float64Array, draws: number, before: number): Uint8Array;
  /** What comes after the last batch of a file with so many draws of each chain. */
  tail(draws: number): Uint8Array;
}

type RecordBatchData = RecordBatch["data"];

/** `metadata`: texts that the file's schema carries. */
export async function drawsFormat(
  variables: readonly string[],
  chains: number,
  metadata: ReadonlyMap<string, string> = new Map(),
): Promise<DrawsFormat> {
  const {
    Field,
    Float64,
    Int32,
    makeData,
    MetadataVersion,
    RecordBatch,
    RecordBatchStreamWriter,
    Schema,
    Struct,
    Table,
    tableToIPC,
  } = await import("apache-arrow");
  const { FileBlock, Footer } = await import("apache-arrow/ipc/metadata/file");
  const fields = [
    new Field(CHAIN, new Int32(), false),
    new Field(ITERATION, new Int32(), false),
    ...variables.map((name) => new Field(name, new Float64(), false)),
  ];
  const schema = new Schema(fields, new Map(metadata));
  const most = Math.max(1, Math.min(MOST_DRAWS, Math.floor(MOST_VALUES / (chains * fields.length))));

  // a stream is the schema's message, the batches' and 8 bytes that end it
  const schemaMessage = tableToIPC(new Table(schema, []), "stream").slice(0, -END.length);
  // apache-arrow's constructors of tables and batches look for every column among all of the schema's: half a second for 10,000
  const empty = new RecordBatch(
    new Schema([]),
    makeData({ type: new Struct([]), length: 0, nullCount: 0, children: [] }),
  );
  const stream = (data: RecordBatchData): Uint8Array => {
    const writer = new RecordBatchStreamWriter();
    writer.write(Object.assign(Object.create(RecordBatch.prototype), empty, { schema, data }));
    writer.finish();
    return writer.toUint8Array(true);
  };
  const head = new Uint8Array(8 + schemaMessage.length);
  head.set(new TextEncoder().encode(MAGIC));
  head.set(schemaMessage, 8);

  const batch = (values: Float64Array, draws: number, before: number): Uint8Array => {
    const rows = chains * draws;
    const chain = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / draws) + 1);
    const iteration = Int32Array.from({ length: rows }, (_, row) => before + (row % draws) + 1);
    const children = [
      makeData({ type: new Int32(), data: chain }),
      makeData({ type: new Int32(), data: iteration }),
      ...variables.map((_, v) =>
        makeData({ type: new Float64(), data: values.subarray(v * rows, (v + 1) * rows) }),
      ),
    ];
    const data = makeData({ type: new Struct(fields), length: rows, nullCount: 0, children });
    return stream(data).subarray(schemaMessage.length, -END.length);
  };
  /** Bytes of a batch's message and of its body. */
  const sizeOf = (draws: number): { readonly message: number; readonly body: number } => {
    const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;
    const rows = chains * draws;
    const body = 2 * padded(4 * rows) + variables.length * 8 * rows;
    return { message: batch(new Float64Array(variables.length * chains), 1, 0).length - bodyOfOne, body };
  };
  const bodyOfOne = 2 * (Math.ceil((4 * chains) / 8) * 8) + variables.length * 8 * chains;
  const whole = sizeOf(most);
  const bytesAfter = (batches: number): number => head.length + batches * (whole.message + whole.body);

  const tail = (draws: number): Uint8Array => {
    const blocks = [];
    for (let from = 0, i = 0; from < draws; from += most, i++) {
      const { message, body } = draws - from < most ? sizeOf(draws - from) : whole;
      blocks.push(new FileBlock(message, body, bytesAfter(i)));
    }
    const footer = Footer.encode(new Footer(schema, MetadataVersion.V5, blocks, []));
    const bytes = new Uint8Array(END.length + footer.length + 4 + MAGIC.length);
    bytes.set(END);
    bytes.set(footer, END.length);
    new DataView(bytes.buffer).setInt32(END.length + footer.length, footer.length, true);
    bytes.set(new TextEncoder().encode(MAGIC), bytes.length - MAGIC.length);
    return bytes;
  };
  return { draws: most, bytesAfter, head, batch, tail };
}

/** A continuation mark and length 0: no further message. */
const END = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);
