declare module "svg-to-pdfkit" {
  export default function SVGtoPDF(
    document: PDFKit.PDFDocument,
    svg: string,
    x: number,
    y: number,
    options?: {
      readonly width?: number;
      readonly height?: number;
      readonly fontCallback?: (family: string, bold: boolean, italic: boolean) => string;
    },
  ): void;
}
