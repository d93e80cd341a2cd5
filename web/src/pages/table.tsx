import { useEffect, useRef, useState } from "react";
import { useLocation, useParams } from "wouter";
import { projectPage, tablePage } from "../address/pages.ts";
import { choiceParam, useQuery } from "../address/query.ts";
import { segments } from "../api.ts";
import { useGet } from "../data/use-resource.ts";
import { BulkEdit } from "../edit/bulk-edit.tsx";
import { EditDrawer } from "../edit/edit-drawer.tsx";
import { editedNow } from "../edit/edits.ts";
import { type EditSession, useEdits } from "../edit/use-edits.ts";
import type { Selection } from "../data/selection.ts";
import { Explorer } from "../explorer/explorer.tsx";
import { Frame } from "../frame/frame.tsx";
import { Loaded } from "../parts/states.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { useSourceInfo } from "../data/source-info.ts";
import { Classes } from "../tables/classes.tsx";
import { Revisions } from "../tables/revisions.tsx";
import { TableHead } from "../tables/table-head.tsx";
import type { SourceInfo, Table, TableSource } from "../wire.ts";
import styles from "./table.module.css";

const TABS = ["samples", "classes", "revisions"] as const;
type TabId = (typeof TABS)[number];
const params = { tab: choiceParam(TABS, "samples") };

/** A Table: its samples, its classes, its revisions, and the edits that wait. */
export function TablePage() {
  const names = useParams<{ project: string; dataset: string; table: string }>();
  const { project, dataset, table: name } = names;
  const table = useGet<Table>(`/api/tables/${segments(project, dataset, name)}`, {
    refreshOn: (event) => event.project === project && event.what !== "run",
  });
  return (
    <Frame crumbs={[{ label: project, href: projectPage(project) }, { label: dataset }, { label: name }]} fill>
      <Loaded resource={table}>{(data) => <Content key={data.row.id} table={data} />}</Loaded>
    </Frame>
  );
}

function Content({ table }: { table: Table }) {
  const { project, dataset, name, id } = table.row;
  const [source] = useState<TableSource>({ kind: "table", project, dataset, table: name });
  const info = useSourceInfo(source, { keep: true });
  const session = useEdits(source, id);
  const edited = session ? editedNow(session.edits).size : 0;
  const [isOpen, setOpen] = useState(false);
  const [, go] = useLocation();
  useOpenWhenEdited(session, setOpen);
  const openRevision = ({ table: made }: TableSource) => go(tablePage(project, dataset, made, { tab: "revisions" }));
  return (
    <>
      <TableHead table={table} edited={edited} isOpen={isOpen} onToggle={() => setOpen(!isOpen)} />
      <div className={styles.body}>
        <div className={styles.main}>
          <Loaded resource={info}>{(data) => <TableTabs table={table} source={source} info={data} session={session} />}</Loaded>
        </div>
        {isOpen && session && (
          <aside className={styles.drawer}>
            <EditDrawer session={session} info={info.data} onCommitted={openRevision} />
          </aside>
        )}
      </div>
    </>
  );
}

interface TableTabsProps {
  table: Table;
  source: TableSource;
  info: SourceInfo;
  session: EditSession | null;
}

function TableTabs({ table, source, info, session }: TableTabsProps) {
  const [{ tab }, set] = useQuery(params);
  const canEdit = info.columns.some(({ writable }) => writable);
  const actions = (selection: Selection) => (session && canEdit ? <BulkEdit selection={selection} info={info} session={session} /> : null);
  return (
    <Tabs
      label="About this Table"
      value={tab}
      onChange={(id) => set({ tab: id as TabId }, "push")}
      fill
      tabs={[
        { id: "samples", label: "Samples", content: <Explorer project={source.project} run={null} table={source} actions={actions} /> },
        { id: "classes", label: "Classes", content: <Classes table={source} info={info} /> },
        { id: "revisions", label: "Revisions", count: table.lineage.length + table.descendants.length + 1, content: <Revisions row={table.row} /> },
      ]}
    />
  );
}

/** Opens the list of edits when there are some at first, and whenever there are more. */
function useOpenWhenEdited(session: EditSession | null, setOpen: (isOpen: boolean) => void): void {
  const count = session?.edits.done.length ?? 0;
  const before = useRef(0);
  useEffect(() => {
    if (count > before.current) setOpen(true);
    before.current = count;
  }, [count, setOpen]);
}
