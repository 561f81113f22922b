"""What `python -m bot check` finds: one module for each kind of problem."""

from bot.content.checks.run import Report, check, render
from bot.content.stamp import stamp

__all__ = ["Report", "check", "render", "stamp"]
