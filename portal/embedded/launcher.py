"""Starts one server program under the right identity, then becomes it.

Run as a file of its own (`python -I launcher.py MODE WATCH PROGRAM ARGS…`), so that it works before anything is
imported. PostgreSQL refuses to run as root. MODE says what to do about it:

plain      we are an ordinary user: nothing.
namespace  become uid 65534 in a user namespace of our own; the files stay root's, and a 0700 home is no obstacle.
nobody     where namespaces are refused (some containers): give root up for the account `nobody`.

WATCH is the number of the signal that the kernel shall send the program when the process that started it dies, so
that nothing is orphaned; 0 for none.
"""

import ctypes
import os
import pwd
import sys

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
INNER_ID = 65534
REFUSED = 97


def enter_namespace() -> None:
    """Become an unprivileged user in a new user namespace; exit with REFUSED where the kernel says no."""
    uid, gid = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
        sys.exit(REFUSED)
    try:
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{INNER_ID} {uid} 1"),
            ("gid_map", f"{INNER_ID} {gid} 1"),
        ):
            with open(f"/proc/self/{name}", "w") as handle:
                handle.write(text)
    except OSError:
        sys.exit(REFUSED)


def become_nobody() -> None:
    """Give root up for good, for the account `nobody`."""
    account = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def main(mode: str, watch: str, command: list[str]) -> None:
    """Take the identity and become the program."""
    parent = os.getppid()
    if mode == "namespace":
        enter_namespace()
    elif mode == "nobody":
        become_nobody()
    if watch != "0":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(watch))
        if os.getppid() != parent:
            sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 (becoming another program is what this one is for)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
