"""Calls of Lance to an object store that hangs are left behind, not waited for.

A long write is no hanging one: as long as a call lasts, the store is asked for something small
from time to time, and only if that has no answer, the call is given up.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from samplewise._left_behind import Call
from samplewise.storage.limits import remote_error, store_timeout_s

Result = TypeVar("Result")


def watch(root: str, url: str, what: str, work: Callable[[], Result]) -> Result:
    """What `work` returns.

    Args:
        root: The root of the store, an object store.
        url: What it is about, for errors.
        what: What is done to it, such as `read`.
        work: Calls Lance.

    Raises:
        StoreError: The store does not answer any more. `work` may go on, and nobody waits for it.
    """
    call = Call("samplewise-rows-remote", work)
    call.start()
    while True:
        call.join(store_timeout_s() / 3)
        if not call.is_alive():
            return call.result()
        if (error := _unreachable(root)) is not None and call.is_alive():
            raise remote_error(url, what, error) from error


def _unreachable(root: str) -> BaseException | None:
    """Why the store does not answer; None where it does, whatever it says."""
    from samplewise.schema.object_store import object_store

    third = timedelta(seconds=store_timeout_s() / 3)
    limits: dict[str, Any] = {
        "client_options": {"timeout": third, "connect_timeout": third},
        "retry_config": {"max_retries": 1, "retry_timeout": third},
    }
    try:
        object_store(root, **limits).head("is-anybody-there")
    except FileNotFoundError:
        return None
    except Exception as error:  # noqa: BLE001  # of obstore, which has many
        return error if "error sending request" in str(error) else None
    return None
