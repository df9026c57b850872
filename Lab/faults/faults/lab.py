"""All cases, one line each: what Pawl said, and whether that was right.

usage: python3 -m faults.lab FOLDER    with `pawl` and the libraries in it; CASES takes some
"""

import os
import signal
import sys
import time
import traceback

from . import clock, failing, full, gone, readonly
from .stage import Stage, Wrong

CASES = {
    **full.CASES, **failing.CASES, **readonly.CASES, **clock.CASES, **gone.CASES}


def perform(name, folder):
    """True where everything was as it should be."""
    begin = time.monotonic()
    stage = Stage(folder, name)
    try:
        CASES[name](stage)
    except Wrong as wrong:
        stage.wrong.append(str(wrong))
    except Exception:  # A mistake of the lab's own is no reason to leave out the other cases.
        stage.wrong.append(traceback.format_exc())
    finally:
        stage.close()
    verdict = "WRONG" if stage.wrong else "ok"
    print(f"{verdict:5} {name} ({time.monotonic() - begin:.1f} s): {stage.said}", flush=True)
    for sentence in stage.wrong:
        print(f"      {sentence.strip()}", flush=True)
    return not stage.wrong


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    begin = time.monotonic()
    wanted = os.environ.get("CASES", "").split() or list(CASES)
    wrong = [name for name in wanted if not perform(name, sys.argv[1])]
    print(f"{len(wanted)} cases in {time.monotonic() - begin:.0f} s, {len(wrong)} wrong"
          + (": " + ", ".join(wrong) if wrong else ""))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
