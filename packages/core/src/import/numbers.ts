/** A list of float64 that grows. */
export class Numbers {
  length = 0;
  private room = new Float64Array(1024);

  push(value: number): void {
    if (this.length === this.room.length) {
      const larger = new Float64Array(2 * this.room.length);
      larger.set(this.room);
      this.room = larger;
    }
    this.room[this.length++] = value;
  }

  /** A view: valid until the next `push`. */
  get values(): Float64Array {
    return this.room.subarray(0, this.length);
  }
}
