"""What a person does about keys on a machine with Secure Boot: asks for one, and lets it in at the blue screen of
shim's MokManager, before any kernel has started."""

PASSWORD = "once-only"
DOWN, ENTER = "\x1b[B", "\r"
BLUE_SCREEN = "Press any key to perform MOK management"
SCREEN = 120  # seconds until the next one is drawn


def ask(machine, argv):
    """`mokutil --import`, which asks for a password twice."""
    return machine.succeed(argv, standard_input=f"{PASSWORD}\n{PASSWORD}\n".encode())


def let_in(machine):
    """Enroll MOK, Continue, Yes, the password, Reboot: of each list the last entry is waited for, which is drawn
    anew with every key. The machine restarts."""
    machine.expect_console(BLUE_SCREEN)
    machine.press(" ")
    _second_of(machine, "Enroll hash from disk")
    _second_of(machine, "Continue")
    _second_of(machine, "Yes")
    machine.expect_console("Password:", SCREEN)
    machine.press(PASSWORD + ENTER)
    machine.expect_console("Reboot", SCREEN)
    machine.press(ENTER)


def pass_by(machine):
    """Nobody presses a key: it goes on by itself."""
    machine.expect_console(BLUE_SCREEN)
    machine.expect_console(r"Booting in 1 second")


def _second_of(machine, last):
    machine.expect_console(last, SCREEN)
    machine.press(DOWN)
    machine.expect_console(last, SCREEN)
    machine.press(ENTER)


def knows(machine, certificate):
    """Whether shim has the key, as its own tool says."""
    return "is already enrolled" in machine.run(["mokutil", "--test-key", certificate]).output
