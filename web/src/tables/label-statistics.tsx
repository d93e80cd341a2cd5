// The labels of one column of boxes, poses, masks or class maps: classes, sizes, what is hardly right.
import { Link } from "wouter";
import { filtersToText } from "../filters/text-form.ts";
import { sourceName } from "../address/other-source.ts";
import { post } from "../api.ts";
import { Subject } from "../charts/subject.ts";
import { useResource } from "../data/use-resource.ts";
import { Loaded } from "../parts/states.tsx";
import { countWith, shortNumber, wholeNumber } from "../parts/numbers.ts";
import { categoriesOf } from "../picture/layers.ts";
import type { Column, Histogram, SourceInfo, Statistics } from "../wire.ts";
import { MiniHistogram } from "./mini-histogram.tsx";
import { ClassBalance } from "./class-balance.tsx";
import styles from "./classes.module.css";
import { JointCounts } from "./joint-counts.tsx";

interface LabelNouns {
  one: string;
  many: string;
  /** What is said where every check is passed. */
  allPassed: string;
}

/** What labels are called, by the role of their column. */
export const LABEL_NOUNS: Record<string, LabelNouns> = {
  boxes: { one: "box", many: "boxes", allPassed: "No box is tiny, out of its image, labelled twice or without a class." },
  keypoints: { one: "pose", many: "poses", allPassed: "No pose is without a joint or a class, no joint is out of its image." },
  masks: { one: "mask", many: "masks", allPassed: "No mask is empty, tiny, out of its image or without a class." },
  segmentation: { one: "pixel", many: "pixels", allPassed: "Every class map can be read, has only known classes, and more than one of them." },
};

interface LabelStatisticsProps {
  info: SourceInfo;
  column: Column;
  hrefOf: (f: string) => string;
}

export function LabelStatistics({ info, column, hrefOf }: LabelStatisticsProps) {
  const nouns = LABEL_NOUNS[column.role] as LabelNouns;
  const isMap = column.role === "segmentation";
  const found = useResource<Statistics>(`${info.version} ${column.name}`, (signal) =>
    post<Statistics>("/api/statistics", { source: info.source, column: column.name }, signal),
  );
  return (
    <Loaded resource={found}>
      {(statistics) => (
        <Subject value={`${sourceName(info.source)} · ${column.name}`}>
          <div className={styles.part}>
            <div className={styles.measures}>
              <ClassBalance
                title={`${countWith(statistics.instances, nouns.one, nouns.many)} in ${column.name}`}
                counts={statistics.classes}
                categories={categoriesOf(column)}
                noun={nouns.many}
                filterOf={isMap ? null : (id) => ({ kind: "instances", column: column.name, property: "label", values: [id] })}
                hrefOf={hrefOf}
              />
              {statistics.joints.length > 0 && <JointCounts column={column.name} joints={statistics.joints} />}
            </div>
            <div className={styles.measures}>
              <Checks statistics={statistics} nouns={nouns} column={column} hrefOf={hrefOf} />
              {statistics.samples < info.rows && (
                <p className={styles.note}>Counted are the class maps of {countWith(statistics.samples, "sample")}, spread evenly over all {wholeNumber(info.rows)}.</p>
              )}
              <div className={styles.bars}>
                <Measures histograms={statistics.histograms} nouns={nouns} />
              </div>
            </div>
          </div>
        </Subject>
      )}
    </Loaded>
  );
}

interface ChecksProps {
  statistics: Statistics;
  nouns: LabelNouns;
  column: Column;
  hrefOf: (f: string) => string;
}

function Checks({ statistics: { checks }, nouns, column, hrefOf }: ChecksProps) {
  return (
    <section aria-label={`Hardly right in ${column.name}`}>
      <h2>Worth a look</h2>
      {!checks.length && <p className={styles.note}>{nouns.allPassed}</p>}
      <ul className={styles.checks}>
        {checks.map(({ name, why, instances, example_ids }) => (
          <li key={name}>
            <Link href={hrefOf(filtersToText([{ kind: "rows", example_ids }]))}>{name}</Link>
            <span className={styles.many}>
              {instances ? `${countWith(instances, nouns.one, nouns.many)} in ` : ""}
              {countWith(example_ids.length, "sample")}
            </span>
            <span className={styles.why}>{why}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Measures({ histograms, nouns: { many } }: { histograms: Record<string, Histogram>; nouns: LabelNouns }) {
  const ratio = (value: number) => (value >= 0 ? `${shortNumber(round(2 ** value))} : 1` : `1 : ${shortNumber(round(2 ** -value))}`);
  const pixels = (value: number) => shortNumber(round(value));
  const title = `${many.charAt(0).toUpperCase()}${many.slice(1)} in a sample`;
  return (
    <>
      {histograms.instances && <MiniHistogram title={title} noun="samples" histogram={histograms.instances} />}
      {histograms.classes && <MiniHistogram title="Classes in a sample" noun="samples" histogram={histograms.classes} />}
      {histograms.labelled && <MiniHistogram title="Labelled joints of a pose" noun="poses" histogram={histograms.labelled} />}
      {histograms.width && <MiniHistogram title="Width" noun={many} unit="px" histogram={histograms.width} format={pixels} />}
      {histograms.height && <MiniHistogram title="Height" noun={many} unit="px" histogram={histograms.height} format={pixels} />}
      {histograms.aspect && <MiniHistogram title="Aspect ratio" noun={many} histogram={histograms.aspect} format={ratio} />}
      {histograms.area && <MiniHistogram title="Relative box size" noun={many} histogram={histograms.area} format={(value) => `${Math.round(value * 100)} %`} />}
    </>
  );
}

const round = (value: number) => Math.round(value * 10) / 10;
