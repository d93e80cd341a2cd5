// Addresses of the images of samples, whole or as thumbnails.
import type { SourceInfo } from "../wire.ts";

/** Widths that the server makes thumbnails of, pixels. */
const WIDTHS = [128, 256, 512];

/** Address of the image of a sample, scaled to a width in pixels if one is given; null where it has none. */
export function imageUrl(info: SourceInfo | null, exampleId: number, width?: number): string | null {
  if (!info?.image_path || !info.image_column) return null;
  const query = new URLSearchParams({ column: info.image_column, ...(width ? { size: String(width) } : {}) });
  return `${info.image_path}/${exampleId}?${query}`;
}

/** Address of a thumbnail at least that wide on this screen; null where samples have no image. */
export function thumbnailUrl(info: SourceInfo, exampleId: number, width: number): string | null {
  const wanted = width * (window.devicePixelRatio || 1);
  return imageUrl(info, exampleId, WIDTHS.find((each) => each >= wanted) ?? 512);
}
