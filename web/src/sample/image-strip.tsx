// Small pictures in a row: epochs, neighbours, other runs.
import type { ReactNode } from "react";
import { Link } from "wouter";
import { classNames } from "../parts/class-names.ts";
import type { DrawOptions } from "../picture/draw.ts";
import type { Layer } from "../picture/layers.ts";
import { Picture } from "../picture/picture.tsx";
import styles from "./image-strip.module.css";

export interface StripItem {
  key: string;
  href: string;
  src: string | null;
  layers: readonly Layer[];
  extent: readonly [number, number] | null;
  title: string;
  detail?: string;
  /** Further lines. */
  notes?: readonly string[];
  isCurrent?: boolean;
}

interface ImageStripProps {
  label: string;
  items: readonly StripItem[];
  options: Partial<DrawOptions>;
  empty: ReactNode;
}

export function ImageStrip({ label, items, options, empty }: ImageStripProps) {
  if (!items.length) return <p className={styles.empty}>{empty}</p>;
  return (
    <ul className={styles.strip} aria-label={label} tabIndex={0}>
      {items.map((item) => (
        <li key={item.key}>
          <Link
            href={item.href}
            className={classNames(styles.item, item.isCurrent && styles.current)}
            aria-current={item.isCurrent || undefined}
          >
            <span className={styles.frame}>
              <Picture src={item.src} alt="" layers={item.layers} extent={item.extent} options={options} />
            </span>
            <span className={styles.title} title={item.title}>{item.title}</span>
            {item.detail && <span className={styles.detail}>{item.detail}</span>}
            {item.notes?.map((note) => (
              <span key={note} className={styles.detail} title={note}>
                {note}
              </span>
            ))}
          </Link>
        </li>
      ))}
    </ul>
  );
}
