"""Recordings that any demonstration site can play. Invented: no person's monitor ever showed these numbers.

`invented_infusion.csv`: an infusion of 40 minutes and the 20 after it, a value every 5 seconds and a cuff
every 5 minutes. Pressure passes 160 once, oxygen dips for a minute, the probe is off once, and one lead
is loose for a while, so that each kind of prompt is seen.
"""
