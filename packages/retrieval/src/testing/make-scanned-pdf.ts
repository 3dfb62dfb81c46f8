import { drawnTexts, makeRawPdf } from './make-raw-pdf.ts';

/** A PDF of one page that is a picture of these lines, like a scan. */
export async function makeScannedPdf(lines: readonly string[]): Promise<Uint8Array> {
  const content = drawnTexts(lines.map((text, at) => ({ text, x: 72, y: 700 - at * 30, size: 16 })));
  const { PDFiumLibrary } = await import('@hyzyla/pdfium');
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(makeRawPdf({ content }));
  const { data, width, height } = await document.getPage(0).render({ scale: 2, render: 'bitmap', colorSpace: 'Gray' });
  document.destroy();
  library.destroy();
  const pixels = Buffer.from(data.subarray(0, width * height)).toString('latin1');
  const image = `<< /Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceGray /BitsPerComponent 8 /Length ${pixels.length} >>\nstream\n${pixels}\nendstream`;
  return makeRawPdf({ content: 'q 612 0 0 792 0 0 cm /I Do Q', fonts: '>> /XObject << /I 20 0 R', objects: [image] });
}
