"""One of the watcher's rounds at a time that is given, in a process of its own: `python -m … ISO-TIME`."""

from __future__ import annotations

import sys
from datetime import datetime

from openkap.commands.site import begin


def main(at: datetime) -> None:
    folder = begin()
    from openkap.watch.rounds import go_round, rounds

    go_round(rounds(folder), at)


if __name__ == "__main__":
    main(datetime.fromisoformat(sys.argv[1]))
