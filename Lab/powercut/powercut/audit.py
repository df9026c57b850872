"""Whether the journal, the ledger and the files on the disk tell one story."""


def repeated(steps, ledger, history, plan):
    """Steps that were done again although their recipe does not allow it."""
    found = []
    for step in steps:
        starts = ledger.attempts("start", step.name)
        ends = ledger.attempts("end", step.name)
        if len(set(starts)) != len(starts):
            found.append(f"{step.name} began twice in one attempt: {starts}")
        if step.policy == "retry":
            continue
        if not step.writes_file and len(ends) > 1:
            found.append(f"{step.name} ({step.kind}) was done {len(ends)} times")
        found += unapproved(step, starts, history, plan)
    return found


def unapproved(step, starts, history, plan):
    """Each attempt of a step that may not be repeated needs an approval of its own; what dies with
    the boot may be brought back under the first."""
    found = []
    consented = False
    for event in history.of(plan, step.name):
        if event.word == "step approve":
            consented = True
        elif event.word == "step go-stale":
            consented = True
        elif event.word == "step start":
            if not consented and event.attempt in starts:
                found.append(f"attempt {event.attempt} of {step.name} had no approval of its own")
            consented = False
    return found


def torn(steps, states):
    """Durable effects that the journal relies on and the disk does not hold."""
    found = []
    for step in steps:
        if not step.writes_file:
            continue
        state = states[step.name]
        if state == "succeeded" and not step.is_at(step.done):
            found.append(f"{step.name} ({step.kind}) has succeeded, its file is {look(step.path)}")
        if state == "undone" and not step.is_at(step.original):
            found.append(f"{step.name} ({step.kind}) is undone, its file is {look(step.path)}")
    return found


def look(path):
    try:
        with open(path, "rb") as file:
            data = file.read()
        return f"{len(data)} bytes, {data.count(0)} of them zero"
    except FileNotFoundError:
        return "not there"


def unfinished(steps, ledger, states):
    """Of a plan that has succeeded: what never came to its end."""
    found = [
        f"{step.name} is {states[step.name]}" for step in steps
        if states[step.name] not in ("succeeded", "skipped")]
    found += [
        f"lost: {step.name} has succeeded and never came to its end" for step in steps
        if step.runs_program and states[step.name] == "succeeded"
        and not ledger.has_ended(step.name)]
    return found
