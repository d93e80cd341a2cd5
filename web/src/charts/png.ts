// A drawing as pixels.

const SCALE = 2;
/** Browsers make no canvas with a longer side. */
const LONGEST = 16_000;

/** An SVG document as PNG, twice as large for paper and for fine screens. */
export async function svgToPng(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    await image.decode();
    const scale = Math.min(SCALE, LONGEST / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
    if (!blob) throw new Error("The browser could not write the picture.");
    return blob;
  } finally {
    URL.revokeObjectURL(image.src);
  }
}
