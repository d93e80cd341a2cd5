"""Run by `run_probe`: import SuperGradients, which takes half a minute and changes the process."""

import json
import os


def import_it() -> None:
    """Import what a training imports."""
    from super_gradients.training import Trainer, models  # noqa: F401 -- importing is the test


if __name__ == "__main__":
    import_it()
    # It has replaced `sys.stdout` by now.
    os.write(1, f"\n{json.dumps({'imported': True})}\n".encode())
