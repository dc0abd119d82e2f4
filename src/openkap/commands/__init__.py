"""What the `openkap` command can do: one module a command, each with `run(argv) -> int`."""
