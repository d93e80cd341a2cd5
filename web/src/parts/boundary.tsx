import { Component, type ReactNode } from "react";
import { Button } from "./button.tsx";
import { EmptyState } from "./states.tsx";

interface BoundaryProps {
  /** A change of it tries again. */
  address: string;
  children: ReactNode;
}

/** Catches what a page throws while it is drawn, so that the rest stays usable. */
export class Boundary extends Component<BoundaryProps, { error: Error | null }> {
  override state = { error: null as Error | null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidUpdate(before: BoundaryProps) {
    if (before.address !== this.props.address && this.state.error) this.setState({ error: null });
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <EmptyState
        title="This page broke"
        actions={<Button onClick={() => window.location.reload()}>Load again</Button>}
      >
        {this.state.error.message}
      </EmptyState>
    );
  }
}
