"""How the bot thinks: no Flask, no HTML."""
