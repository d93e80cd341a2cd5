import { lazy, Suspense } from "react";
import { Route, Switch, useLocation } from "wouter";
import { EventsProvider } from "./data/events.tsx";
import { NotFoundPage } from "./pages/not-found.tsx";
import { Boundary } from "./parts/boundary.tsx";
import { ShortcutsProvider } from "./parts/shortcuts.tsx";
import { PlaceholderLines } from "./parts/states.tsx";
import { ToastProvider } from "./parts/toast.tsx";
import { TooltipProvider } from "./parts/tooltip.tsx";

const ProjectsPage = lazy(async () => ({
  default: (await import("./pages/projects.tsx")).ProjectsPage,
}));
const ProjectPage = lazy(async () => ({
  default: (await import("./pages/project.tsx")).ProjectPage,
}));
const RunPage = lazy(async () => ({ default: (await import("./pages/run.tsx")).RunPage }));
const TablePage = lazy(async () => ({ default: (await import("./pages/table.tsx")).TablePage }));
const SamplePage = lazy(async () => ({ default: (await import("./pages/sample.tsx")).SamplePage }));

export function App() {
  return (
    <EventsProvider>
      <TooltipProvider>
        <ToastProvider>
          <ShortcutsProvider>
            <Pages />
          </ShortcutsProvider>
        </ToastProvider>
      </TooltipProvider>
    </EventsProvider>
  );
}

/** Addresses of all pages; what is selected on them stands in the query. */
function Pages() {
  const [address] = useLocation();
  return (
    <Boundary address={address}>
      <Suspense fallback={<PlaceholderLines />}>
        <Switch>
          <Route path="/" component={ProjectsPage} />
          <Route path="/p/:project" component={ProjectPage} />
          <Route path="/p/:project/runs/:run" component={RunPage} />
          <Route path="/p/:project/runs/:run/samples/:example_id" component={SamplePage} />
          <Route path="/p/:project/tables/:dataset/:table" component={TablePage} />
          <Route
            path="/p/:project/tables/:dataset/:table/samples/:example_id"
            component={SamplePage}
          />
          <Route component={NotFoundPage} />
        </Switch>
      </Suspense>
    </Boundary>
  );
}
