"""Reform Replay: a public service as a discrete-event model, before and after its reform."""

__version__ = "0.1.0"
