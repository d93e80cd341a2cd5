import assert from "node:assert/strict";
import { mock, test } from "node:test";
import "../../test/dom.ts";
import { act, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { TooltipProvider } from "../parts/tooltip.tsx";
import type { MetricsSource, SourceRow } from "../wire.ts";
import { EpochPlayer } from "./epoch-player.tsx";

const source = (epoch: number) => ({ kind: "metrics", project: "p", run: "r", stream: "s", epoch }) as MetricsSource;
const moments = [0, 5, 10].map((epoch) => ({ source: source(epoch) }) as SourceRow);

function Player({ seen, ready = true }: { seen: number[]; ready?: boolean }) {
  const [shown, show] = useState(source(0));
  seen.push(shown.epoch as number);
  return (
    <TooltipProvider>
      <EpochPlayer moments={moments} source={shown} onSource={show} ready={ready} />
    </TooltipProvider>
  );
}

test("the epochs are played one after the other, and it stops at the last", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const seen: number[] = [];
  render(<Player seen={seen} />);
  fireEvent.click(screen.getByRole("button", { name: "Play the epochs" }));
  for (let step = 0; step < 4; step++) act(() => mock.timers.tick(1200));
  assert.deepEqual([...new Set(seen)], [0, 5, 10]);
  assert.ok(screen.getByRole("button", { name: "Play the epochs" }));
  mock.timers.reset();
});

test("the next epoch waits until the samples of this one are there", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const seen: number[] = [];
  render(<Player seen={seen} ready={false} />);
  fireEvent.click(screen.getByRole("button", { name: "Play the epochs" }));
  act(() => mock.timers.tick(5000));
  assert.deepEqual([...new Set(seen)], [0]);
  mock.timers.reset();
});
