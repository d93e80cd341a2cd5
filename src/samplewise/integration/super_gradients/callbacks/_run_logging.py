"""What a training is and measures, logged to its Run; and how it ended."""

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from super_gradients.training.utils.callbacks import Callback, PhaseContext

from samplewise._notes import warn
from samplewise.collect.ranks import Ranks
from samplewise.collect.training_run import SETTINGS, Ending, TrainingRun
from samplewise.integration.super_gradients import phase
from samplewise.integration.super_gradients.callbacks._failure_watch import watch_training
from samplewise.integration.super_gradients.callbacks._input_tables import (
    AVERAGED,
    TEST,
    TRAIN,
    VAL,
)
from samplewise.integration.super_gradients.compatibility import patched_super_gradients
from samplewise.schema import Better
from samplewise.tables import Run


@dataclass
class _Progress:
    """How far a training has come.

    Attributes:
        last_epoch: That was trained; None if none was.
        reached_the_end: Whether the loop over the epochs ended by itself.
        evaluation: What is being measured where SuperGradients tells no results.
        loop_started: When the loop of the epoch that goes on started.
    """

    last_epoch: int | None = None
    reached_the_end: bool = False
    evaluation: phase.Evaluation | None = None
    loop_started: float | None = None


class RunLogging(Callback):
    """Logs hyperparameters, aggregates and the ending of a training.

    Args:
        training: The Run.
        on_error: What a failure inside the callback does: `continue` or `raise`.
        replace: Whether epochs that are in the run already are replaced.
    """

    def __init__(self, training: TrainingRun, on_error: str, *, replace: bool) -> None:
        super().__init__()
        self._training = training
        self._on_error = on_error
        self._replace = replace
        self._patches = ExitStack()
        self._progress = _Progress()

    @property
    def run(self) -> Run | None:
        """The run of the current or last training; None before the first."""
        return self._training.run

    def on_training_start(self, context: PhaseContext) -> None:
        """Called when training starts: opens the run and logs hyperparameters."""
        self._patches.close()  # of a training that never came to its end
        self._progress = _Progress()
        self._training.ranks = Ranks.current()
        self._training.waits = self._on_error == "raise"
        self._training.replaces = self._replace or phase.is_resumed(context)
        # Without it the default `average_best_models=True` dies in epoch 0 on torch >= 2.6.
        self._patches.enter_context(patched_super_gradients())
        callbacks: list[RunLogging] = phase.companions_of(context)
        if not callbacks:
            self._patches.enter_context(watch_training(partial(_close_all, callbacks)))
        others = [each._training for each in callbacks]  # noqa: SLF001  # of this class
        if not callbacks:
            self._training.ranks.run_on_first(self._training.refuse_second)
        callbacks.append(self)
        self._training.join(
            self._training.ranks.run_on_first(lambda: self._open_run(context, others))
        )
        with self._catch_failures("logging hyperparameters"):
            known = phase.hyperparameters_of(context) if self._training.leads else {}
            key = SETTINGS if self._training.leads else f"{SETTINGS}_{len(callbacks)}"
            self._training.set_parameters({**known, key: self._settings()})

    def on_train_loader_start(self, context: PhaseContext) -> None:
        """Called when an epoch starts."""
        self._progress.loop_started = time.perf_counter()

    def on_train_loader_end(self, context: PhaseContext) -> None:
        """Called when the training loader ends, logs SuperGradients' aggregate metrics."""
        self._progress.last_epoch = context.epoch
        with self._catch_failures("logging aggregates"):
            values = {**phase.aggregates_of(context), **phase.learning_rates_of(context)}
            self._log(context, values | self._seconds(), TRAIN)

    def on_validation_loader_start(self, context: PhaseContext) -> None:
        """Called when validation starts."""
        self._progress.loop_started = time.perf_counter()

    def on_validation_batch_end(self, context: PhaseContext) -> None:
        """Called after a batch of a validation, also that of the averaged weights."""
        self._progress.evaluation = phase.evaluation_of(context)

    def on_validation_loader_end(self, context: PhaseContext) -> None:
        """Called when validation ends, logs its aggregates."""
        with self._catch_failures("logging aggregates"):
            self._log(context, phase.aggregates_of(context) | self._seconds(), VAL)

    def on_test_batch_end(self, context: PhaseContext) -> None:
        """Called after a batch of a test: `Trainer.test` tells nobody what it has measured."""
        self._progress.evaluation = phase.evaluation_of(context)

    def on_test_loader_end(self, context: PhaseContext) -> None:
        """Called when a test ends: logs its aggregates, each loader of a training as a split."""
        with self._catch_failures("logging aggregates"):
            by_loader = phase.test_aggregates_of(context)
            if not by_loader and self._progress.evaluation is not None:
                by_loader = {TEST: self._progress.evaluation.results()}
            for loader, values in by_loader.items():
                self._log(context, values, loader)
        self._progress.evaluation = None

    def on_average_best_models_validation_start(self, context: PhaseContext) -> None:
        """Called when the loop over the epochs has ended by itself."""
        self._progress.evaluation = None

    def on_average_best_models_validation_end(self, context: PhaseContext) -> None:
        """Called when the averaged weights, if any, have been validated: logs their aggregates."""
        self._progress.reached_the_end = True
        with self._catch_failures("logging aggregates"):
            if self._progress.evaluation is not None:
                results = self._progress.evaluation.results()
                self._log(context, results, AVERAGED, self._progress.last_epoch)
        self._progress.evaluation = None

    def on_training_end(self, context: PhaseContext) -> None:
        """Called when training ends: what is left is done, and the status of the run updated."""
        ending = phase.ending_of(context, reached_the_end=self._progress.reached_the_end)
        try:
            if ending.status == phase.COMPLETED:
                self._complete(context)
        except BaseException as error:  # with on_error="raise", or Ctrl-C while collecting
            ending = Ending.by(error)
            raise
        finally:
            self._close(ending)

    def _close(self, ending: Ending) -> None:
        with self._catch_failures("closing the run"):
            self._training.close(ending)
        self._patches.close()

    def __getstate__(self) -> dict[str, Any]:
        # For spawned processes: what was told, not what was opened.
        return self.__dict__ | {"_patches": ExitStack(), "_progress": _Progress()}

    # What there is besides.

    def _open_run(self, context: PhaseContext, companions: Sequence[TrainingRun]) -> str:
        """URL of the run, which is open now; asked on rank 0."""
        self._training.check_active()
        return self._training.open(companions)

    def _settings(self) -> dict[str, Any]:
        """Arguments of the callback, for the parameters of the run."""
        return {"callback": type(self).__name__}

    def _complete(self, context: PhaseContext) -> None:
        """What is left to do when the epochs are over and nothing has failed."""

    def _log(
        self,
        context: PhaseContext,
        values: Mapping[str, float],
        split: str,
        epoch: int | None = None,
    ) -> None:
        """Log aggregates, with which way is better where SuperGradients says so."""
        told = phase.directions_of(context)
        if self._progress.evaluation is not None:
            told |= self._progress.evaluation.directions()
        better: dict[str, Better] = {name: told[name] for name in values if name in told}
        self._training.log(values, context.epoch if epoch is None else epoch, split, better)

    def _seconds(self) -> dict[str, float]:
        if self._progress.loop_started is None:
            return {}
        return {"epoch_time_s": time.perf_counter() - self._progress.loop_started}

    @contextmanager
    def _catch_failures(self, what: str, **where: Any) -> Any:
        """A failure of ours is said once and noted in the run; the training goes on."""
        try:
            yield
        except Exception as error:  # anything: it must not end the training
            if self._on_error == "raise":
                raise
            warn(f"{what} failed, training goes on: {error}", exc_info=True)
            self._training.note_failure(where, error)


def _close_all(callbacks: Sequence[RunLogging], error: BaseException) -> None:
    """A training ends by an exception that SuperGradients does not tell us."""
    for callback in callbacks:
        callback._close(Ending.by(error))  # noqa: SLF001  # of this module
