"""The results of one commit: scenario by machine, as Markdown."""


def table(rows, tested):
    """`rows`: scenario, machine, result. Each cell says how many kernels started, and the seconds."""
    results = {(name, machine): result for name, machine, result in rows}
    names, machines = list(dict.fromkeys(row[0] for row in rows)), list(dict.fromkeys(row[1] for row in rows))
    lines = [["scenario", *machines], ["---"] * (1 + len(machines))]
    lines += [[name, *(_cell(results.get((name, machine))) for machine in machines)] for name in names]
    widths = [max(len(line[column]) for line in lines) for column in range(1 + len(machines))]
    text = "\n".join("| " + " | ".join(word.ljust(width) for word, width in zip(line, widths)) + " |" for line in lines)
    return f"\nTested: {tested}\n\n{text}\n\n{_summary(rows)}\n"


def _cell(result):
    if not result:
        return ""
    told = f"{result['boots']} boots, {result['seconds']} s"
    return told if result["result"] == "passed" else f"{result['result'].upper()}, {told}"


def _summary(rows):
    passed = [result for _, _, result in rows if result["result"] == "passed"]
    return (f"{len(passed)} of {len(rows)} passed; {sum(result['boots'] for *_, result in rows)} boots in "
            f"{sum(result['seconds'] for *_, result in rows)} s.")
