/** Id of the element in which a single file has its data, see `packText`. */
export const DATA_ELEMENT = "report-data";
