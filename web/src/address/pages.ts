// Addresses of the pages.
import { pagePath } from "./query.ts";

type Query = Record<string, string>;

export const projectPage = (project: string, query?: Query) => pagePath(["p", project], query);

export const runPage = (project: string, run: string, query?: Query) =>
  pagePath(["p", project, "runs", run], query);

export const runSamplePage = (project: string, run: string, exampleId: number, query?: Query) =>
  pagePath(["p", project, "runs", run, "samples", exampleId], query);

export const tablePage = (project: string, dataset: string, table: string, query?: Query) =>
  pagePath(["p", project, "tables", dataset, table], query);

export const tableSamplePage = (
  project: string,
  dataset: string,
  table: string,
  exampleId: number,
  query?: Query,
) => pagePath(["p", project, "tables", dataset, table, "samples", exampleId], query);
