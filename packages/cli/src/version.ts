/** Of this package; package.json says the same (tested). */
export const version = "0.0.0";
