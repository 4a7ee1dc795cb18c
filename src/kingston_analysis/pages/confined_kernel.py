"""A kernel of Jupyter's own in the sandbox of a page, which it enters before it has any thread."""

from __future__ import annotations

import sys

import ipykernel.debugger
from ipykernel import kernelapp
from ipykernel.iostream import IOPubThread
from IPython.core import application

from kingston_analysis.pages.sandbox import enter_sandbox
from kingston_analysis.project import Project

# It asks another process what machine this is, so it comes before the sandbox.
IMPORTED = ipykernel.debugger


class _OwnOutput(IOPubThread):
    """What the kernel puts out; that of other processes would come by TCP, and a page has none."""

    def _setup_pipe_in(self) -> None:
        """Set up no pipe."""


if __name__ == "__main__":
    root, folder, address, *arguments = sys.argv[1:]
    enter_sandbox(Project(root), folder, address)
    # What a machine would run in every kernel is no part of a page.
    application.SYSTEM_CONFIG_DIRS.clear()
    application.ENV_CONFIG_DIRS.clear()
    vars(kernelapp)["IOPubThread"] = _OwnOutput
    kernelapp.IPKernelApp.launch_instance(argv=arguments)
