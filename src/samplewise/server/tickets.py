"""Words that open the dashboard once, so that the secret itself is never handed over."""

import hmac
import secrets
import time

LIFETIME_S = 600.0


def make_ticket(secret: str) -> str:
    """A word that is worth the secret, once and for ten minutes.

    Whoever has the secret can make one, in this process or in another: the server need not be told.
    """
    name = f"{secrets.token_urlsafe(16)}.{time.time() + LIFETIME_S:.0f}"
    return f"{name}.{_sign(name, secret)}"


class Tickets:
    """Takes each ticket once.

    Args:
        secret: What they were made with.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._used: dict[str, float] = {}

    def redeem(self, ticket: str) -> bool:
        """Whether a ticket is good; it no longer is afterwards."""
        name, _, signature = ticket.rpartition(".")
        # Bytes, since text that is not ASCII cannot be compared in constant time.
        if not hmac.compare_digest(signature.encode(), _sign(name, self._secret).encode()):
            return False
        now = time.time()
        self._used = {used: until for used, until in self._used.items() if until > now}
        until = float(name.rpartition(".")[2])
        if until < now or name in self._used:
            return False
        self._used[name] = until
        return True


def _sign(name: str, secret: str) -> str:
    return hmac.new(secret.encode(), name.encode(), "sha256").hexdigest()
