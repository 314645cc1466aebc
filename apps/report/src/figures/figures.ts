import type { ReportData } from "../report-data.ts";
import { coefficientFigure } from "./coefficient-figure.ts";
import type { Figure } from "./figure.ts";
import { analysesOf, figureId } from "./fits.ts";

/** The figures that the data give, in the order of the pages. */
export function figuresOf(data: ReportData): Figure[] {
  return analysesOf(data).map((a) =>
    coefficientFigure({ id: figureId(a.id), page: "findings", title: a.title, fits: a.fits, by: "subset" }),
  );
}
