// Which part of an image is on the screen: a scale and a place, kept within bounds.
export interface ImageView {
  /** Pixels of the screen for a pixel of the image. */
  scale: number;
  left: number;
  top: number;
}

export interface Extent {
  width: number;
  height: number;
}

const LARGEST = 64;
const MARGIN = 20;

/** The whole image in the middle of the window. */
export function fitImage(image: Extent, window: Extent): ImageView {
  const room = (size: number) => Math.max(1, size - 2 * MARGIN);
  const scale = Math.min(room(window.width) / image.width, room(window.height) / image.height);
  return {
    scale,
    left: (window.width - image.width * scale) / 2,
    top: (window.height - image.height * scale) / 2,
  };
}

/** Larger by `factor`; the point `at` of the window stays where it is. */
export function zoomImage(view: ImageView, factor: number, at: readonly [number, number], image: Extent, window: Extent): ImageView {
  const smallest = fitImage(image, window).scale / 2;
  const scale = Math.max(smallest, Math.min(LARGEST, view.scale * factor));
  const by = scale / view.scale;
  return panImage({ scale, left: at[0] - (at[0] - view.left) * by, top: at[1] - (at[1] - view.top) * by }, [0, 0], image, window);
}

/** Shifted; some of the image always stays in the window. */
export function panImage(view: ImageView, [x, y]: readonly [number, number], image: Extent, window: Extent): ImageView {
  const clampEdge = (place: number, size: number, room: number) => Math.max(60 - size, Math.min(place, room - 60));
  return {
    scale: view.scale,
    left: clampEdge(view.left + x, image.width * view.scale, window.width),
    top: clampEdge(view.top + y, image.height * view.scale, window.height),
  };
}

/** The point of the image under a point of the window. */
export function toImage(view: ImageView, [x, y]: readonly [number, number]): [number, number] {
  return [(x - view.left) / view.scale, (y - view.top) / view.scale];
}
