"""The patient's desk: a phone, often tired hands. What is next, who sees what, and help one tap away."""
