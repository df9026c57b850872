"""Prints the arguments that approve every step of a plan, read as JSON: one a line."""

import json
import sys

plan = json.load(sys.stdin)
for step in plan["steps"]:
    print("--step", step["id"], "--digest", step["digest"], sep="\n")
print("--host", plan["host"], sep="\n")
