"""What a run has shown, in figures."""

from .events import TRANSITIONS


def print_counts(kind, counts, aimed, lab, seconds):
    random = lab.cuts - sum(aimed.values())
    print(f"\n{kind}: {random} cuts at random instants, {sum(aimed.values())} aimed at transitions, "
          f"{lab.journals} journals, {seconds:.0f} s")
    print(f"{kind}: {lab.claims} acknowledged transitions looked for after a cut, "
          f"{counts['settled by a person']} steps settled by a person")
    phases = sorted(name for name in counts if name.startswith("phase "))
    for name in phases:
        print(f"{kind}:   {counts[name]:5d}  cut in {name[6:]}")
    print(f"{kind}:  random  aimed before its sync, after it")
    for word in TRANSITIONS:
        print(f"{kind}:   {counts['after ' + word]:5d}  {aimed[word, 'before']:5d} "
              f"{aimed[word, 'after']:5d}   {word}")


def print_verdict(labs, folder):
    violations = [sentence for lab in labs for sentence in lab.violations]
    cuts = sum(lab.cuts for lab in labs)
    lost = sum(": lost: " in sentence for sentence in violations)
    repeated = sum(": repeated: " in sentence for sentence in violations)
    torn = sum(": torn: " in sentence for sentence in violations)
    other = len(violations) - lost - repeated - torn
    print(f"\n{cuts} cuts: {lost} acknowledged transitions lost, {repeated} steps repeated that may "
          f"not be, {torn} durable effects torn, {other} journals or plans that need a person")
    for sentence in violations[:20]:
        print(f"  {sentence}")
    if violations:
        print(f"The evidence is in {folder}")
    return 1 if violations else 0
