// What the scatter draws: places, colours and what is selected; places move when the epoch changes.
import { useEffect, useMemo, useRef, useState } from "react";
import type { Axis } from "../charts/scatter/axes.tsx";
import type { Extents } from "../charts/scatter/projection.ts";
import type { Points } from "../charts/scatter/raster.ts";
import {
  categoryColors,
  categoryPlaces,
  numberColors,
  numberPlaces,
  packColor,
  rgb,
} from "../charts/scales/colors.ts";
import type { FilterClient } from "../data/filter-client.ts";
import { movePoints } from "../data/movement.ts";
import { extent } from "../parts/polygon.ts";
import { useTheme } from "../parts/theme.ts";
import type { Category, Column, SourceInfo } from "../wire.ts";
import { versionKey } from "../data/source-info.ts";
import { type FilterState, type Numbers, useColumns } from "./use-filter-engine.ts";
import { valueName } from "../filters/names.ts";

/** What the colours mean. */
export type Colouring =
  | { kind: "none" }
  | { kind: "numbers"; low: number; high: number }
  | { kind: "categories"; categories: readonly Category[] };

export interface Scene {
  points: Points;
  extents: Extents;
  axes: Axis[];
  exampleIds: Numbers;
  colouring: Colouring;
}

/** More points than this jump to their new places. */
const MOST_MOVING = 300_000;
const MOVE_MS = 650;
const GREY = { light: "#9aa3ad", dark: "#66707c" };

export function usePoints(
  client: FilterClient | null,
  info: SourceInfo,
  axes: string[],
  colour: string,
  filterState: FilterState | null,
): Scene | null {
  const column = info.columns.find(({ name }) => name === colour);
  const names = [...new Set(["example_id", ...axes, ...(column ? [column.name] : [])])];
  const loaded = useColumns(client, info, names);
  const { shown } = useTheme();
  const axisKey = axes.join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names are in `axisKey`
  const target = useMemo(() => {
    if (!loaded || axes.length < 2 || !axes.every((name) => loaded.values[name])) return null;
    const [x, y, z] = axes.map((name) => asFloat32(loaded.values[name] as Numbers));
    const exampleIds = loaded.values.example_id as Numbers;
    return { axisKey, exampleIds, x: x as Float32Array, y: y as Float32Array, z: z ?? null };
  }, [loaded, axisKey]);
  const place = useMoving(target);
  const extents = useExtents(target);

  const paint = useMemo(() => {
    const values = column && loaded?.values[column.name];
    return paintOf(column, values, loaded?.values.example_id?.length ?? 0, shown);
  }, [column, loaded, shown]);

  const isCurrent = filterState !== null && filterState.key === versionKey(info);
  const mask = isCurrent && filterState.mask?.length === place?.x.length ? filterState.mask : null;
  const points = useMemo<Points | null>(() => {
    if (!place || paint.places.length !== place.x.length) return null;
    return { ...place, places: paint.places, colors: paint.colors, selected: mask };
  }, [place, paint, mask]);
  const described = axes.map((name) => axisOf(name, info.columns));
  if (!points || !extents || !target) return null;
  return { points, extents, axes: described, exampleIds: target.exampleIds, colouring: paint.colouring };
}

interface Target {
  axisKey: string;
  exampleIds: Numbers;
  x: Float32Array;
  y: Float32Array;
  z: Float32Array | null;
}

/** Places on their way from the last target to this one. */
function useMoving(target: Target | null): Pick<Points, "x" | "y" | "z"> | null {
  const [now, setNow] = useState<Target | null>(target);
  const shown = useRef(now);
  shown.current = now;
  useEffect(() => {
    const from = shown.current;
    if (!target || from === target) return;
    const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const canMove = from && from.axisKey === target.axisKey && target.x.length <= MOST_MOVING;
    if (!canMove || isStill) {
      setNow(target);
      return;
    }
    const at = movePoints(from, target);
    const start = performance.now();
    let frame = requestAnimationFrame(function step(time) {
      const share = Math.min(1, (time - start) / MOVE_MS);
      setNow(share < 1 ? { ...target, ...at(share) } : target);
      if (share < 1) frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [target]);
  return now && target && now.x.length === target.x.length && now.axisKey === target.axisKey ? now : target;
}

/** The frame stays the same over the epochs: it only ever grows. */
function useExtents(target: Target | null): Extents | null {
  const known = useRef<{ key: string; extents: Extents } | null>(null);
  return useMemo(() => {
    if (!target) return null;
    const old = known.current?.key === target.axisKey ? known.current.extents : null;
    const extents: Extents = {
      x: growExtent(old?.x, target.x),
      y: growExtent(old?.y, target.y),
      z: target.z ? growExtent(old?.z ?? undefined, target.z) : null,
    };
    known.current = { key: target.axisKey, extents };
    return extents;
  }, [target]);
}

function growExtent(old: [number, number] | undefined, values: Float32Array): [number, number] {
  const [low, high] = extent(values);
  if (!Number.isFinite(low)) return old ?? [0, 1];
  return old ? [Math.min(old[0], low), Math.max(old[1], high)] : [low, high];
}

function paintOf(
  column: Column | undefined,
  values: Numbers | undefined,
  rows: number,
  theme: "light" | "dark",
): { places: Uint8Array; colors: Uint32Array; colouring: Colouring } {
  const grey = GREY[theme];
  if (!column || !values) {
    const own = theme === "dark" ? "#4cc9bd" : "#0f766e";
    const colors = new Uint32Array(256).fill(packColor(rgb(own)));
    return { places: new Uint8Array(rows), colors, colouring: { kind: "none" } };
  }
  const categories = categoriesOf(column);
  if (categories) {
    return {
      places: categoryPlaces(values, categories),
      colors: categoryColors(categories, grey),
      colouring: { kind: "categories", categories },
    };
  }
  const [low, high] = [column.minimum ?? 0, column.maximum ?? 1];
  return {
    places: numberPlaces(values, low, high),
    colors: numberColors(grey, theme === "dark"),
    colouring: { kind: "numbers", low, high },
  };
}

function categoriesOf(column: Column): readonly Category[] | null {
  if (column.role === "category") return column.categories ?? [];
  if (column.role !== "bool") return null;
  return [
    { id: 0, name: "false", color: null },
    { id: 1, name: "true", color: null },
  ];
}

function axisOf(name: string, columns: readonly Column[]): Axis {
  const column = columns.find((one) => one.name === name);
  const isNamed = column?.role === "category" || column?.role === "bool";
  const whole = isNamed || column?.kind === "int";
  return isNamed ? { name, whole, names: (value) => valueName(value, column) } : { name, whole };
}

function asFloat32(values: Numbers): Float32Array {
  return values instanceof Float32Array ? values : Float32Array.from(values);
}
