// Generated from samplewise/server/wire by `make web-types`; not to be edited.

/** The last value of an aggregate metric, and which way is better where somebody said so. */
export interface Aggregate {
  split: string | null;
  name: string;
  epoch: number | null;
  value: number | null;
  better: "higher" | "lower" | null;
}

/** What several filters all take: one filter of them, to be inverted as a whole. */
export interface AllFilter {
  kind: "all";
  filters: (RangeFilter | OneOfFilter | TextFilter | InstancesFilter | PolygonFilter | ProjectedFilter | RowsFilter | ConfusionFilter | NotFilter | AllFilter)[];
}

/** One class of a categorical column. */
export interface Category {
  id: number;
  name: string;
  color: string | null;
}

/** One sample that differs: its rows in both revisions, and the columns that changed. */
export interface ChangedSample {
  base_example_id: number | null;
  other_example_id: number | null;
  columns: string[];
}

/** Instances that are hardly right, and the samples with them: at most the first 1,000. */
export interface Check {
  name: string;
  why: string;
  instances: number;
  example_ids: number[];
}

/** How often a class occurs; None is what has no label. */
export interface ClassCount {
  id: number | null;
  instances: number;
  samples: number;
}

/** Python that does the same. */
export interface Code {
  code: string;
}

/** One collection of a run: what was collected when, and why it failed. */
export interface Collection {
  split: string | null;
  epoch: number | null;
  table: string;
  rows: number;
  duration_s: number;
  error: string | null;
}

/**
 * One column of a source.
 *
 * Args:
 *     name: Its name; a name of `Columns.columns`. An element of `coordinates` is `name.0`.
 *     origin: Where it comes from: a key, a metric of the run, or the input table.
 *     kind: Its column kind in storage.
 *     role: How it is shown.
 *     title: Short name where there is little room; empty: the name.
 *     better: Whether higher or lower values are better; None: nobody said, and nothing may be
 *         called better or worse by it.
 *     prominence: How much it says of a sample; what has more is shown first.
 *     size: Elements of an embedding or of coordinates.
 *     minimum: Smallest value in these rows, of numbers.
 *     maximum: Largest value.
 *     nulls: How many rows have none.
 *     categories: Classes of a categorical column, of the labels of instances, or of the items of
 *         a list.
 *     properties: What each instance has besides its place: `label`, `confidence`, ...
 */
export interface Column {
  name: string;
  origin: "input" | "key" | "metric";
  kind: string;
  role: "bool" | "boxes" | "category" | "coordinates" | "embedding" | "image" | "keypoints" | "list" | "masks" | "number" | "other" | "segmentation" | "text";
  description: string;
  unit: string;
  title: string;
  better: "higher" | "lower" | null;
  prominence: number;
  writable: boolean;
  hidden: boolean;
  size: number | null;
  minimum: number | null;
  maximum: number | null;
  nulls: number;
  categories: Category[] | null;
  properties: Column[] | null;
  skeleton: Skeleton | null;
}

/**
 * Asks for whole columns as Arrow, one row per sample, in the order of `example_id`.
 *
 * Numbers, booleans and category ids come as float32 (float64 where float32 would lose digits),
 * NaN for missing; text as a dictionary of strings; `example_id` as int32, always first.
 */
export interface ColumnsRequest {
  source: TableSource | MetricsSource;
  columns: string[];
}

/**
 * Makes a new revision. Nothing is written before this.
 *
 * Args:
 *     base: The revision that was edited.
 *     edits: New values.
 *     delete: Samples to leave out.
 *     name: Name of the new revision; None takes a free one.
 *     description: Why.
 *     latest: Whether to refuse if `base` has newer descendants (409 with `Conflict`).
 *     onto: A newer revision to apply the edits to, sample by sample; their `example_id` stays
 *         that in `base`.
 *     collisions: What to do where a sample was changed or removed there too: refuse, leave out
 *         those edits (`theirs`), or apply them all the same (`mine`; a removed sample stays
 *         removed).
 */
export interface CommitRequest {
  base: TableSource;
  edits?: Edit[];
  delete?: number[];
  name?: string | null;
  description?: string;
  latest?: boolean;
  onto?: TableSource | null;
  collisions?: "mine" | "refuse" | "theirs";
}

/** The new revision. */
export interface Committed {
  table: TableSource;
  rows: number;
}

/**
 * Asks for the difference of one metric, sample by sample, as Arrow.
 *
 * Columns: `example_id` and `left_example_id` (int32), `left`, `right`, `difference`
 * (right - left), float32, NaN for missing. `example_id` is that of the right side; the two differ
 * where the sides are about revisions of one Table: samples are paired by row identity, and there
 * is `labels_changed` (bool), whether their labels differ. Samples that only one side has are left
 * out.
 */
export interface CompareRequest {
  left: MetricsSource;
  right: MetricsSource;
  metric: string;
}

/**
 * Why a commit was refused: what changed meanwhile, and where.
 *
 * Args:
 *     newest: The newest revision.
 *     changes: How it differs from the base of the edits.
 *     collisions: The samples among them that the edits are about too.
 */
export interface Conflict {
  title: string;
  detail: string;
  hint: string | null;
  newest: TableSource;
  changes: TableDiff;
  collisions: ChangedSample[];
}

/** `counts[i][j]`: ground truths of class `i` predicted as class `j`; the last is background. */
export interface Confusion {
  classes: Category[];
  counts: number[][];
}

/** Samples with an instance in a cell of the confusion matrix; None is the background. */
export interface ConfusionFilter {
  kind: "confusion";
  truth?: number | null;
  predicted?: number | null;
  confidence?: number;
}

/** Asks for the confusion matrix of the instances of the selected samples. */
export interface ConfusionRequest {
  source: MetricsSource;
  filters?: (RangeFilter | OneOfFilter | TextFilter | InstancesFilter | PolygonFilter | ProjectedFilter | RowsFilter | ConfusionFilter | NotFilter | AllFilter)[];
  confidence?: number;
}

/** How many samples. */
export interface Count {
  count: number;
}

/** One aggregate over time, ascending by epoch. */
export interface Curve {
  split: string | null;
  name: string;
  epochs: (number | null)[];
  values: (number | null)[];
  times: string[];
}

/** All aggregates of a run. */
export interface Curves {
  project: string;
  run: string;
  curves: Curve[];
}

/** The new stored value of one column of one sample. */
export interface Edit {
  example_id: number;
  column: string;
  value: unknown;
}

/**
 * Something in the store changed; sent as server-sent events.
 *
 * Args:
 *     what: `project` (something in it came or went), `run` (its document, aggregates or rows) or
 *         `table`.
 *     name: Name of the run, or `dataset/table`.
 */
export interface Event {
  what: "project" | "run" | "table";
  project: string;
  name: string | null;
}

/** Asks for the selected samples as a file. */
export interface ExportRequest {
  source: TableSource | MetricsSource;
  format: "coco" | "csv" | "parquet";
  filters?: (RangeFilter | OneOfFilter | TextFilter | InstancesFilter | PolygonFilter | ProjectedFilter | RowsFilter | ConfusionFilter | NotFilter | AllFilter)[];
}

/** Counts per bin; `edges` has one more. Categories have no edges, but values. */
export interface Histogram {
  counts: number[];
  edges: number[] | null;
  values: (number | number | string | boolean | null)[] | null;
  nulls: number;
}

/**
 * Asks for exact counts per bin over the selected rows.
 *
 * With a `property`, `column` holds instances or a list, as in `InstancesFilter`: counted are the
 * samples with an instance of each value, at a least `confidence`.
 */
export interface HistogramRequest {
  source: TableSource | MetricsSource;
  column: string;
  bins?: number;
  filters?: (RangeFilter | OneOfFilter | TextFilter | InstancesFilter | PolygonFilter | ProjectedFilter | RowsFilter | ConfusionFilter | NotFilter | AllFilter)[];
  property?: string | null;
  confidence?: number | null;
}

/**
 * A sample in another run: in its last collection on a revision of the Table.
 *
 * Args:
 *     source: That collection.
 *     table: The revision.
 *     is_revision: Whether that is another revision than the one asked for.
 *     example_id: The sample there; None where the revision has no such row.
 *     changed: Columns of the Table that differ between the revisions, for this sample.
 *     info: What is known of the collection, without ranges of values; None without the sample.
 *     values: As in `Sample`; empty without the sample.
 */
export interface InOtherRun {
  source: MetricsSource;
  table: TableSource;
  is_revision: boolean;
  example_id: number | null;
  changed: string[];
  info: SourceInfo | null;
  values: Record<string, unknown>;
}

/**
 * Samples with an instance whose property is one of the values, at a least confidence.
 *
 * `column` is a column of boxes, keypoints or masks; `property` such as `label` or `error_kind`.
 * A list column beside it, such as `ground_truth_kind`, has an empty `property`. Several filters
 * on one column, beside each other, are about one and the same instance.
 */
export interface InstancesFilter {
  kind: "instances";
  column: string;
  property: string;
  values: (number | null)[];
  confidence?: number | null;
}

/** How often a joint is visible, labelled and hidden, and not labelled. */
export interface JointCount {
  name: string;
  visible: number;
  hidden: number;
  missing: number;
}

/** Where a sample stands, from 0; None if it is not among them: then `next` is the first one. */
export interface ListPlace {
  place: number | null;
  count: number;
  previous: number | null;
  next: number | null;
}

/**
 * The rows of one collection of a Run, joined with the columns of their input table.
 *
 * Rows are ordered by `example_id`. `None` as an epoch, split or table means rows without one.
 */
export interface MetricsSource {
  kind: "metrics";
  project: string;
  run: string;
  stream: string;
  epoch?: number | null;
  split?: string | null;
  input_table_id?: number | null;
}

/** The nearest first; the sample itself is left out. */
export interface NearestSamples {
  example_ids: number[];
  distances: number[];
}

/** Asks who is near a sample by embedding. */
export interface NeighboursRequest {
  source: TableSource | MetricsSource;
  example_id: number;
  column: string;
  count?: number;
}

/** Makes a Table of the selected samples, in the dataset of their Table. */
export interface NewTableRequest {
  source: TableSource | MetricsSource;
  filters?: (RangeFilter | OneOfFilter | TextFilter | InstancesFilter | PolygonFilter | ProjectedFilter | RowsFilter | ConfusionFilter | NotFilter | AllFilter)[];
  name?: string | null;
  description?: string;
}

/** What another filter leaves out, missing values included. */
export interface NotFilter {
  kind: "not";
  filter: RangeFilter | OneOfFilter | TextFilter | InstancesFilter | PolygonFilter | ProjectedFilter | RowsFilter | ConfusionFilter | NotFilter | AllFilter;
}

/** Values of a list; None in it takes the missing ones, NaN among them. */
export interface OneOfFilter {
  kind: "one_of";
  column: string;
  values: (number | number | string | boolean | null)[];
}

/** A sample in other runs; `more` runs were not looked at. */
export interface OtherRuns {
  runs: InOtherRun[];
  more: number;
}

/**
 * Asks for a sample in the other runs of its project, the youngest first.
 *
 * Runs on the same Table or on revisions of it; the run of `source` is left out.
 */
export interface OtherRunsRequest {
  source: TableSource | MetricsSource;
  example_id: number;
}

/** Asks where a sample stands among the selected ones, in their order. */
export interface PlaceRequest {
  source: TableSource | MetricsSource;
  example_id: number;
  filters?: (RangeFilter | OneOfFilter | TextFilter | InstancesFilter | PolygonFilter | ProjectedFilter | RowsFilter | ConfusionFilter | NotFilter | AllFilter)[];
  sort?: Sort[];
}

/** Points inside a polygon over two columns (even-odd rule); decided exactly on the server. */
export interface PolygonFilter {
  kind: "polygon";
  x: string;
  y: string;
  points: [number, number][];
}

/** An error, in the words of `samplewise.errors`. */
export interface Problem {
  title: string;
  detail: string;
  hint: string | null;
}

/** What a project holds: runs, the youngest first; tables by dataset, the oldest first. */
export interface Project {
  name: string;
  runs: RunRow[];
  tables: TableRow[];
}

/** A project in the list of projects. */
export interface ProjectRow {
  name: string;
  runs: number;
  tables: number;
  running: number;
  changed: string | null;
}

/**
 * Points whose picture lies inside a polygon: what is drawn around in three dimensions.
 *
 * A point of three columns is seen at two sums over them; the polygon is one of such sums.
 *
 * Args:
 *     across: What `x`, `y` and `z` are multiplied with for the first sum.
 *     up: What they are multiplied with for the second one.
 *     points: Corners, `(across, up)`; even-odd rule.
 */
export interface ProjectedFilter {
  kind: "projected";
  x: string;
  y: string;
  z: string;
  across: [number, number, number];
  up: [number, number, number];
  points: [number, number][];
}

/** All projects of the store. */
export interface Projects {
  root: string;
  version: string;
  projects: ProjectRow[];
}

/** Numbers from `low` to `high`, both included; None leaves an end open. */
export interface RangeFilter {
  kind: "range";
  column: string;
  low?: number | null;
  high?: number | null;
}

/** A map of embeddings: its column, and how faithful it is to each epoch. */
export interface ReductionSummary {
  column: string;
  method: string;
  trustworthiness: unknown[];
  note: string;
}

/** Samples by their `example_id`. */
export interface RowsFilter {
  kind: "rows";
  example_ids: number[];
}

/** Asks for a page of rows as Arrow, in stored form; `samplewise.total` in the metadata. */
export interface RowsRequest {
  source: TableSource | MetricsSource;
  filters?: (RangeFilter | OneOfFilter | TextFilter | InstancesFilter | PolygonFilter | ProjectedFilter | RowsFilter | ConfusionFilter | NotFilter | AllFilter)[];
  sort?: Sort[];
  offset?: number;
  limit?: number;
  columns?: string[] | null;
}

/** The page of a run. */
export interface Run {
  row: RunRow;
  parameters: Record<string, unknown>;
  provenance: Record<string, unknown>;
  collections: Collection[];
  sources: SourceRow[];
  reductions: ReductionSummary[];
  version: string;
}

/** Changes what people wrote about a run; None leaves it as it is. */
export interface RunPatch {
  description?: string | null;
  notes?: string | null;
  tags?: string[] | null;
}

/**
 * A run in the list of runs.
 *
 * Args:
 *     parameters: Hyperparameters, flat: `training.optimizer` and its value.
 *     aggregates: The last value of each aggregate.
 *     input_tables: Ids of the Tables that metrics were collected on, by `input_table_id`.
 *     collection_failures: Which collections failed, in a sentence; None where none did.
 *     problem: Why its document cannot be read; other fields are empty then.
 */
export interface RunRow {
  project: string;
  name: string;
  status: string;
  created: string;
  ended: string | null;
  duration_s: number | null;
  description: string;
  notes: string;
  tags: string[];
  parameters: Record<string, string | number | number | boolean | null>;
  aggregates: Aggregate[];
  collections: number;
  collection_failures: string | null;
  input_tables: string[];
  error: string | null;
  problem: string | null;
}

/**
 * One sample.
 *
 * Args:
 *     width: Pixels of the image, upright; None where it cannot be read.
 *     problem: Why the image cannot be read.
 *     values: Stored form of every column by name, as JSON; embeddings are left out.
 *     collections: The same sample in all collections of the run, by epoch.
 */
export interface Sample {
  example_id: number;
  width: number | null;
  height: number | null;
  problem: string | null;
  values: Record<string, unknown>;
  collections: SampleCollection[];
}

/** One sample in one collection of its run. */
export interface SampleCollection {
  source: MetricsSource;
  values: Record<string, unknown>;
}

/**
 * Asks for one metric of every sample in every collection of a kind, as Arrow.
 *
 * Columns: `example_id` (int32), then one float32 column per epoch, named by its number; at last
 * `none`, of a collection without an epoch.
 *
 * With `beside`, a collection on the same Table or on a revision of it, samples are named as they
 * are there, and those that it lacks are left out; between revisions there is `labels_changed`
 * (bool), as in `CompareRequest`.
 */
export interface SampleHistoryRequest {
  project: string;
  run: string;
  stream: string;
  split: string | null;
  input_table_id: number | null;
  metric: string;
  beside?: MetricsSource | null;
}

/** Asks for one sample in all collections of its run, or of a table. */
export interface SampleRequest {
  source: TableSource | MetricsSource;
  example_id: number;
}

/** Asks what the filters select: as a count, as ids, as code. */
export interface SelectionRequest {
  source: TableSource | MetricsSource;
  filters?: (RangeFilter | OneOfFilter | TextFilter | InstancesFilter | PolygonFilter | ProjectedFilter | RowsFilter | ConfusionFilter | NotFilter | AllFilter)[];
}

/** What keypoints are: joints, and the lines between them as pairs of joint indices. */
export interface Skeleton {
  joints: string[];
  lines: [number, number][];
  point_colors: string[];
  line_colors: string[];
}

/** An order of rows; ties by `example_id`, missing values last. */
export interface Sort {
  column: string;
  descending?: boolean;
}

/**
 * What is known of a source without its rows.
 *
 * Args:
 *     rows: How many rows.
 *     columns: Its columns.
 *     image_column: The column with the image; None if there is none.
 *     truth: Columns with labels of the image: boxes, keypoints, masks, segmentation, categories.
 *     predictions: Columns with what the model says.
 *     main_metric: The metric that says most of a sample; None where no number says which way is
 *         better.
 *     worst_first: The order with the worst samples first; empty without a main metric.
 *     image_path: Path of the images: `{image_path}/{example_id}?column=image&size=256`.
 *     table: The Table that the samples belong to; None if it is gone.
 *     version: Changes when the rows change; part of keys of caches.
 */
export interface SourceInfo {
  source: TableSource | MetricsSource;
  title: string;
  rows: number;
  columns: Column[];
  image_column: string | null;
  truth: string[];
  predictions: string[];
  main_metric: string | null;
  worst_first: Sort[];
  image_path: string | null;
  table: TableSource | null;
  version: string;
}

/** Asks for `SourceInfo`. */
export interface SourceRequest {
  source: TableSource | MetricsSource;
}

/** One collection whose rows can be looked at. */
export interface SourceRow {
  source: MetricsSource;
  rows: number;
  table: TableSource | null;
}

/**
 * The classes, the most frequent first; histograms by what is measured; checks.
 *
 * `width`, `height` of boxes are pixels; `aspect` is the logarithm to base 2 of width by height;
 * `area` of boxes and masks is the square root of the share of the image; `instances` are per
 * sample, `labelled` are joints per pose, `classes` per class map. Instances of class maps are
 * pixels; `samples` are those that were looked at.
 */
export interface Statistics {
  samples: number;
  instances: number;
  classes: ClassCount[];
  histograms: Record<string, Histogram>;
  checks: Check[];
  joints: JointCount[];
}

/** Asks how the instances of the selected samples are distributed. */
export interface StatisticsRequest {
  source: TableSource | MetricsSource;
  column: string;
  filters?: (RangeFilter | OneOfFilter | TextFilter | InstancesFilter | PolygonFilter | ProjectedFilter | RowsFilter | ConfusionFilter | NotFilter | AllFilter)[];
}

/** The page of a table. */
export interface Table {
  row: TableRow;
  source: Record<string, unknown>;
  lineage: TableRow[];
  descendants: TableRow[];
}

/** How a revision differs from its base. `samples` has the first ones, counts are of all. */
export interface TableDiff {
  added: number;
  removed: number;
  changed: number;
  columns: Record<string, number>;
  samples: ChangedSample[];
}

/** Asks how two revisions of one dataset differ. */
export interface TableDiffRequest {
  base: TableSource;
  other: TableSource;
}

/** A Table in the list of tables; `parent` is the name of the one it was derived from. */
export interface TableRow {
  project: string;
  dataset: string;
  name: string;
  id: string;
  rows: number;
  created: string;
  description: string;
  parent: string | null;
  ancestors: string[];
  columns: string[];
  problem: string | null;
}

/** The rows of a Table. Row `i` is the sample with `example_id` `i`. */
export interface TableSource {
  kind: "table";
  project: string;
  dataset: string;
  table: string;
}

/** Text that contains other text, whatever its case. */
export interface TextFilter {
  kind: "text";
  column: string;
  contains: string;
}

/** A saved view: a name for the address of a page. */
export interface View {
  name: string;
  path: string;
}

/** Saved views of a project. */
export interface Views {
  views: View[];
}

export type Source = MetricsSource | TableSource;

export type Filter = AllFilter | ConfusionFilter | InstancesFilter | NotFilter | OneOfFilter | PolygonFilter | ProjectedFilter | RangeFilter | RowsFilter | TextFilter;

export type Role = "number" | "category" | "bool" | "text" | "image" | "boxes" | "keypoints" | "masks" | "segmentation" | "embedding" | "coordinates" | "list" | "other";
