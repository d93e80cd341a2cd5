import { Route, Switch } from "wouter";
import { ProjectsPage } from "./pages/projects.tsx";

/** Addresses of all pages; what is selected on them stands in the query. */
export function App() {
  return (
    <Switch>
      <Route path="/" component={ProjectsPage} />
      <Route>There is no such page.</Route>
    </Switch>
  );
}
