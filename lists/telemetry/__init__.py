"""What an operator sees of a running dashboard: what each request did, events that an alert watches, metrics.

Numbers, names and tokens never come in here; ids of lists, entries and users do. Nothing of the dashboard
depends on it.
"""
