"""The door every desk shares: who comes in, as whom, what happens when something goes wrong.

It stands below the desks (they use it; it knows none of them) and above steps and reads.
"""
