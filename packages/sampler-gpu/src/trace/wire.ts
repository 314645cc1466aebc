const UTF8 = new TextEncoder();

/** One message in protocol buffers' wire format (https://protobuf.dev/programming-guides/encoding/), field by field. */
export class Message {
  private readonly parts: Uint8Array[] = [];
  private length = 0;

  /** An integer, a boolean or an enum. */
  integer(field: number, value: number): this {
    return this.push(varint(field << 3)).push(varint(value));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.push(varint((field << 3) | 5)).push(bytes);
  }

  bytes(field: number, value: Uint8Array | string): this {
    const bytes = typeof value === "string" ? UTF8.encode(value) : value;
    return this.push(varint((field << 3) | 2))
      .push(varint(bytes.length))
      .push(bytes);
  }

  /** Repeated integers or enums, packed. */
  integers(field: number, values: readonly number[]): this {
    const packed = new Message();
    for (const value of values) packed.push(varint(value));
    return this.message(field, packed);
  }

  message(field: number, value: Message): this {
    this.push(varint((field << 3) | 2)).push(varint(value.length));
    for (const part of value.parts) this.push(part);
    return this;
  }

  messages(field: number, values: readonly Message[]): this {
    for (const value of values) this.message(field, value);
    return this;
  }

  /** A map with strings as keys: entries in the keys' order, so that equal maps are equal bytes. */
  map<A>(
    field: number,
    entries: Readonly<Record<string, A>>,
    put: (entry: Message, value: A) => Message,
  ): this {
    for (const key of Object.keys(entries).sort())
      this.message(field, put(new Message().bytes(1, key), entries[key] as A));
    return this;
  }

  finish(): Uint8Array {
    const out = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }

  private push(part: Uint8Array): this {
    this.parts.push(part);
    this.length += part.length;
    return this;
  }
}

/** Seven bits a byte, least first; negative numbers as 64-bit two's complement. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
