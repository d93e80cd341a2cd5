// A chart as a file: its canvases and its drawings on one sheet, in the colours that are shown.

const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size",
  "font-family", "text-anchor", "paint-order",
] as const;

/** The chart as SVG: drawings as drawings, points as a picture among them. */
export function chartSvg(frame: HTMLElement): string {
  const box = frame.getBoundingClientRect();
  const [width, height] = [Math.ceil(box.width), Math.ceil(box.height)];
  const parts: string[] = [];
  for (const element of frame.querySelectorAll<HTMLElement | SVGSVGElement>("canvas, svg")) {
    const at = element.getBoundingClientRect();
    const [x, y] = [at.left - box.left, at.top - box.top];
    if (element instanceof HTMLCanvasElement) {
      const image = element.toDataURL("image/png");
      parts.push(`<image x="${x}" y="${y}" width="${at.width}" height="${at.height}" href="${image}"/>`);
    } else if (at.width > 0 && element.closest("button") === null) {
      parts.push(`<g transform="translate(${x} ${y})">${styled(element as SVGSVGElement).innerHTML}</g>`);
    }
  }
  const background = getComputedStyle(document.documentElement).getPropertyValue("--panel");
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect width="100%" height="100%" fill="${background.trim()}"/>${parts.join("")}</svg>`
  );
}

/** The same as pixels, twice as many as on the screen. */
export async function chartPng(frame: HTMLElement): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(chartSvg(frame))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width * 2;
  canvas.height = image.height * 2;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture is too large"))));
  });
}

/** A copy whose colours do not need our style sheet. */
function styled(svg: SVGSVGElement): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((element, at) => {
    const style = getComputedStyle(originals[at] as Element);
    for (const name of STYLES) element.setAttribute(name, style.getPropertyValue(name));
    element.removeAttribute("class");
  });
  return copy;
}
